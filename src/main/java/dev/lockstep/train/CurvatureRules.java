package dev.lockstep.train;

import dev.lockstep.Settings;
import dev.lockstep.curvature.Sharpness;
import dev.lockstep.data.Batch;
import dev.lockstep.distributed.BatchObjective;
import dev.lockstep.distributed.Engine;
import dev.lockstep.linalg.Lanczos;
import dev.lockstep.linalg.Mixing;
import dev.lockstep.linalg.Vector;
import dev.lockstep.optimize.Curvature;
import dev.lockstep.optimize.Penalty;
import java.util.List;
import java.util.OptionalLong;

/**
 * When a run looks at its curvature, and how closely.
 *
 * @param everyEpochs epochs from one look to the next; empty for never
 * @param fraction share of the training rows, in (0, 1]; the same ones each time
 * @param tolerance on the ends of the spectrum, relative to the largest magnitude
 * @param steps most products for one look
 */
public record CurvatureRules(OptionalLong everyEpochs, double fraction, double tolerance, int steps) {
    /** No looks. */
    public static final CurvatureRules NONE = new CurvatureRules(OptionalLong.empty(), 1, 1e-3, 100);

    /** Reads {@code curvature { every-epochs = … }} of a run's configuration, if it is there. */
    public static CurvatureRules read(Settings root) {
        if (!root.has("curvature")) {
            return NONE;
        }
        Settings own = root.child("curvature");
        double fraction = own.number("fraction", NONE.fraction);
        if (!(fraction > 0 && fraction <= 1)) {
            throw own.wrong("fraction", "expected a number in (0, 1]");
        }
        double tolerance = own.number("tolerance", NONE.tolerance);
        if (!(tolerance > 0 && tolerance < 1)) {
            throw own.wrong("tolerance", "expected a number in (0, 1)");
        }
        return new CurvatureRules(
                StopRules.count(own, "every-epochs"), fraction, tolerance, own.integer("steps", NONE.steps, 1, 10_000));
    }

    /** Whether there are any looks. */
    public boolean any() {
        return everyEpochs.isPresent();
    }

    /**
     * Whether there is a look.
     *
     * @param epochs that have ended
     */
    boolean due(long epochs) {
        return everyEpochs.isPresent() && epochs % everyEpochs.getAsLong() == 0;
    }

    /** The most vectors of P doubles that a look keeps alive. */
    public long liveVectors(long parameters) {
        return any() ? Math.min(steps, parameters) + 4 : 0;
    }

    /** The curvature of the objective over the training rows, penalty included, without dropout. */
    Sharpness look(Engine engine, long rows, Penalty penalty, List<Integer> tensors, Vector point, long seed) {
        long some = Math.max(1, Math.round(fraction * rows));
        Batch batch =
                some == rows ? Batch.all(rows) : new Batch(rows, 0, some, Mixing.key(seed, "curvature rows"), true);
        BatchObjective objective = new BatchObjective(engine, 0, batch, null, penalty, tensors);
        return Sharpness.of(objective, Curvature.HESSIAN, point, Lanczos.Ends.BOTH, tolerance, steps, seed);
    }
}
