package dev.lockstep.network;

import dev.lockstep.data.Block;

/**
 * A loss that is a {@link Surface} over the outputs minus the targets, one after the other, or pair after pair,
 * summed.
 *
 * <p>With a row whose only feature is 1, a target of 0 and a network of one layer without bias, the outputs are the
 * weights, and the objective of a run is the surface over its weights.
 *
 * @param surface the function
 * @param factor on the function, positive
 */
public record Landscape(Surface surface, double factor) implements Loss {
    /** The word in a configuration, for all surfaces. */
    public static final String KEY = "landscape";

    public Landscape {
        if (!(factor > 0)) {
            throw new IllegalArgumentException("the factor must be positive, got " + factor);
        }
    }

    /**
     * Refuses a number of outputs that are not whole pairs.
     *
     * @throws IllegalArgumentException says what is expected
     */
    void check(int outputs) {
        if (outputs % surface.arguments() != 0) {
            throw new IllegalArgumentException("the landscape " + surface.key() + " is one over pairs of outputs, got "
                    + outputs + (outputs == 1 ? " output" : " outputs")
                    + "; give two target columns, or another even number of them");
        }
    }

    @Override
    public String key() {
        return KEY;
    }

    @Override
    public boolean forClasses() {
        return false;
    }

    @Override
    public int outputs(int targets) {
        return targets;
    }

    @Override
    public int evaluate(double[] outputs, int width, Block block, double[] derivatives, double[] values) {
        int n = surface.arguments();
        double[] z = new double[n];
        double[] jet = new double[surface.jetLength()];
        for (int i = 0; i < block.rows(); i++) {
            double sum = 0;
            for (int from = i * width; from < (i + 1) * width; from += n) {
                jet(outputs, from, block, z, jet);
                sum += jet[0];
                for (int j = 0; j < n; j++) {
                    derivatives[from + j] = factor * jet[1 + j];
                }
            }
            values[i] = factor * sum;
        }
        return 0;
    }

    @Override
    public void curve(double[] outputs, int width, Block block, double[] directions) {
        int n = surface.arguments();
        double[] z = new double[n];
        double[] jet = new double[surface.jetLength()];
        double[] direction = new double[n];
        for (int from = 0; from < block.rows() * width; from += n) {
            jet(outputs, from, block, z, jet);
            System.arraycopy(directions, from, direction, 0, n);
            for (int i = 0; i < n; i++) {
                double sum = 0;
                for (int j = 0; j < n; j++) {
                    sum += second(jet, i, j) * direction[j];
                }
                directions[from + i] = factor * sum;
            }
        }
    }

    @Override
    public void curvature(double[] outputs, int width, Block block, double[] diagonal) {
        int n = surface.arguments();
        double[] z = new double[n];
        double[] jet = new double[surface.jetLength()];
        for (int from = 0; from < block.rows() * width; from += n) {
            jet(outputs, from, block, z, jet);
            for (int j = 0; j < n; j++) {
                diagonal[from + j] = factor * second(jet, j, j);
            }
        }
    }

    /** The surface at the outputs minus the targets from {@code from} on. */
    private void jet(double[] outputs, int from, Block block, double[] z, double[] jet) {
        for (int j = 0; j < z.length; j++) {
            z[j] = outputs[from + j] - block.targets()[from + j];
        }
        surface.jet(z, jet);
    }

    /** A second derivative of a jet: xx, xy and yy follow each other. */
    private double second(double[] jet, int i, int j) {
        return jet[1 + surface.arguments() + i + j];
    }
}
