package dev.lockstep.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.InputException;
import dev.lockstep.Settings;
import dev.lockstep.linalg.Vector;
import dev.lockstep.network.Network;
import dev.lockstep.observe.Folder;
import dev.lockstep.observe.Json;
import dev.lockstep.optimize.ConstantRate;
import dev.lockstep.optimize.Penalty;
import dev.lockstep.optimize.Schedules;
import java.io.IOException;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.StreamSupport;
import org.apache.hadoop.conf.Configuration;

/**
 * What a run's {@code run.json} says of the objective that its model was trained on, and of the steps that were taken.
 *
 * @param isKnown whether there is one
 * @param penalty none if nothing is known
 * @param learningRate if it was constant
 * @param momentum if the optimizer has one
 * @param classWeights factor on a row's weight, by class; null for none
 */
record TrainedObjective(
        boolean isKnown, Penalty penalty, OptionalDouble learningRate, OptionalDouble momentum, double[] classWeights) {
    private static final String SUMMARY = "run.json";

    /**
     * Reads it.
     *
     * @param path of a run folder, or of a model folder, where nothing is known
     * @throws InputException if it is there and cannot be read
     */
    static TrainedObjective read(String path, Network network, Configuration hadoop) {
        Vector weights = TrainingRun.weights(network);
        Folder folder = Folder.of(path, hadoop);
        if (!folder.has(SUMMARY)) {
            return new TrainedObjective(
                    false, new Penalty(0, 0, false, weights), OptionalDouble.empty(), OptionalDouble.empty(), null);
        }
        String name = folder + "/" + SUMMARY;
        JsonNode summary;
        try {
            summary = Json.MAPPER.readTree(folder.read(SUMMARY));
        } catch (IOException e) {
            throw new InputException(
                    name + ": not JSON: " + e.getMessage().lines().findFirst().orElse(""), e);
        }
        JsonNode configuration = summary.path("configuration");
        if (!configuration.isObject()) {
            throw new InputException(name + ": no key configuration; give a run folder that jobs/train wrote");
        }
        Settings root = Settings.parse(Json.line(configuration), name, List.of());
        return new TrainedObjective(
                true,
                Penalty.read(root, weights),
                learningRate(root),
                momentum(root),
                classWeights(summary.at("/data/classWeights")));
    }

    private static OptionalDouble learningRate(Settings root) {
        return root.has("learning-rate") && Schedules.read(root, "learning-rate") instanceof ConstantRate constant
                ? OptionalDouble.of(constant.initial())
                : OptionalDouble.empty();
    }

    private static OptionalDouble momentum(Settings root) {
        Settings own = root.childOrValue("optimizer", "name");
        if (!List.of("momentum", "nesterov").contains(own.text("name", ""))) {
            return OptionalDouble.empty();
        }
        double momentum = own.number("momentum", Double.NaN);
        return momentum >= 0 && momentum < 1 ? OptionalDouble.of(momentum) : OptionalDouble.empty();
    }

    private static double[] classWeights(JsonNode node) {
        return node.isArray()
                ? StreamSupport.stream(node.spliterator(), false)
                        .mapToDouble(JsonNode::asDouble)
                        .toArray()
                : null;
    }
}
