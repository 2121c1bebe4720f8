package dev.lockstep.optimize;

import dev.lockstep.linalg.Vector;
import java.util.List;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.stream.IntStream;

/** Objectives with formulas, and points to start from. */
final class Problems {
    /**
     * A start in 20 dimensions: NumPy's {@code default_rng(3)}, the 20 standard normal numbers after the first 400. The
     * iteration counts of {@link ConvergenceRateTest} were measured from here.
     */
    static final Vector START_20 = hex(
            "-0x1.54f44931a59bbp+0",
            "-0x1.39f92a4d47621p-3",
            "0x1.7150471dab2cdp+0",
            "0x1.d901fcf2b5177p-2",
            "-0x1.72f47ddac7789p-1",
            "0x1.6df361b801cb5p+0",
            "0x1.6db2d75619216p+0",
            "0x1.f6284b582a7f9p-1",
            "0x1.93dfcdf77d622p-1",
            "0x1.27d8cb88f0793p+0",
            "0x1.16260cba9f1abp-1",
            "0x1.8ccce83b47692p-1",
            "-0x1.8f5f7b1676c4dp-1",
            "0x1.7fe3054b35f30p+0",
            "0x1.d974ffdd35673p-3",
            "0x1.03195f5d42a62p+1",
            "-0x1.056861b0837b2p+1",
            "0x1.692b59e5dfb65p-1",
            "0x1.f68220850ecb0p-1",
            "-0x1.5f29b9f312daep-2");

    /** The rows of {@link #logistic()}. */
    private static final double[][] POINTS = {{1, 0, 1}, {0, 1, 1}, {-1, 0, 1}, {0, -5, 1}};

    private Problems() {}

    /** The objective of a formula for its evaluations and one for the Hessian at a point times a direction. */
    private static Objective curved(
            int dimension, Function<Vector, Evaluation> function, BinaryOperator<Vector> hessian) {
        return withProducts(Objective.of(dimension, function), hessian);
    }

    /** With a formula for the Gauss-Newton matrix at a point times a direction as well. */
    private static Objective curved(
            int dimension,
            Function<Vector, Evaluation> function,
            BinaryOperator<Vector> hessian,
            BinaryOperator<Vector> gaussNewton) {
        return withProducts(Objective.of(dimension, function), hessian, gaussNewton);
    }

    /** An objective with the products of its Hessian, which is the Gauss-Newton matrix too. */
    static Objective withProducts(Objective objective, BinaryOperator<Vector> hessian) {
        return withProducts(objective, hessian, hessian);
    }

    private static Objective withProducts(
            Objective objective, BinaryOperator<Vector> hessian, BinaryOperator<Vector> gaussNewton) {
        return new Objective() {
            @Override
            public int dimension() {
                return objective.dimension();
            }

            @Override
            public Evaluation evaluate(Vector point) {
                return objective.evaluate(point);
            }

            @Override
            public List<Evaluation> evaluate(List<Vector> points) {
                return objective.evaluate(points);
            }

            @Override
            public Vector diagonal(Diagonal which, Vector point) {
                if (which == Diagonal.SQUARED_GRADIENTS) {
                    return evaluate(point).gradient().map(g -> g * g);
                }
                Curvature matrix = which == Diagonal.HESSIAN ? Curvature.HESSIAN : Curvature.GAUSS_NEWTON;
                return Vector.of(dimension(), (result, from, to) -> {
                    for (int i = from; i < to; i++) {
                        int at = i;
                        Vector unit = Vector.of(dimension(), (values, first, end) -> {
                            for (int j = first; j < end; j++) {
                                values[j] = j == at ? 1 : 0;
                            }
                        });
                        result[i] =
                                products(matrix, point, List.of(unit)).get(0).get(i);
                    }
                });
            }

            @Override
            public List<Vector> products(Curvature matrix, Vector point, List<Vector> directions) {
                BinaryOperator<Vector> product = matrix == Curvature.HESSIAN ? hessian : gaussNewton;
                return directions.stream()
                        .map(direction -> product.apply(point, direction))
                        .toList();
            }
        };
    }

    /** E = sum_i a_i w_i^2 / 2 + b_i w_i */
    static Objective quadratic(Vector a, Vector b) {
        BinaryOperator<Vector> product = (w, v) -> a.zip(v, (curvature, x) -> curvature * x);
        return curved(
                a.size(),
                w -> {
                    Vector aw = product.apply(w, w);
                    return new Evaluation(aw.dot(w) / 2 + b.dot(w), aw.plus(b));
                },
                product);
    }

    /** E = sum_i a_i w_i^2 / 2, least at 0. */
    static Objective quadratic(double... a) {
        return quadratic(Vector.of(a), Vector.zeros(a.length));
    }

    /** The quadratic in 50 dimensions, least at 0, that has so many distinct eigenvalues: 1, 1.5, 2, … */
    static Objective clustered(int distinct) {
        return quadratic(IntStream.range(0, 50)
                .mapToDouble(i -> 1 + 0.5 * (i % distinct))
                .toArray());
    }

    /** The quadratic with eigenvalues 1 and kappa whose axes are the diagonals: E = (x+y)^2/4 + kappa (x-y)^2/4. */
    static Objective rotated(double kappa) {
        BinaryOperator<Vector> product = (w, v) -> {
            double sum = v.get(0) + v.get(1);
            double difference = v.get(0) - v.get(1);
            return Vector.of((sum + kappa * difference) / 2, (sum - kappa * difference) / 2);
        };
        return curved(
                2,
                w -> {
                    double sum = w.get(0) + w.get(1);
                    double difference = w.get(0) - w.get(1);
                    return new Evaluation(sum * sum / 4 + kappa * difference * difference / 4, product.apply(w, w));
                },
                product);
    }

    /** Rosenbrock's valley, least at (1, 1); the customary start is (-1.2, 1). */
    static Objective rosenbrock() {
        return curved(
                2,
                w -> {
                    double x = w.get(0);
                    double y = w.get(1);
                    double t = y - x * x;
                    return new Evaluation(
                            100 * t * t + (1 - x) * (1 - x),
                            Vector.of(-400 * x * (y - x * x) - 2 * (1 - x), 200 * (y - x * x)));
                },
                (w, v) -> {
                    double x = w.get(0);
                    double xx = 1200 * x * x - 400 * w.get(1) + 2;
                    return Vector.of(xx * v.get(0) - 400 * x * v.get(1), -400 * x * v.get(0) + 200 * v.get(1));
                },
                (w, v) -> {
                    // Half the squares of sqrt 200 (y - x^2) and sqrt 2 (1 - x).
                    double x = w.get(0);
                    double along = 200 * (v.get(1) - 2 * x * v.get(0));
                    return Vector.of(-2 * x * along + 2 * v.get(0), along);
                });
    }

    private static double logit(int i, Vector w) {
        return POINTS[i][0] * w.get(0) + POINTS[i][1] * w.get(1) + POINTS[i][2] * w.get(2);
    }

    private static double sigmoid(double z) {
        return 1 / (1 + StrictMath.exp(-z));
    }

    /** Four points in the plane with a bias, cross-entropy and ridge 0.01: strictly convex. */
    static Objective logistic() {
        double[] y = {1, 1, 0, 1};
        return curved(
                3,
                w -> {
                    double value = 0.005 * w.dot(w);
                    double[] gradient = w.times(0.01).toArray();
                    for (int i = 0; i < 4; i++) {
                        double z = logit(i, w);
                        value += (Math.max(z, 0) + StrictMath.log1p(StrictMath.exp(-Math.abs(z))) - y[i] * z) / 4;
                        for (int j = 0; j < 3; j++) {
                            gradient[j] += (sigmoid(z) - y[i]) * POINTS[i][j] / 4;
                        }
                    }
                    return new Evaluation(value, Vector.wrap(gradient));
                },
                (w, v) -> {
                    double[] product = v.times(0.01).toArray();
                    for (int i = 0; i < 4; i++) {
                        double p = sigmoid(logit(i, w));
                        for (int j = 0; j < 3; j++) {
                            product[j] += p * (1 - p) * logit(i, v) * POINTS[i][j] / 4;
                        }
                    }
                    return Vector.wrap(product);
                });
    }

    /** 20 curvatures from 1 to kappa, evenly spaced in their logarithms. */
    static double[] logSpaced(double kappa) {
        return IntStream.range(0, 20)
                .mapToDouble(i -> StrictMath.pow(kappa, i / 19.0))
                .toArray();
    }

    /** An objective whose gradient is given, wherever it is asked for. */
    static Objective slope(double... gradient) {
        return Objective.of(gradient.length, w -> new Evaluation(0, Vector.of(gradient)));
    }

    /** The objective of parameters that are tensors with these bounds, as {@link Objective#tensors} has them. */
    static Objective inTensors(List<Integer> bounds, Objective objective) {
        return new Objective() {
            @Override
            public int dimension() {
                return objective.dimension();
            }

            @Override
            public Evaluation evaluate(Vector point) {
                return objective.evaluate(point);
            }

            @Override
            public List<Integer> tensors() {
                return bounds;
            }
        };
    }

    /** The objective times a factor. */
    static Objective scaled(double factor, Objective objective) {
        return Objective.of(objective.dimension(), w -> {
            Evaluation evaluation = objective.evaluate(w);
            return new Evaluation(
                    factor * evaluation.value(), evaluation.gradient().times(factor));
        });
    }

    /** The objective with a penalty, as {@code BatchObjective} adds it. */
    static Objective penalized(Objective objective, Penalty penalty) {
        return new Objective() {
            @Override
            public int dimension() {
                return objective.dimension();
            }

            @Override
            public Evaluation evaluate(Vector point) {
                Evaluation plain = objective.evaluate(point);
                Vector gradient = plain.gradient().plus(penalty.gradient(point));
                return new Evaluation(plain.value() + penalty.value(point), gradient, penalty.norm(point, gradient));
            }

            @Override
            public Vector proximal(Vector point, double eta) {
                return penalty.proximal(point, eta);
            }
        };
    }

    static Vector hex(String... numbers) {
        double[] values = new double[numbers.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = Double.parseDouble(numbers[i]);
        }
        return Vector.wrap(values);
    }
}
