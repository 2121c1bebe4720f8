package dev.lockstep.curvature;

import dev.lockstep.linalg.Vector;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The trace of a symmetric P x P matrix H, and of blocks of it, from products with vectors v of independent random signs:
 * Hutchinson's estimator.
 *
 * <pre>
 *   trace        = mean over probes of v' H v,            variance  2 (||H||_F^2 - sum_i h_ii^2) / probes
 *   block b      = mean over probes of v_b' (H v)_b       the blocks sum to the trace
 *   diagonal_i   = mean over probes of v_i (H v)_i        variance  sum_(j != i) h_ij^2 / probes
 *   ||H||_F^2    = mean over probes of ||H v||^2          the sum of the squares of the eigenvalues
 * </pre>
 *
 * <p>Only what lies off the diagonal makes an error: a diagonal matrix needs one probe. The standard error is taken from the
 * spread of the probes; of one probe, where there is no spread, from the variance above, with the diagonal left out: a
 * bound, in expectation. Exact traces have the error 0.
 *
 * <p>Cost: one product a probe, one scan for all of them. Source: Hutchinson 1990, doi:10.1080/03610919008812866; diagonal:
 * Bekas, Kokiopoulou, Saad 2007, doi:10.1016/j.apnum.2007.01.003.
 *
 * @param value the trace
 * @param standardError of the value
 * @param blocks the trace of each block
 * @param blockErrors the standard error of each
 * @param diagonal P entries
 * @param squares ||H||_F^2
 */
public record TraceEstimate(
        double value,
        double standardError,
        List<Double> blocks,
        List<Double> blockErrors,
        Vector diagonal,
        double squares) {
    /**
     * @param probes vectors of signs, P entries each
     * @param products H v of each
     * @param bounds where the blocks begin, ascending from 0, and at the end P
     */
    public static TraceEstimate of(List<Vector> probes, List<Vector> products, List<Integer> bounds) {
        int count = probes.size();
        int parameters = probes.get(0).size();
        Vector diagonal = Vector.zeros(parameters);
        double[] traces = new double[count];
        double[] squares = new double[count];
        double[][] blocks = new double[bounds.size() - 1][count];
        for (int k = 0; k < count; k++) {
            Vector terms = probes.get(k).zip(products.get(k), (v, hv) -> v * hv);
            diagonal = diagonal.plus(1.0 / count, terms);
            traces[k] = terms.sum();
            squares[k] = products.get(k).dot(products.get(k));
            for (int b = 0; b < blocks.length; b++) {
                blocks[b][k] = Vector.wrap(terms.slice(bounds.get(b), bounds.get(b + 1)))
                        .sum();
            }
        }
        double square = mean(squares);
        List<Double> errors = new ArrayList<>();
        for (double[] block : blocks) {
            errors.add(count > 1 ? standardError(block) : Math.sqrt(2 * square));
        }
        return new TraceEstimate(
                mean(traces),
                count > 1 ? standardError(traces) : Math.sqrt(2 * square),
                Arrays.stream(blocks).map(TraceEstimate::mean).toList(),
                errors,
                diagonal,
                square);
    }

    /** The exact traces of a matrix whose diagonal is known. */
    static TraceEstimate exact(Vector diagonal, double squares, List<Integer> bounds) {
        List<Double> blocks = new ArrayList<>();
        List<Double> errors = new ArrayList<>();
        for (int b = 0; b + 1 < bounds.size(); b++) {
            blocks.add(Vector.wrap(diagonal.slice(bounds.get(b), bounds.get(b + 1)))
                    .sum());
            errors.add(0.0);
        }
        return new TraceEstimate(diagonal.sum(), 0, blocks, errors, diagonal, squares);
    }

    /** Of the mean of independent numbers: their deviation / sqrt(their number); NaN for a single one. */
    static double standardError(double[] numbers) {
        double mean = mean(numbers);
        double squares =
                Arrays.stream(numbers).map(x -> (x - mean) * (x - mean)).sum();
        return Math.sqrt(squares / (numbers.length - 1) / numbers.length);
    }

    private static double mean(double[] numbers) {
        double sum = 0;
        for (double number : numbers) {
            sum += number;
        }
        return sum / numbers.length;
    }
}
