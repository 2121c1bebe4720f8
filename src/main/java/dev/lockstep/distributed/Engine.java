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

    /** The word for it in a configuration and in {@code run.json}. */
    default String name() {
        return "memory";
    }

    /** Where the time of training requests went so far. */
    default Costs costs() {
        return Costs.NONE;
    }

    /** The BLAS kernels that executors have reported, each with a host that has it. */
    default Map<String, String> kernels() {
        return Map.of();
    }

    /** Gives back what it holds of the cluster. No request may follow. */
    @Override
    default void close() {}
}
