package dev.lockstep.data;

import dev.lockstep.Settings;
import dev.lockstep.linalg.Mixing;
import java.util.Arrays;

/**
 * Many features, most of them 0, and a linear teacher. Each feature is standard normal with the probability {@code
 * density}, else 0.
 *
 * <p>A score is the product of the features with drawn normal weights, divided by sqrt(density * features), so its
 * variance is 1. The label is the score plus noise; with classes, the place of the largest of as many scores, noise
 * on each. A row without any feature other than 0 is of class 0 if there is no noise.
 *
 * @param rows number of rows
 * @param features number of features
 * @param density probability of a value other than 0, in (0, 1]
 * @param classes number of classes; 0 for numbers
 * @param noise standard deviation of the normal noise on each score
 * @param seed decides features and noise
 * @param teacherSeed decides the weights, so that training and test rows can share them
 */
record Sparse(long rows, int features, double density, int classes, double noise, long seed, long teacherSeed)
        implements Generator {
    static Sparse read(Settings settings) {
        double density = settings.number("density", 0.01);
        if (!(density > 0 && density <= 1)) {
            throw settings.wrong("density", "expected a number in (0, 1]");
        }
        return new Sparse(
                GeneratorKeys.rows(settings),
                settings.integer("features", 1000, 1, 1 << 24),
                density,
                GeneratorKeys.classesOrNumbers(settings),
                GeneratorKeys.noise(settings, 0.1),
                GeneratorKeys.seed(settings),
                GeneratorKeys.teacherSeed(settings));
    }

    @Override
    public double make(long row, double[] values) {
        long key = Mixing.mix(Mixing.key(seed, "sparse"), row);
        long gaps = Mixing.key(key, "gaps");
        long teacher = Mixing.key(teacherSeed, "weights of the teacher");
        double[] scores = new double[Math.max(1, classes)];
        Arrays.fill(values, 0.0);
        for (long j = gap(gaps, 0); j < features; j += 1 + gap(gaps, j + 1)) {
            double value = Mixing.normal(Mixing.mix(key, j));
            values[(int) j] = value;
            for (int c = 0; c < scores.length; c++) {
                scores[c] += value * Mixing.normal(Mixing.mix(teacher, j, c));
            }
        }
        double deviation = StrictMath.sqrt(density * features);
        for (int c = 0; c < scores.length; c++) {
            scores[c] /= deviation;
        }
        return Scores.label(scores, noise, key, classes);
    }

    /** The number of zeros before the next value: geometric, so that zeros cost nothing to draw. */
    private long gap(long gaps, long from) {
        double uniform = 1.0 - Mixing.uniform(Mixing.mix(gaps, from));
        double zeros = StrictMath.log(uniform) / StrictMath.log1p(-density);
        return (long) Math.min(zeros, features);
    }
}
