package dev.lockstep.cli;

import dev.lockstep.InputException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What {@code jobs/benchmark} measures; each in JVMs of its own. */
enum BenchmarkItem {
    /** The full-batch step of 784-256-10 relu against its large products. */
    FULL_RELU(Place.LOCAL, 15),
    /** The same with tanh, whose elementary functions cost more. */
    FULL_TANH(Place.LOCAL, 15),
    /** The same for 784-1024-1024-10 relu. */
    FULL_DEEP(Place.LOCAL, 30),
    /** The full-batch step against a pass of MLlib's perceptron, both with OpenBLAS. */
    MLLIB_OPENBLAS(Place.LOCAL, 20),
    /** The same, with MLlib as spark-submit starts it where there is no native library. */
    MLLIB_JAVA(Place.LOCAL, 30),
    /** Mini-batch steps of both engines against an empty job, in local mode. */
    MINI_LOCAL(Place.LOCAL, 15),
    /** The same on two executors. */
    MINI_CLUSTER(Place.CLUSTER, 15),
    /** Full-batch and mini-batch steps on one core, two, …, and on two executors. */
    SCALING(Place.EVERYWHERE, 20),
    /** The runs of a study one after the other and in lockstep, with both engines. */
    STUDY(Place.LOCAL, 20);

    /** Where an item runs. */
    enum Place {
        /** In one JVM. */
        LOCAL,
        /** On executors that are processes. */
        CLUSTER,
        /** In one JVM with one core, two, …, and on executors. */
        EVERYWHERE
    }

    private final Place place;
    private final int mostMinutes;

    BenchmarkItem(Place place, int mostMinutes) {
        this.place = place;
        this.mostMinutes = mostMinutes;
    }

    /** The word on the command line and in the JSON. */
    String key() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    Place place() {
        return place;
    }

    /** What one of its JVMs may take; then it is ended. */
    int mostMinutes() {
        return mostMinutes;
    }

    static BenchmarkItem of(String key) {
        return named(key).get(0);
    }

    /** The items of a word: one, or all that begin with it, as {@code full} means all full-batch steps. */
    static List<BenchmarkItem> named(String word) {
        List<BenchmarkItem> found = Arrays.stream(values())
                .filter(item -> item.key().equals(word) || item.key().startsWith(word + "-"))
                .toList();
        if (found.isEmpty()) {
            throw new InputException("--only " + word + ": expected of each one of "
                    + String.join(
                            ", ",
                            Arrays.stream(values()).map(BenchmarkItem::key).toList())
                    + ", or what they begin with, such as full");
        }
        return found;
    }
}
