package dev.lockstep.optimize;

/** A vector of P entries that stands for a diagonal of a matrix. */
public enum Diagonal {
    /**
     * The Hessian's, by a backward pass that keeps diagonals only: exact for networks whose layers above a parameter have
     * one unit each, else an approximation. Source: Becker, LeCun 1988, Improving the convergence of back-propagation
     * learning with second order methods.
     */
    HESSIAN,
    /** The same without the activations' second derivatives: not negative for a convex loss. */
    GAUSS_NEWTON,
    /** Mean over the rows of the squared derivative of the row's loss, each times its weight squared; without penalty. */
    SQUARED_GRADIENTS
}
