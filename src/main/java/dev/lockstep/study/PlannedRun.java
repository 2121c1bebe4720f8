package dev.lockstep.study;

import com.typesafe.config.Config;
import java.util.Map;

/**
 * A run that a study will make.
 *
 * @param name of it and of its folder below {@code runs/}
 * @param method what it is compared as: the optimizer, without what else varies
 * @param takesLearningRate whether the optimizer has one
 * @param varied text of its value for each key that varies; empty where the key is not one of this run's
 * @param configuration of the run, whole but for its output
 */
public record PlannedRun(
        String name, String method, boolean takesLearningRate, Map<String, String> varied, Config configuration) {}
