package dev.lockstep.optimize;

import dev.lockstep.linalg.Vector;

/**
 * What an objective answers at one point.
 *
 * @param value the objective, penalty included
 * @param gradient what the optimizer uses, P entries; clipped if clipping is on
 * @param gradientNorm Euclidean norm of the objective's gradient before clipping, as it is logged
 */
public record Evaluation(double value, Vector gradient, double gradientNorm) {
    /** An evaluation whose gradient is not clipped. */
    public Evaluation(double value, Vector gradient) {
        this(value, gradient, gradient.norm());
    }

    /** Whether the value and the norm are finite; then every entry of the gradient is. */
    public boolean isFinite() {
        return Double.isFinite(value) && Double.isFinite(gradientNorm);
    }

    /**
     * The gradient with coupled weight decay, {@code gradient + weightDecay * point}, on every parameter, biases
     * included: PyTorch's {@code weight_decay}. Comes after clipping; value and norm do not know of it.
     *
     * @param weightDecay at least 0; 0 gives the gradient itself
     * @param point where the gradient was taken
     */
    Vector decayedGradient(double weightDecay, Vector point) {
        return weightDecay == 0 ? gradient : gradient.plus(weightDecay, point);
    }
}
