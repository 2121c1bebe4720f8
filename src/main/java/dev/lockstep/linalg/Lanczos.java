package dev.lockstep.linalg;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/**
 * Lanczos' process: a symmetric P x P matrix A, known by its products alone, as a small tridiagonal one.
 *
 * <pre>
 *   q_1 = start / ||start||,   beta_0 = 0
 *   alpha_j = q_j' A q_j
 *   r       = A q_j - alpha_j q_j - beta_(j-1) q_(j-1),    twice:  r = r - Q_j (Q_j' r)
 *   beta_j  = ||r||,   q_(j+1) = r / beta_j
 *
 *   A Q_m = Q_m T_m + beta_m q_(m+1) e_m',    T_m: alpha on the diagonal, beta beside it
 * </pre>
 *
 * <p>An eigenpair (theta, s) of T_m, a Ritz pair, is one of A up to ||A y - theta y|| = beta_m |s_m| with y = Q_m s, and an
 * eigenvalue of A lies that close to theta. The ends of the spectrum come first. Without the second line of
 * orthogonalization rounding brings copies of eigenvalues that were found already; done twice, Q_m is orthonormal to
 * rounding. Where beta_j vanishes, an invariant subspace is found, and the Ritz values are exact: those of the eigenvectors
 * that the start has a part of, each once.
 *
 * <p>Several processes run in lockstep, so that one call asks for a product of each. Cost: one product a step, memory m P
 * doubles, 4 m^2 P operations for orthogonality. The sums are {@link Vector}'s and T_m's eigenvalues {@link Tridiagonal}'s,
 * so that equal products give equal bits on every machine.
 *
 * <p>Source: Golub and Van Loan, Matrix Computations, 4th ed., 10.1-10.3; orthogonality: Giraud, Langou, Rozložník, van den
 * Eshof 2005, doi:10.1007/s00211-005-0615-4; bound: Parlett, doi:10.1137/1.9781611971163, 13.2.
 */
public final class Lanczos {
    /** Below this multiple of the matrix's size, beta is rounding. */
    private static final double NOTHING = 64 * Math.ulp(1.0);

    /** Up to so many steps, convergence is looked at after each; then after every eighth, since the look takes m^3. */
    private static final int LOOK_ALWAYS = 48;

    /** Entries that pass together: they fit into the first-level cache. */
    private static final int STRETCH = 2048;

    private Lanczos() {}

    /** Which Ritz values have to be found before a process may end. */
    public enum Ends {
        /** None: all steps are taken. */
        NONE,
        /** The smallest. */
        SMALLEST,
        /** The largest. */
        LARGEST,
        /** The smallest and the largest. */
        BOTH
    }

    /**
     * How far a process goes. It ends early at an invariant subspace.
     *
     * @param least steps that are taken before the ends are looked at, at least 1
     * @param most steps, at least as many
     * @param ends what is to be found
     * @param tolerance on its residual bound, relative to the largest magnitude of a Ritz value; not negative
     */
    public record Limits(int least, int most, Ends ends, double tolerance) {
        /**
         * Checks the ranges.
         *
         * @throws IllegalArgumentException if one is left
         */
        public Limits {
            if (least < 1 || most < least || !(tolerance >= 0)) {
                throw new IllegalArgumentException("expected 1 <= least <= most and a tolerance of at least 0, got "
                        + least + ", " + most + ", " + tolerance);
            }
        }

        /** Exactly so many steps. */
        public static Limits steps(int steps) {
            return new Limits(steps, steps, Ends.NONE, 0);
        }

        /** Until these ends are found, or so many steps are taken. */
        public static Limits until(Ends ends, double tolerance, int most) {
            return new Limits(1, most, ends, tolerance);
        }
    }

    /** The products of the matrices of several processes with a direction each. */
    @FunctionalInterface
    public interface Products {
        /**
         * @param processes whose matrices, by their place in the list of starts, ascending; those that ended are left out
         * @param directions one for each of these
         * @return a product for each of these
         */
        List<Vector> of(List<Integer> processes, List<Vector> directions);
    }

    /**
     * What a process has found.
     *
     * @param matrix T_m
     * @param remainder beta_m; 0 if the subspace is invariant
     * @param basis q_1 … q_m, of P entries each
     * @param eigen Ritz values, ascending, and eigenvectors s of T_m
     * @param converged whether the ends that were wanted are found to the tolerance
     */
    public record Result(Tridiagonal matrix, double remainder, List<Vector> basis, Eigen eigen, boolean converged) {
        /** The number m of steps, and of products. */
        public int steps() {
            return matrix.size();
        }

        /** The Ritz values theta_1 … theta_m, ascending. */
        public Vector values() {
            return eigen.values();
        }

        /** The bound beta_m |s_m| of Ritz pair i: an eigenvalue is that close to its value. */
        public double residual(int i) {
            return remainder * Math.abs(eigen.vectors().get(i).get(steps() - 1));
        }

        /** The first component s_1 of Ritz pair i: its square is the weight of Gauss's quadrature for q_1. */
        public double firstComponent(int i) {
            return eigen.vectors().get(i).get(0);
        }

        /** The Ritz vector y = Q_m s of Ritz pair i, of norm 1, P entries. */
        public Vector vector(int i) {
            return combined(basis, eigen.vectors().get(i).toArray());
        }
    }

    /**
     * One process.
     *
     * @param operator x to A x
     * @param start P entries, not 0
     */
    public static Result run(UnaryOperator<Vector> operator, Vector start, Limits limits) {
        return run(
                        (processes, directions) -> List.of(operator.apply(directions.get(0))),
                        List.of(start),
                        List.of(limits))
                .get(0);
    }

    /**
     * Several processes, a step of each at a time. Their matrices may have different sizes.
     *
     * @param starts a start for each, not 0
     * @param limits of each
     * @throws IllegalArgumentException if a start is 0 or not finite
     * @throws ArithmeticException if a product is not finite
     */
    public static List<Result> run(Products products, List<Vector> starts, List<Limits> limits) {
        if (starts.size() != limits.size()) {
            throw new IllegalArgumentException(
                    "expected limits for each of " + starts.size() + " starts, got " + limits.size());
        }
        List<Running> all = IntStream.range(0, starts.size())
                .mapToObj(i -> new Running(starts.get(i), limits.get(i)))
                .toList();
        while (true) {
            List<Integer> active = IntStream.range(0, all.size())
                    .filter(i -> all.get(i).result == null)
                    .boxed()
                    .toList();
            if (active.isEmpty()) {
                return all.stream().map(process -> process.result).toList();
            }
            List<Vector> directions =
                    active.stream().map(i -> all.get(i).direction()).toList();
            List<Vector> answers = products.of(active, directions);
            for (int i = 0; i < active.size(); i++) {
                all.get(active.get(i)).take(answers.get(i));
            }
        }
    }

    /** Q c, in one pass over the vectors for each stretch of entries. */
    private static Vector combined(List<Vector> basis, double[] factors) {
        return Vector.of(basis.get(0).size(), (result, from, to) -> {
            for (int at = from; at < to; at += STRETCH) {
                for (int j = 0; j < factors.length; j++) {
                    basis.get(j).addTo(result, factors[j], at, Math.min(to, at + STRETCH));
                }
            }
        });
    }

    /** One process on its way. */
    private static final class Running {
        private final Limits limits;
        private final List<Vector> basis = new ArrayList<>();
        private final List<Double> alpha = new ArrayList<>();
        private final List<Double> beta = new ArrayList<>();
        private double size;
        private Result result;

        Running(Vector start, Limits limits) {
            double norm = start.norm();
            if (!(norm > 0) || !Double.isFinite(norm)) {
                throw new IllegalArgumentException(
                        "expected a start that is finite and not 0, got one of norm " + norm);
            }
            this.limits = limits;
            basis.add(start.times(1 / norm));
        }

        Vector direction() {
            return basis.get(basis.size() - 1);
        }

        void take(Vector product) {
            Vector q = direction();
            double along = q.dot(product);
            if (!Double.isFinite(along) || !product.isFinite()) {
                throw new ArithmeticException("product " + basis.size() + " of Lanczos' process is not finite");
            }
            int m = basis.size();
            alpha.add(along);
            Vector rest = product.plus(-along, q);
            if (m > 1) {
                rest = rest.plus(-beta.get(m - 2), basis.get(m - 2));
            }
            for (int pass = 0; pass < 2; pass++) {
                Vector remaining = rest;
                double[] parts = basis.stream().mapToDouble(remaining::dot).toArray();
                rest = rest.minus(combined(basis, parts));
            }
            double remainder = rest.norm();
            size = Math.max(size, Math.abs(along) + remainder + (m > 1 ? beta.get(m - 2) : 0));
            boolean invariant = m == q.size() || remainder <= NOTHING * size;
            boolean last = invariant || m >= limits.most;
            if (last || (m >= limits.least && limits.ends != Ends.NONE && (m <= LOOK_ALWAYS || m % 8 == 0))) {
                look(invariant ? 0 : remainder, last);
            }
            if (result == null) {
                beta.add(remainder);
                basis.add(rest.times(1 / remainder));
            }
        }

        private void look(double remainder, boolean last) {
            Tridiagonal matrix = new Tridiagonal(vector(alpha), vector(beta));
            Eigen eigen = matrix.eigen();
            Result now = new Result(matrix, remainder, List.copyOf(basis), eigen, false);
            int m = now.steps();
            double most = limits.tolerance * now.values().maxAbs();
            boolean smallest = limits.ends == Ends.LARGEST || limits.ends == Ends.NONE || now.residual(0) <= most;
            boolean largest = limits.ends == Ends.SMALLEST || limits.ends == Ends.NONE || now.residual(m - 1) <= most;
            if (last || (smallest && largest)) {
                result = new Result(matrix, remainder, now.basis(), eigen, smallest && largest);
            }
        }

        private static Vector vector(List<Double> numbers) {
            return Vector.wrap(numbers.stream().mapToDouble(Double::doubleValue).toArray());
        }
    }
}
