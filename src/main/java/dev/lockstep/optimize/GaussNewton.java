package dev.lockstep.optimize;

import dev.lockstep.Settings;
import dev.lockstep.linalg.SymmetricMatrix;
import dev.lockstep.linalg.Vector;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The method of Levenberg and Marquardt: steps of the Gauss-Newton matrix, damped so much that they go down.
 *
 * <pre>
 *   (G(w(k)) + lambda D) p = -g(k),   D = I (Levenberg) or the diagonal of G (Marquardt)
 *   rho = (E(w(k)) - E(w(k) + eta p)) / -(eta g'p + eta^2 p'G p / 2)          what was gained of what the model promised
 *   lower and rho &gt; 0:  w(k+1) = w(k) + eta p;  lambda *= decrease if rho &gt; 3/4,  lambda *= increase if rho &lt; 1/4
 *   else:     lambda *= increase, and again
 * </pre>
 *
 * G is positive semidefinite for every convex loss, so p goes down wherever there is something to gain. With the squared
 * error and small residuals G is near H, and the convergence quadratic. An entry of D is at least a millionth of its
 * largest, so that a parameter without curvature is damped too.
 *
 * <p>Cost: P products a step and one pass for each trial; those after the first refused one are asked for together. The
 * driver factors a P x P matrix for each trial, P at most {@value DenseCurvature#MOST_PARAMETERS}. State: lambda, and the
 * evaluation at the point. Source: Levenberg 1944, doi:10.1090/qam/10666; Marquardt 1963, doi:10.1137/0111030.
 *
 * @param learningRate eta(k)
 * @param damping lambda(0), positive
 * @param scaling which D
 * @param increase above 1
 * @param decrease in (0, 1)
 * @param maxTrials at least 1
 */
public record GaussNewton(
        Schedule learningRate, double damping, Scaling scaling, double increase, double decrease, long maxTrials)
        implements ScheduledOptimizer<GaussNewton.State> {
    /** What lambda multiplies. */
    public enum Scaling {
        /** I */
        IDENTITY,
        /** The diagonal of G: the same steps whatever the units of the parameters. */
        DIAGONAL;

        /** The word in a configuration. */
        public String key() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Trials that are asked for together. */
    private static final int TOGETHER = 3;

    private static final double LEAST_SCALE = 1e-6;
    private static final double LEAST_DAMPING = 1e-300;

    /**
     * What is remembered from step to step.
     *
     * @param lambda the damping that the next step tries first
     * @param value E at the point, if it is known
     * @param gradient there, P entries; empty if it is not known
     * @param norm the gradient's
     */
    public record State(double lambda, double value, Vector gradient, double norm) {}

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if a number is outside its range
     */
    public GaussNewton {
        Range.POSITIVE.check("damping", damping);
        Range.ABOVE_ONE.check("increase", increase);
        Range.BETWEEN_ZERO_AND_ONE.check("decrease", decrease);
        if (maxTrials < 1) {
            throw new IllegalArgumentException("max-trials must be at least 1, got " + maxTrials);
        }
    }

    static GaussNewton read(Settings own, Schedule learningRate) {
        List<String> ways = Arrays.stream(Scaling.values()).map(Scaling::key).toList();
        return new GaussNewton(
                learningRate,
                Range.POSITIVE.read(own, "damping", 1e-2),
                Scaling.values()[ways.indexOf(own.choice("scaling", Scaling.IDENTITY.key(), ways))],
                Range.ABOVE_ONE.read(own, "increase", 10),
                Range.BETWEEN_ZERO_AND_ONE.read(own, "decrease", 0.1),
                own.integer("max-trials", 25, 1, 1000));
    }

    @Override
    public State start(Vector point) {
        DenseCurvature.check("gauss-newton", point.size());
        return new State(damping, 0, Vector.zeros(0), 0);
    }

    /** A point to be tried, with what the model promises there. */
    private record Trial(double lambda, Vector point, double promised) {}

    @Override
    public Step<State> step(Iteration k, Vector point, State state, Objective objective) {
        Evaluation here = Known.at(point, state.value(), state.gradient(), state.norm(), objective);
        if (!here.isFinite() || here.gradient().maxAbs() == 0) {
            return new Step<>(point, state, here);
        }
        Optional<SymmetricMatrix> found = DenseCurvature.at(objective, Curvature.GAUSS_NEWTON, point);
        if (found.isEmpty()) {
            return new Step<>(point, state, here, Optional.of(DenseCurvature.notFinite()));
        }
        SymmetricMatrix matrix = found.get();
        double rate = learningRate.at(k);
        double lambda = state.lambda();
        for (int tried = 0; tried < maxTrials; ) {
            List<Trial> trials = new ArrayList<>();
            int count = tried == 0 ? 1 : (int) Math.min(TOGETHER, maxTrials - tried);
            for (int i = 0; i < count; i++) {
                trials.add(trial(matrix, here, point, lambda, rate));
                lambda *= increase;
            }
            tried += count;
            List<Evaluation> answers =
                    objective.evaluate(trials.stream().map(Trial::point).toList());
            for (int i = 0; i < count; i++) {
                double rho =
                        (here.value() - answers.get(i).value()) / trials.get(i).promised();
                // Beyond eta = 2 the model itself goes up, and a step that does has rho > 0 too.
                boolean lower = answers.get(i).isFinite() && answers.get(i).value() < here.value();
                if (lower && rho > 0) {
                    Trial taken = trials.get(i);
                    Evaluation known = objective.isFixed() ? answers.get(i) : Known.NOTHING;
                    return new Step<>(taken.point(), after(taken.lambda(), rho, known), here);
                }
            }
        }
        return new Step<>(
                point,
                new State(lambda, here.value(), here.gradient(), here.gradientNorm()),
                here,
                Optional.of(nothingLower(here, lambda / increase)));
    }

    private Trial trial(SymmetricMatrix matrix, Evaluation here, Vector point, double lambda, double rate) {
        Vector diagonal = matrix.diagonal();
        double least = Math.max(LEAST_SCALE * diagonal.maxAbs(), Double.MIN_NORMAL);
        Vector added = scaling == Scaling.IDENTITY
                ? Vector.filled(point.size(), lambda)
                : diagonal.map(entry -> lambda * Math.max(entry, least));
        Optional<Vector> solved =
                matrix.plusDiagonal(added).solve(here.gradient().times(-1));
        if (solved.isEmpty()) {
            // So little damping that rounding makes the matrix singular: no step.
            return new Trial(lambda, point, Double.POSITIVE_INFINITY);
        }
        Vector step = solved.get().times(rate);
        double promised = -(here.gradient().dot(step) + matrix.times(step).dot(step) / 2);
        return new Trial(lambda, point.plus(step), promised);
    }

    private State after(double lambda, double rho, Evaluation known) {
        double next = rho > 0.75 ? Math.max(LEAST_DAMPING, lambda * decrease) : rho < 0.25 ? lambda * increase : lambda;
        return new State(next, known.value(), known.gradient(), known.gradientNorm());
    }

    private Step.End nothingLower(Evaluation here, double lambda) {
        return new Step.End(
                false,
                String.format(
                        Locale.ROOT,
                        "no lower point in %d trials, the last with lambda %.3g: value %.9g, norm of the gradient %.3g",
                        maxTrials,
                        lambda,
                        here.value(),
                        here.gradientNorm()),
                "a gradient that small is what rounding leaves: rest here, or set precision = float64; if it is not small,"
                        + " raise optimizer.max-trials");
    }

    @Override
    public int liveVectors() {
        return 8;
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
