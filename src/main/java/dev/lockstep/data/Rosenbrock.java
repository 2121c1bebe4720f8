package dev.lockstep.data;

import dev.lockstep.Settings;
import dev.lockstep.linalg.Mixing;

/**
 * Rosenbrock's valley as a surface to be learnt: f(x) = sum of 100 (x_(i+1) - x_i^2)^2 + (1 - x_i)^2 (Rosenbrock
 * 1960, doi:10.1093/comjnl/3.3.175), at points that are uniform in [-2, 2]^d. On the plane its values reach 3,609
 * and have the mean 455.7; {@code scale = 0.001} makes targets of size 1.
 *
 * @param rows number of points
 * @param features d, at least 2
 * @param scale factor on the function
 * @param noise standard deviation of the normal noise on the scaled function
 * @param seed decides points and noise
 */
record Rosenbrock(long rows, int features, double scale, double noise, long seed) implements Generator {
    static Rosenbrock read(Settings settings) {
        double scale = settings.number("scale", 1.0);
        if (scale == 0) {
            throw settings.wrong("scale", "expected a number other than 0");
        }
        return new Rosenbrock(
                GeneratorKeys.rows(settings),
                settings.integer("features", 2, 2, 1 << 20),
                scale,
                GeneratorKeys.noise(settings, 0.0),
                GeneratorKeys.seed(settings));
    }

    /** The function itself: 0 where all coordinates are 1, positive elsewhere. */
    static double valley(double[] x) {
        double sum = 0;
        for (int i = 0; i + 1 < x.length; i++) {
            double across = x[i + 1] - x[i] * x[i];
            double along = 1 - x[i];
            sum += 100 * across * across + along * along;
        }
        return sum;
    }

    @Override
    public int classes() {
        return 0;
    }

    @Override
    public double make(long row, double[] values) {
        long key = Mixing.mix(Mixing.key(seed, "rosenbrock"), row);
        for (int j = 0; j < features; j++) {
            values[j] = 4 * Mixing.uniform(Mixing.mix(key, j)) - 2;
        }
        return scale * valley(values) + noise * Mixing.normal(Mixing.key(key, "noise"));
    }
}
