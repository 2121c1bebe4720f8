package dev.lockstep.data;

import dev.lockstep.Settings;
import dev.lockstep.linalg.Mixing;

/**
 * Standard normal numbers under the only feature 1: one weight without bias, with squared error, learns a column's
 * mean, and the variance of a mini-batch's gradient is known.
 *
 * @param rows number of rows
 * @param targets number of columns of numbers
 * @param seed decides the numbers
 */
record Noise(long rows, int targets, long seed) implements Generator {
    static Noise read(Settings settings) {
        return new Noise(
                GeneratorKeys.rows(settings), settings.integer("targets", 1, 1, 1 << 20), GeneratorKeys.seed(settings));
    }

    @Override
    public int features() {
        return 1;
    }

    @Override
    public int classes() {
        return 0;
    }

    @Override
    public double make(long row, double[] values) {
        values[0] = 1;
        return target(row, 0);
    }

    @Override
    public void targets(long row, double[] features, double label, double[] numbers) {
        for (int j = 0; j < targets; j++) {
            numbers[j] = target(row, j);
        }
    }

    private double target(long row, int column) {
        return Mixing.normal(Mixing.mix(Mixing.mix(Mixing.key(seed, "noise"), row), column));
    }
}
