package dev.lockstep.distributed;

import dev.lockstep.network.DiagonalPropagation;
import dev.lockstep.optimize.Curvature;
import dev.lockstep.optimize.Diagonal;

/** What a request asks for beside the sums of losses. */
public enum Wanted {
    /** Nothing. */
    LOSS,
    /** The gradient's sum. */
    GRADIENT,
    /** The mean of weights that shards went on with, see {@link Request#mixing}. */
    MIXING,
    /** The sum of the rows' Hessians times each direction. */
    HESSIAN_PRODUCTS,
    /** The sum of the rows' Gauss-Newton matrices times each direction. */
    GAUSS_NEWTON_PRODUCTS,
    /** See {@link Diagonal#HESSIAN}. */
    HESSIAN_DIAGONAL,
    /** See {@link Diagonal#GAUSS_NEWTON}. */
    GAUSS_NEWTON_DIAGONAL,
    /** See {@link Diagonal#SQUARED_GRADIENTS}. */
    SQUARED_GRADIENTS;

    static Wanted products(Curvature matrix) {
        return switch (matrix) {
            case HESSIAN -> HESSIAN_PRODUCTS;
            case GAUSS_NEWTON -> GAUSS_NEWTON_PRODUCTS;
        };
    }

    static Wanted diagonal(Diagonal which) {
        return switch (which) {
            case HESSIAN -> HESSIAN_DIAGONAL;
            case GAUSS_NEWTON -> GAUSS_NEWTON_DIAGONAL;
            case SQUARED_GRADIENTS -> SQUARED_GRADIENTS;
        };
    }

    /** How many vectors of P numbers the answer holds. */
    int vectors(int directions) {
        return switch (this) {
            case LOSS -> 0;
            case HESSIAN_PRODUCTS, GAUSS_NEWTON_PRODUCTS -> directions;
            default -> 1;
        };
    }

    /** The kind of a diagonal. */
    DiagonalPropagation.Kind diagonal() {
        return switch (this) {
            case HESSIAN_DIAGONAL -> DiagonalPropagation.Kind.HESSIAN;
            case GAUSS_NEWTON_DIAGONAL -> DiagonalPropagation.Kind.GAUSS_NEWTON;
            case SQUARED_GRADIENTS -> DiagonalPropagation.Kind.SQUARED_GRADIENTS;
            default -> throw new IllegalStateException(this + " is no diagonal");
        };
    }
}
