package dev.lockstep.curvature;

import dev.lockstep.linalg.Lanczos;
import dev.lockstep.linalg.Vector;
import java.util.List;
import java.util.stream.IntStream;

/**
 * How the P eigenvalues of a symmetric matrix are spread: stochastic Lanczos quadrature.
 *
 * <pre>
 *   share of eigenvalues in a set S  =  mean over probes of sum_(i: theta_i in S) tau_i
 *   density(x)                       =  mean over probes of sum_i tau_i N(x; theta_i, width^2)
 * </pre>
 *
 * <p>A probe is a Lanczos process from a vector of random signs: theta are its Ritz values, tau the squares of their first
 * components, which sum to one. m steps make the mean exact for polynomials of degree 2m - 1 of the matrix, up to the
 * probe's randomness, which falls as 1 / sqrt(probes). It resolves no more than about m places: eigenvalues that
 * are close together, such as the many near 0 of a large network, share a node, whose sign is not theirs.
 *
 * <p>From all eigenvalues themselves it is exact: one probe with weights 1/P.
 *
 * <p>Source: Lin, Saad, Yang 2016, doi:10.1137/130934283; for networks Ghorbani, Krishnan, Xiao 2019, arXiv:1901.10159.
 *
 * @param probes at least one
 */
public record SpectralDensity(List<Probe> probes) {
    /**
     * Nodes and weights of one probe.
     *
     * @param nodes theta, ascending
     * @param weights tau, not negative, with sum 1
     * @param residuals an eigenvalue is so close to the node; 0 for eigenvalues themselves
     */
    public record Probe(Vector nodes, Vector weights, Vector residuals) {
        static Probe of(Lanczos.Result result) {
            int m = result.steps();
            double[] weights = new double[m];
            double[] residuals = new double[m];
            for (int i = 0; i < m; i++) {
                weights[i] = result.firstComponent(i) * result.firstComponent(i);
                residuals[i] = result.residual(i);
            }
            return new Probe(result.values(), Vector.wrap(weights), Vector.wrap(residuals));
        }
    }

    /** The exact one of all eigenvalues, ascending. */
    static SpectralDensity ofEigenvalues(Vector eigenvalues) {
        int n = eigenvalues.size();
        return new SpectralDensity(List.of(new Probe(eigenvalues, Vector.filled(n, 1.0 / n), Vector.zeros(n))));
    }

    /** The smallest node. */
    public double smallest() {
        return probes.stream().mapToDouble(probe -> probe.nodes().get(0)).min().orElseThrow();
    }

    /** The largest node. */
    public double largest() {
        return probes.stream()
                .mapToDouble(probe -> probe.nodes().get(probe.nodes().size() - 1))
                .max()
                .orElseThrow();
    }

    /**
     * The density at x, smoothed.
     *
     * @param width standard deviation of the Gaussian that a node becomes, positive
     */
    public double density(double x, double width) {
        double factor = 1 / (width * StrictMath.sqrt(2 * Math.PI));
        return mean((node, weight) -> {
            double z = (x - node) / width;
            return weight * factor * StrictMath.exp(-z * z / 2);
        });
    }

    /** The share of eigenvalues below x, in [0, 1]. */
    public double below(double x) {
        return Math.min(1, mean((node, weight) -> node < x ? weight : 0));
    }

    /** The standard error of {@link #below}, from the spread of the probes; NaN if there is one only. */
    public double belowError(double x) {
        double[] shares = probes.stream()
                .mapToDouble(probe -> sum(probe, (node, weight) -> node < x ? weight : 0))
                .toArray();
        return TraceEstimate.standardError(shares);
    }

    /**
     * Between which shares {@link #below} must lie, by the inequalities of Chebyshev, Markov and Stieltjes: a probe's share
     * below x is at least the weight of all nodes below x but the last, and at most that of these and the next node.
     *
     * <p>They hold for each probe and so for their mean, which is as far from all eigenvalues as the probes are random.
     * Bounds that are far apart say that x lies among eigenvalues that the nodes do not resolve. Source: Szegő, Orthogonal
     * Polynomials, 3.41, doi:10.1090/coll/023.
     */
    public Bounds belowBounds(double x) {
        double low = 0;
        double high = 0;
        for (Probe probe : probes) {
            boolean isExact = probe.residuals().maxAbs() == 0;
            double sum = 0;
            double last = 0;
            int below = 0;
            while (below < probe.nodes().size() && probe.nodes().get(below) < x) {
                last = probe.weights().get(below++);
                sum += last;
            }
            double next = below < probe.nodes().size() ? probe.weights().get(below) : 0;
            low += isExact ? sum : sum - last;
            high += isExact ? sum : sum + next;
        }
        return new Bounds(Math.max(0, low / probes.size()), Math.min(1, high / probes.size()));
    }

    /**
     * Two shares in [0, 1].
     *
     * @param low at most the share
     * @param high at least the share
     */
    public record Bounds(double low, double high) {}

    /** The share of eigenvalues up to and including x, in [0, 1]. */
    public double cumulative(double x) {
        return Math.min(1, mean((node, weight) -> node <= x ? weight : 0));
    }

    /**
     * The smallest node x with {@code cumulative(x) >= share}.
     *
     * @param share in (0, 1]
     */
    public double quantile(double share) {
        if (!(share > 0 && share <= 1)) {
            throw new IllegalArgumentException("expected a share in (0, 1], got " + share);
        }
        double[][] nodes = probes.stream()
                .flatMap(probe -> IntStream.range(0, probe.nodes().size()).mapToObj(i ->
                        new double[] {probe.nodes().get(i), probe.weights().get(i)}))
                .sorted((a, b) -> Double.compare(a[0], b[0]))
                .toArray(double[][]::new);
        // Weights sum to one up to rounding only.
        double wanted = (share - 1e-12) * probes.size();
        double sum = 0;
        for (double[] node : nodes) {
            sum += node[1];
            if (sum >= wanted) {
                return node[0];
            }
        }
        return nodes[nodes.length - 1][0];
    }

    /**
     * The smallest magnitude of a node that is an eigenvalue to one percent.
     *
     * @param threshold magnitudes up to this one count as 0
     * @return NaN if there is none
     */
    public double smallestMagnitude(double threshold) {
        double smallest = Double.NaN;
        for (Probe probe : probes) {
            for (int i = 0; i < probe.nodes().size(); i++) {
                double magnitude = Math.abs(probe.nodes().get(i));
                boolean resolved = magnitude > threshold && probe.residuals().get(i) <= 0.01 * magnitude;
                smallest = resolved && !(magnitude >= smallest) ? magnitude : smallest;
            }
        }
        return smallest;
    }

    private interface Term {
        double of(double node, double weight);
    }

    private double mean(Term term) {
        double sum = 0;
        for (Probe probe : probes) {
            sum += sum(probe, term);
        }
        return sum / probes.size();
    }

    private static double sum(Probe probe, Term term) {
        double sum = 0;
        for (int i = 0; i < probe.nodes().size(); i++) {
            sum += term.of(probe.nodes().get(i), probe.weights().get(i));
        }
        return sum;
    }
}
