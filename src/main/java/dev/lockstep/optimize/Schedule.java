package dev.lockstep.optimize;

import java.util.Optional;
import java.util.OptionalDouble;

/**
 * A learning rate as a function of the iteration: pure, so that a resumed run sees the rates it would have seen.
 *
 * <p>The schedules are records, one file each; {@link Schedules} lists them.
 */
@FunctionalInterface
public interface Schedule {
    /** The learning rate of an iteration; finite and not negative. */
    double at(Iteration k);

    /**
     * The momentum of an iteration, in [0, 1), where the schedule governs it as well; else the optimizer's own holds. It
     * takes the place of what PyTorch calls momentum or, for Adam and its kin, of beta1.
     */
    default OptionalDouble momentum(Iteration k) {
        return OptionalDouble.empty();
    }

    /** What counts {@link Iteration#reductions()} for this schedule, if it looks at them. */
    default Optional<Plateau> plateau() {
        return Optional.empty();
    }
}
