package dev.lockstep.optimize;

import dev.lockstep.Settings;
import dev.lockstep.linalg.Eigen;
import dev.lockstep.linalg.SymmetricMatrix;
import dev.lockstep.linalg.Vector;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Newton's method with the whole Hessian: a step to where the quadratic model of the objective has its critical point.
 *
 * <pre>
 *   (H(w(k)) + damping I) p = -g(k)
 *   w(k+1) = w(k) + t p,   t = eta(k), or what a line search finds from there
 * </pre>
 *
 * On a quadratic the error shrinks by |1 - eta| a step, so one step of eta = 1 is enough; near a minimum of a smooth
 * objective the number of right digits doubles. The critical point is a minimum only where H is positive definite. Where
 * it is not, {@code indefinite} says what to do: refuse; shift all eigenvalues until the least is a thousandth of the
 * largest magnitude; take their magnitudes, as {@link SaddleFreeNewton} does; none smaller than that; or follow the
 * formula into a saddle, for teaching.
 *
 * <p>Cost: one pass for the gradient and P products a step; the driver factors a P x P matrix, P at most
 * {@value DenseCurvature#MOST_PARAMETERS}. State: the evaluation at the point where a line search found it. Source:
 * Nocedal, Wright 2006, chapters 3.3 and 3.4, doi:10.1007/978-0-387-40065-5.
 *
 * @param learningRate eta(k)
 * @param damping added to H's diagonal, not negative
 * @param indefinite what to do where H + damping I is not positive definite
 * @param lineSearch how far to go along p
 */
public record Newton(Schedule learningRate, double damping, Indefinite indefinite, LineSearch lineSearch)
        implements ScheduledOptimizer<Newton.State> {
    /** What to do with a Hessian that is not positive definite. */
    public enum Indefinite {
        /** The run ends, and says why. */
        REFUSE,
        /** Every eigenvalue is raised by the same amount. */
        SHIFT,
        /** Every eigenvalue becomes its magnitude. */
        ABSOLUTE,
        /** Nothing: the step goes to the critical point of the quadratic, be it a saddle or a maximum. */
        FOLLOW;

        /** The word in a configuration. */
        public String key() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** The least eigenvalue that is left, as a share of the largest magnitude. */
    private static final double LEAST = 1e-3;

    /**
     * What is remembered from step to step.
     *
     * @param value E at the point, if it is known
     * @param gradient there, P entries; empty if it is not known
     * @param norm the gradient's
     * @param rate the last step's t
     */
    public record State(double value, Vector gradient, double norm, double rate) {}

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if {@code damping} is negative or not finite
     */
    public Newton {
        Range.NOT_NEGATIVE.check("damping", damping);
    }

    static Newton read(Settings own, Schedule learningRate) {
        List<String> ways =
                Arrays.stream(Indefinite.values()).map(Indefinite::key).toList();
        return new Newton(
                learningRate,
                Range.NOT_NEGATIVE.read(own, "damping", 0),
                Indefinite.values()[ways.indexOf(own.choice("indefinite", Indefinite.REFUSE.key(), ways))],
                LineSearch.read(own, FixedStep.KEY, 0.9));
    }

    @Override
    public State start(Vector point) {
        DenseCurvature.check("newton", point.size());
        return new State(0, Vector.zeros(0), 0, 0);
    }

    @Override
    public Step<State> step(Iteration k, Vector point, State state, Objective objective) {
        Evaluation here = Known.at(point, state.value(), state.gradient(), state.norm(), objective);
        if (!here.isFinite()) {
            return new Step<>(point, state, here);
        }
        Optional<SymmetricMatrix> hessian = DenseCurvature.at(objective, Curvature.HESSIAN, point);
        if (hessian.isEmpty()) {
            return new Step<>(point, known(here, 0), here, Optional.of(DenseCurvature.notFinite()));
        }
        SymmetricMatrix matrix = hessian.get().plusDiagonal(Vector.filled(point.size(), damping));
        Optional<Vector> solved = matrix.solve(here.gradient().times(-1));
        if (solved.isEmpty() && indefinite == Indefinite.REFUSE) {
            return new Step<>(point, known(here, 0), here, Optional.of(refusal(matrix)));
        }
        Vector direction = solved.orElseGet(() -> mended(matrix.eigen(), here.gradient()));
        LineSearch.Found found = lineSearch.along(Ray.of(objective, point, here, direction), learningRate.at(k));
        State next = found.succeeded() ? known(Known.after(found, objective), found.step()) : known(here, 0);
        return new Step<>(found.point(), next, here, found.end(true));
    }

    private static State known(Evaluation evaluation, double rate) {
        return new State(evaluation.value(), evaluation.gradient(), evaluation.gradientNorm(), rate);
    }

    private static Step.End refusal(SymmetricMatrix matrix) {
        Vector values = matrix.eigenvalues();
        double least = values.get(0);
        return new Step.End(
                true,
                String.format(
                        Locale.ROOT,
                        "the Hessian, damping included, is not positive definite: its eigenvalues reach from %.6g to %.6g",
                        least,
                        values.get(values.size() - 1)),
                "newton would go to a saddle or a maximum; use saddle-free-newton or gauss-newton, or set"
                        + " optimizer.indefinite = shift or absolute"
                        + (least < 0
                                ? String.format(Locale.ROOT, ", or raise optimizer.damping by more than %.3g", -least)
                                : ""));
    }

    private Vector mended(Eigen eigen, Vector gradient) {
        Vector values = eigen.values();
        double least = values.get(0);
        // Where nothing bends at all, a step along the gradient is left.
        double floor = values.maxAbs() == 0 ? 1 : LEAST * values.maxAbs();
        return eigen.map(
                gradient,
                value -> -1
                        / switch (indefinite) {
                            case SHIFT -> value - least + floor;
                            case ABSOLUTE -> Math.max(Math.abs(value), floor);
                            case FOLLOW -> Math.abs(value) < Double.MIN_NORMAL ? Double.POSITIVE_INFINITY : value;
                            case REFUSE -> throw new IllegalStateException("a run that refuses has ended");
                        });
    }

    @Override
    public OptionalDouble learningRate(Iteration k, State next) {
        return OptionalDouble.of(next.rate());
    }

    @Override
    public int liveVectors() {
        return 8 + lineSearch.liveVectors();
    }

    @Override
    public long liveVectors(long parameters) {
        return liveVectors() + DenseCurvature.vectors(parameters);
    }

    @Override
    public boolean fullBatchOnly() {
        return true;
    }

    @Override
    public boolean needsOneFunction() {
        return true;
    }
}
