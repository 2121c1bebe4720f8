package dev.lockstep.cli;

import dev.lockstep.InputException;
import dev.lockstep.network.Network;
import dev.lockstep.observe.Folder;
import dev.lockstep.observe.PathFile;
import dev.lockstep.observe.StoredCheckpoint;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.apache.hadoop.conf.Configuration;
import picocli.CommandLine.Option;

/** Flags of a slice of the loss. */
final class SliceOptions {
    private static final int DEFAULT_POINTS = 41;
    private static final int MOST_POINTS = 1001;

    /** Points of a path that are drawn. */
    private static final int MOST_OF_PATH = 2000;

    @Option(
            names = "--slice",
            paramLabel = "FILE",
            description =
                    "Draws the loss over a plane through the weights, with the path of the run: FILE.png is the picture, "
                            + "FILE.json its numbers. Of the spectrum only lambdaMax is looked for then, as with --quick, unless "
                            + "--exact or --plot asks for it.")
    private String file;

    @Option(
            names = "--directions",
            paramLabel = "NAME",
            description =
                    "Of the plane: sharpest (default), the eigenvectors of the two largest eigenvalues; random, two "
                            + "random ones, filter-normalized; path, the two principal components of the run's path.")
    private String directions;

    @Option(names = "--slice-points", paramLabel = "N", description = "Points of the grid on each side; default: 41.")
    private Integer points;

    @Option(
            names = "--slice-range",
            paramLabel = "R",
            description =
                    "How far the slice goes from the weights, both ways along both directions; default: as far as the "
                            + "run's path goes, and at least as far as the loss takes to double by its curvature (sharpest), or 1 "
                            + "(random).")
    private Double range;

    boolean isWanted() {
        return file != null;
    }

    String directions() {
        return directions == null ? SliceDirections.SHARPEST : directions;
    }

    int points() {
        return points == null ? DEFAULT_POINTS : points;
    }

    OptionalDouble range() {
        return range == null ? OptionalDouble.empty() : OptionalDouble.of(range);
    }

    /**
     * Looks at the flags before anything else is done.
     *
     * @throws InputException if one is wrong, or is of no use without a slice
     */
    void check(Network network) {
        if (file == null) {
            refuseAlone("--directions", directions);
            refuseAlone("--slice-points", points);
            refuseAlone("--slice-range", range);
            return;
        }
        if (!SliceDirections.KINDS.contains(directions())) {
            throw new InputException(
                    "--directions " + directions + ": expected one of " + String.join(", ", SliceDirections.KINDS));
        }
        if (points() < 2 || points() > MOST_POINTS) {
            throw new InputException(
                    "--slice-points " + points + ": expected 2 to " + MOST_POINTS + " points on each side");
        }
        if (range != null && !(range > 0 && Double.isFinite(range))) {
            throw new InputException("--slice-range " + range + ": expected a positive number");
        }
        if (network.parameters() < 2) {
            throw new InputException("--slice: a plane needs two directions, and the network has one parameter");
        }
    }

    private static void refuseAlone(String name, Object value) {
        if (value != null) {
            throw new InputException(name + " " + value + ": is of a slice; add --slice FILE.png");
        }
    }

    /** The file, if a slice is wanted. */
    Optional<PlotFile> file(boolean overwrite, Configuration hadoop) {
        return Optional.ofNullable(file)
                .map(path -> PlotFile.of("--slice", path, List.of(".png", ".json"), overwrite, hadoop));
    }

    /**
     * The path that a run has left: of {@code path.jsonl}, else of its checkpoints; empty if there is neither.
     *
     * @param run its folder
     */
    static List<PathFile.Point> path(Folder run, Network network) {
        long room = Runtime.getRuntime().maxMemory() / 8 / ((long) Double.BYTES * network.parameters());
        int most = (int) Math.max(2, Math.min(MOST_OF_PATH, room));
        List<PathFile.Point> path = PathFile.read(run, network.parameters(), most);
        return path.isEmpty() ? StoredCheckpoint.path(run, network) : path;
    }
}
