package dev.lockstep.train;

import dev.lockstep.InputException;
import dev.lockstep.Settings;
import dev.lockstep.curvature.Sharpness;
import dev.lockstep.data.Batch;
import dev.lockstep.distributed.BatchObjective;
import dev.lockstep.distributed.Engine;
import dev.lockstep.linalg.Lanczos;
import dev.lockstep.linalg.Mixing;
import dev.lockstep.linalg.Vector;
import dev.lockstep.optimize.Curvature;
import dev.lockstep.optimize.DenseCurvature;
import dev.lockstep.optimize.Penalty;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;

/**
 * When a run looks at its curvature, and how closely.
 *
 * @param everyEpochs epochs from one look to the next; empty for never
 * @param fraction share of the training rows, in (0, 1]; the same ones each time
 * @param tolerance on the ends of the spectrum, relative to the largest magnitude
 * @param steps most products for one look
 * @param exact whether all eigenvalues are wanted, of the dense matrix; tolerance and steps are without effect then
 */
public record CurvatureRules(OptionalLong everyEpochs, double fraction, double tolerance, int steps, boolean exact) {
    /** No looks. */
    public static final CurvatureRules NONE = new CurvatureRules(OptionalLong.empty(), 1, 1e-3, 100, false);

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
                StopRules.count(own, "every-epochs"),
                fraction,
                tolerance,
                own.integer("steps", NONE.steps, 1, 10_000),
                own.flag("exact", NONE.exact));
    }

    /**
     * Refuses more parameters than a dense matrix can have.
     *
     * @throws InputException names the number, and what to use
     */
    public void check(int parameters) {
        if (any() && exact && parameters > DenseCurvature.MOST_PARAMETERS) {
            throw new InputException(String.format(
                    Locale.ROOT,
                    "curvature.exact = true: expected a network of at most %,d parameters, and it has %,d; leave exact out:"
                            + " both ends of the spectrum are found without it",
                    DenseCurvature.MOST_PARAMETERS,
                    parameters));
        }
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
        if (!any()) {
            return 0;
        }
        return exact ? DenseCurvature.vectors(parameters) : Math.min(steps, parameters) + 4;
    }

    /** The curvature of the objective over the training rows, penalty included, without dropout. */
    Sharpness look(Engine engine, long rows, Penalty penalty, List<Integer> tensors, Vector point, long seed) {
        long some = Math.max(1, Math.round(fraction * rows));
        Batch batch =
                some == rows ? Batch.all(rows) : new Batch(rows, 0, some, Mixing.key(seed, "curvature rows"), true);
        BatchObjective objective = new BatchObjective(engine, 0, batch, null, penalty, tensors);
        if (exact) {
            return Sharpness.exact(objective, Curvature.HESSIAN, point);
        }
        return Sharpness.of(objective, Curvature.HESSIAN, point, Lanczos.Ends.BOTH, tolerance, steps, seed);
    }
}
