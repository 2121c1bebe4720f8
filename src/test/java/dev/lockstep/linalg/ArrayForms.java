package dev.lockstep.linalg;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Random;
import java.util.Set;
import java.util.function.ToLongFunction;

/** The array forms of the elementary functions, by name; as a program it prints hashes of their bits. */
final class ArrayForms {
    static final Set<ElementaryFunction> FUNCTIONS = EnumSet.complementOf(EnumSet.of(ElementaryFunction.ERFC));
    static final int POINTS = 250;
    /** After so many elements the public forms take the vectors. */
    private static final int ENOUGH = 1 << 24;

    /** So many, and with the thresholds of {@code LanesTest} the compiler has seen most passes. */
    private static final int ROUNDS = 8;

    private ArrayForms() {}

    static void apply(ElementaryFunction function, float[] x, int from, int to) {
        switch (function) {
            case EXP -> ElementaryFunctions.exp(x, from, to);
            case EXPM1 -> ElementaryFunctions.expm1(x, from, to);
            case LOG -> ElementaryFunctions.log(x, from, to);
            case LOG1P -> ElementaryFunctions.log1p(x, from, to);
            case TANH -> ElementaryFunctions.tanh(x, from, to);
            case SIGMOID -> ElementaryFunctions.sigmoid(x, from, to);
            case SOFTPLUS -> ElementaryFunctions.softplus(x, from, to);
            case ERF -> ElementaryFunctions.erf(x, from, to);
            case NORMAL_CDF -> ElementaryFunctions.normalCdf(x, from, to);
            case NORMAL_PDF -> ElementaryFunctions.normalPdf(x, from, to);
            case ERFC -> throw new IllegalArgumentException("erfc has no array form");
        }
    }

    static void apply(ElementaryFunction function, double[] x, int from, int to) {
        switch (function) {
            case EXP -> ElementaryFunctions.exp(x, from, to);
            case EXPM1 -> ElementaryFunctions.expm1(x, from, to);
            case LOG -> ElementaryFunctions.log(x, from, to);
            case LOG1P -> ElementaryFunctions.log1p(x, from, to);
            case TANH -> ElementaryFunctions.tanh(x, from, to);
            case SIGMOID -> ElementaryFunctions.sigmoid(x, from, to);
            case SOFTPLUS -> ElementaryFunctions.softplus(x, from, to);
            case ERF -> ElementaryFunctions.erf(x, from, to);
            case NORMAL_CDF -> ElementaryFunctions.normalCdf(x, from, to);
            case NORMAL_PDF -> ElementaryFunctions.normalPdf(x, from, to);
            case ERFC -> throw new IllegalArgumentException("erfc has no array form");
        }
    }

    /** The vectors alone; where they end. */
    static <A> int vectors(ElementaryFunction function, Lanes<A> lanes, A x, int from, int to) {
        return switch (function) {
            case EXP -> lanes.exp(x, from, to);
            case EXPM1 -> lanes.expm1(x, from, to);
            case LOG -> lanes.log(x, from, to);
            case LOG1P -> lanes.log1p(x, from, to);
            case TANH -> lanes.tanh(x, from, to);
            case SIGMOID -> lanes.sigmoid(x, from, to);
            case SOFTPLUS -> lanes.softplus(x, from, to);
            case ERF -> lanes.erf(x, from, to);
            case NORMAL_CDF -> lanes.normalCdf(x, from, to);
            case NORMAL_PDF -> lanes.normalPdf(x, from, to);
            case ERFC -> throw new IllegalArgumentException("erfc has no array form");
        };
    }

    /**
     * Prints whose code computes and a hash for every function: of the vectors with the scalar formulas for the rest, or,
     * with an argument, of the public forms after they have had enough to do; then also once more
     * when they are compiled, and the bytes that a warm call of the vectors allocates.
     */
    public static void main(String[] arguments) {
        System.out.println(Lanes.found32().getClass().getSimpleName() + " "
                + Lanes.found64().getClass().getSimpleName());
        if (arguments.length > 0) {
            float[] floats = new float[1 << 16];
            double[] doubles = new double[1 << 16];
            for (int i = 0; i <= ENOUGH; i += floats.length) {
                ElementaryFunctions.exp(floats, 0, floats.length);
                ElementaryFunctions.exp(doubles, 0, doubles.length);
            }
        }
        if (arguments.length == 0) {
            print(ArrayForms::vectorHash);
        } else {
            print(ArrayForms::publicHash);
            FUNCTIONS.forEach(ArrayForms::compile);
            print(ArrayForms::publicHash);
            System.out.println(allocated());
        }
    }

    private static void print(ToLongFunction<ElementaryFunction> hash) {
        System.out.println(Arrays.toString(FUNCTIONS.stream().mapToLong(hash).toArray()));
    }

    private static void compile(ElementaryFunction function) {
        float[] floats = new float[8_192];
        double[] doubles = new double[8_192];
        for (int i = 0; i < ROUNDS; i++) {
            apply(function, floats, 0, floats.length);
            apply(function, doubles, 0, doubles.length);
        }
    }

    private static long allocated() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        float[] x = new float[8_192];
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 2_000 && least > 0; i++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            Lanes.found32().tanh(x, 0, x.length);
            least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
        }
        return least;
    }

    private static long publicHash(ElementaryFunction function) {
        float[] floats = floats();
        double[] doubles = doubles();
        apply(function, floats, 0, POINTS);
        apply(function, doubles, 0, POINTS);
        return 31L * Arrays.hashCode(floats) + Arrays.hashCode(doubles);
    }

    private static long vectorHash(ElementaryFunction function) {
        float[] floats = floats();
        double[] doubles = doubles();
        for (int i = vectors(function, Lanes.found32(), floats, 0, POINTS); i < POINTS; i++) {
            floats[i] = function.ofFloat.applyAsFloat(floats[i]);
        }
        for (int i = vectors(function, Lanes.found64(), doubles, 0, POINTS); i < POINTS; i++) {
            doubles[i] = function.ofDouble.applyAsDouble(doubles[i]);
        }
        return 31L * Arrays.hashCode(floats) + Arrays.hashCode(doubles);
    }

    /** What the program prints in its second line, from the scalar formulas. */
    static String scalarHashes() {
        return Arrays.toString(FUNCTIONS.stream()
                .mapToLong(function -> {
                    float[] floats = floats();
                    double[] doubles = doubles();
                    for (int i = 0; i < POINTS; i++) {
                        floats[i] = function.ofFloat.applyAsFloat(floats[i]);
                        doubles[i] = function.ofDouble.applyAsDouble(doubles[i]);
                    }
                    return 31L * Arrays.hashCode(floats) + Arrays.hashCode(doubles);
                })
                .toArray());
    }

    private static double[] doubles() {
        Random random = new Random(1);
        double[] x = new double[POINTS];
        for (int i = 0; i < POINTS; i++) {
            x[i] = Math.scalb(random.nextDouble() - 0.5, random.nextInt(24) - 12);
        }
        return x;
    }

    private static float[] floats() {
        double[] doubles = doubles();
        float[] x = new float[POINTS];
        for (int i = 0; i < POINTS; i++) {
            x[i] = (float) doubles[i];
        }
        return x;
    }
}
