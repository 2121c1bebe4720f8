package dev.lockstep.cli;

import dev.lockstep.curvature.LossSlice;
import dev.lockstep.curvature.Plane;
import dev.lockstep.linalg.Vector;
import dev.lockstep.observe.Folder;
import dev.lockstep.observe.PathFile;
import dev.lockstep.observe.SavedModel;
import dev.lockstep.optimize.Evaluation;
import dev.lockstep.optimize.Objective;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;

/**
 * A slice that is wanted: all that is known of it before the loss is asked for.
 *
 * @param options flags, checked
 * @param file where it goes
 * @param path of the run; empty if it has left none
 * @param directions unless they hang on the curvature
 */
record SlicePlan(SliceOptions options, PlotFile file, List<PathFile.Point> path, Optional<SliceDirections> directions) {
    /**
     * Reads what the run has left.
     *
     * @param run its folder
     * @param seed of random directions
     * @return empty if no slice is wanted
     * @throws dev.lockstep.InputException if flags are wrong, or the path is not what they need
     */
    static Optional<SlicePlan> read(
            SliceOptions options, String run, SavedModel saved, long seed, boolean overwrite, Configuration hadoop) {
        options.check(saved.network());
        return options.file(overwrite, hadoop).map(file -> {
            List<PathFile.Point> path = SliceOptions.path(Folder.of(run, hadoop), saved.network());
            return new SlicePlan(
                    options,
                    file,
                    path,
                    switch (options.directions()) {
                        case SliceDirections.RANDOM ->
                            Optional.of(SliceDirections.random(saved.network(), saved.weights(), seed));
                        case SliceDirections.PATH -> Optional.of(SliceDirections.ofPath(path, saved.weights(), seed));
                        default -> Optional.empty();
                    });
        });
    }

    /**
     * Looks at the loss.
     *
     * @param here value and gradient at the weights
     * @param seed of the search for directions
     */
    SliceReport look(Objective objective, CurvatureReport.Setting setting, Vector point, Evaluation here, long seed) {
        SliceDirections all =
                directions.orElseGet(() -> SliceDirections.sharpest(objective, setting, point, here, seed));
        Plane.Shadow shadow =
                all.plane().project(path.stream().map(PathFile.Point::weights).toList());
        LossSlice.Window window = options.range().isPresent()
                ? LossSlice.Window.around(
                        List.of(),
                        options.range().getAsDouble(),
                        options.range().getAsDouble())
                : LossSlice.Window.around(
                        shadow.places(), all.reach().get(0), all.reach().get(1));
        return new SliceReport(
                setting, all, LossSlice.of(objective, all.plane(), window, options.points()), path, shadow);
    }
}
