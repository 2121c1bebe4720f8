package dev.lockstep.optimize;

import java.util.Optional;

/**
 * No search: the step is the one that would be tried first, whatever comes of it. Cost: none.
 */
public record FixedStep() implements LineSearch {
    static final String KEY = "none";

    @Override
    public String key() {
        return KEY;
    }

    @Override
    public int liveVectors() {
        // the new point, the move to it
        return 2;
    }

    @Override
    public Found search(Ray ray, double first) {
        return new Found(first, ray.at(first), Optional.empty(), Outcome.FOUND, "");
    }
}
