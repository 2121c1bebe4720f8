package dev.lockstep.distributed;

import dev.lockstep.network.Sums;
import java.util.List;
import java.util.Map;

/** The one door to the cluster. Every request that a run makes goes through it, several at once where there are several. */
public interface Engine extends AutoCloseable {
    /**
     * Answers requests with one scan of the data; each gets the bits that it would get alone.
     *
     * @return sums in the order of the requests, good until the next call: their arrays may be filled again
     */
    List<Sums> answer(List<Request> requests);

    /**
     * How many lists of requests may be at work at the same time, each asked through a {@link #shift} of its own. More than one
     * where executors would wait for the driver otherwise.
     */
    default int shifts() {
        return 1;
    }

    /**
     * The door for one of the lists that are at work at the same time; an answer is good until the next call there.
     *
     * @param index less than {@link #shifts}
     */
    default Engine shift(int index) {
        return this;
    }

    /** The word for it in a configuration and in {@code run.json}. */
    default String name() {
        return "memory";
    }

    /** Where the time of training requests went so far. */
    default Costs costs() {
        return Costs.NONE;
    }

    /**
     * What each request of the last answer cost, about as if it had been alone; empty where that is not known.
     */
    default List<Costs> lastCosts() {
        return List.of();
    }

    /**
     * The time of whoever asks, in nanoseconds from anywhere: stands still while others are served before him.
     */
    default long nanoTime() {
        return System.nanoTime();
    }

    /** The BLAS kernels that executors have reported, each with a host that has it. */
    default Map<String, String> kernels() {
        return Map.of();
    }

    /** Gives back what it holds of the cluster. No request may follow. */
    @Override
    default void close() {}
}
