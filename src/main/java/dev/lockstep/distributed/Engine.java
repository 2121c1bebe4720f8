package dev.lockstep.distributed;

import dev.lockstep.network.Sums;
import java.util.List;

/** The one door to the cluster. Every request that a run makes goes through it, several at once where there are several. */
public interface Engine {
    /**
     * Answers requests with one scan of the data; each gets the bits that it would get alone.
     *
     * @return sums in the order of the requests
     */
    List<Sums> answer(List<Request> requests);
}
