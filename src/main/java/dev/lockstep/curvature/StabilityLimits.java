package dev.lockstep.curvature;

import dev.lockstep.optimize.GradientDescent;
import dev.lockstep.optimize.Momentum;
import dev.lockstep.optimize.Nesterov;
import dev.lockstep.optimize.Optimizer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * Constant learning rates that the sharpest direction bears: above them it grows from step to step, below them it shrinks.
 *
 * <pre>
 *   gradient-descent   2 / lambdaMax
 *   momentum           2 (1 + beta) / lambdaMax
 *   nesterov           2 (1 + beta) / ((1 + 2 beta) lambdaMax)
 *   best for descent   1 / lambdaMax: removes the sharpest direction's error in one step
 * </pre>
 *
 * <p>Exact for a quadratic with full batches. On a network they hold near the point, and gradient descent that goes over
 * them need not diverge: the sharpness then hovers at the limit (Cohen and others 2021, arXiv:2103.00065). Momentum as in
 * {@code Momentum} and {@code Nesterov}, learning rate inside: v = beta v - eta g.
 *
 * <p>Derivation: the eigenvalues of the step's 2 x 2 matrix on one direction, z^2 - (1 + beta - eta lambda) z + beta for
 * momentum, z^2 - (1 + beta)(1 - eta lambda) z + beta (1 - eta lambda) for Nesterov, reach z = -1.
 *
 * @param lambdaMax the Hessian's largest eigenvalue; limits are infinite if it is not positive
 * @param beta momentum in [0, 1)
 */
public record StabilityLimits(double lambdaMax, double beta) {
    /** PyTorch users' momentum, where a run has none of its own. */
    public static final double DEFAULT_MOMENTUM = 0.9;

    /**
     * Checks the range.
     *
     * @throws IllegalArgumentException if {@code beta} is outside [0, 1)
     */
    public StabilityLimits {
        if (!(beta >= 0 && beta < 1)) {
            throw new IllegalArgumentException("expected a momentum in [0, 1), got " + beta);
        }
    }

    /** The limits by the optimizer's name. */
    public Map<String, Double> limits() {
        Map<String, Double> limits = new LinkedHashMap<>();
        limits.put("gradient-descent", over(2));
        limits.put("momentum", over(2 * (1 + beta)));
        limits.put("nesterov", over(2 * (1 + beta) / (1 + 2 * beta)));
        return limits;
    }

    /**
     * The sharpest direction that a learning rate bears, as an eigenvalue: where the optimizer's limit is that rate. Its
     * weight decay and clipping are left out.
     *
     * @param optimizer whose steps have that rate
     * @param learningRate of a step
     * @return empty for optimizers whose limit is not known, and for rates that are not positive
     */
    public static OptionalDouble sharpest(Optimizer<?> optimizer, double learningRate) {
        if (!(learningRate > 0)) {
            return OptionalDouble.empty();
        }
        if (optimizer instanceof GradientDescent) {
            return OptionalDouble.of(factor(0, "gradient-descent") / learningRate);
        }
        if (optimizer instanceof Momentum momentum && momentum.dampening() == 0) {
            return OptionalDouble.of(factor(momentum.momentum(), "momentum") / learningRate);
        }
        if (optimizer instanceof Nesterov nesterov) {
            return OptionalDouble.of(factor(nesterov.momentum(), "nesterov") / learningRate);
        }
        return OptionalDouble.empty();
    }

    /** Limits are inverse to the eigenvalue: what is the limit for 1 is a factor. */
    private static double factor(double momentum, String name) {
        return new StabilityLimits(1, momentum).limits().get(name);
    }

    /** 1 / lambdaMax. */
    public double bestLearningRate() {
        return over(1);
    }

    private double over(double factor) {
        return lambdaMax > 0 ? factor / lambdaMax : Double.POSITIVE_INFINITY;
    }
}
