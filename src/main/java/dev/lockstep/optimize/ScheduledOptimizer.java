package dev.lockstep.optimize;

import java.util.OptionalDouble;

/**
 * An optimizer whose steps a schedule scales; most are.
 *
 * @param <S> the state
 */
public interface ScheduledOptimizer<S extends Record> extends Optimizer<S> {
    /** eta(k), and whatever else the schedule governs. */
    Schedule learningRate();

    @Override
    default OptionalDouble learningRate(Iteration k, S next) {
        return OptionalDouble.of(learningRate().at(k));
    }
}
