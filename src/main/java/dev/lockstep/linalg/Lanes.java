package dev.lockstep.linalg;

import java.util.function.BiPredicate;

/**
 * The elementary functions over whole vectors of an array's elements, in place: each method takes the elements from
 * {@code from} on as long as a vector of them fits below {@code to}, and returns where the rest begins, which is the scalar
 * formula's task.
 *
 * <p>This class itself knows no vectors and leaves everything. {@code Lanes32} and {@code Lanes64} need the incubating
 * module jdk.incubator.vector, which Spark adds to its JVMs and a plain {@code java} lacks. They are compiled after all
 * other classes and known by name only, so a JVM without the module never loads them. The bits are the same either way.
 *
 * @param <A> float[] or double[]
 */
class Lanes<A> {
    /**
     * So many elements are left to the scalar formulas first: until it is compiled, which takes most of a second, vector
     * code is a thousand times slower than they are, and a short run would only ever pay.
     */
    private static final int WORTHWHILE = 1 << 24;

    private static final Lanes<float[]> NONE_32 = new Lanes<>();
    private static final Lanes<double[]> NONE_64 = new Lanes<>();

    // Threads may overwrite each other's counts: then the vectors come a little later.
    private static int asked32;
    private static int asked64;

    private static final class Found32 {
        static final Lanes<float[]> LANES = load("Lanes32", NONE_32, (none, found) -> agrees32(found));
    }

    private static final class Found64 {
        static final Lanes<double[]> LANES = load("Lanes64", NONE_64, (none, found) -> agrees64(found));
    }

    /** The vectors for a range of {@code count} floats, once there has been enough to do. */
    static Lanes<float[]> of32(int count) {
        if (asked32 < WORTHWHILE) {
            asked32 += Math.min(count, WORTHWHILE);
            return NONE_32;
        }
        return Found32.LANES;
    }

    /** The vectors for a range of {@code count} doubles, once there has been enough to do. */
    static Lanes<double[]> of64(int count) {
        if (asked64 < WORTHWHILE) {
            asked64 += Math.min(count, WORTHWHILE);
            return NONE_64;
        }
        return Found64.LANES;
    }

    /** The vectors of this JVM for floats, or this class where it has none. */
    static Lanes<float[]> found32() {
        return Found32.LANES;
    }

    /** The vectors of this JVM for doubles, or this class where it has none. */
    static Lanes<double[]> found64() {
        return Found64.LANES;
    }

    /** Whether classes for vectors may be there at all. */
    static boolean hasModule() {
        return ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
    }

    /**
     * The class of this package with that name, which needs the module. A JVM that has the module in another form than
     * expected, or computes other bits, gets {@code none}.
     *
     * @param agrees whether what was found has the bits of {@code none}
     */
    @SuppressWarnings("unchecked") // the name says which array
    static <T> T load(String name, T none, BiPredicate<T, T> agrees) {
        if (!hasModule()) {
            return none;
        }
        try {
            Rehearsal.begin();
            T found = (T) make(name);
            return agrees.test(none, found) ? found : none;
        } catch (ReflectiveOperationException | LinkageError | RuntimeException e) {
            return none;
        }
    }

    /** The class of this package with that name, which must be there. */
    static Object make(String name) throws ReflectiveOperationException {
        Class<?> type = Class.forName(Lanes.class.getPackageName() + "." + name);
        return type.getDeclaredConstructor().newInstance();
    }

    private interface Form<A> {
        int apply(A x, int from, int to);
    }

    private interface FloatFunction {
        float apply(float x);
    }

    private interface DoubleFunction {
        double apply(double x);
    }

    private static boolean agrees32(Lanes<float[]> lanes) {
        return agrees32(lanes::exp, Elementary32::exp)
                && agrees32(lanes::expm1, Elementary32::expm1)
                && agrees32(lanes::log, Elementary32::log)
                && agrees32(lanes::log1p, Elementary32::log1p)
                && agrees32(lanes::tanh, Elementary32::tanh)
                && agrees32(lanes::sigmoid, Elementary32::sigmoid)
                && agrees32(lanes::softplus, Elementary32::softplus)
                && agrees32(lanes::erf, Elementary32::erf)
                && agrees32(lanes::normalCdf, Elementary32::normalCdf)
                && agrees32(lanes::normalPdf, Elementary32::normalPdf);
    }

    private static boolean agrees64(Lanes<double[]> lanes) {
        return agrees64(lanes::exp, Elementary64::exp)
                && agrees64(lanes::expm1, Elementary64::expm1)
                && agrees64(lanes::log, Elementary64::log)
                && agrees64(lanes::log1p, Elementary64::log1p)
                && agrees64(lanes::tanh, Elementary64::tanh)
                && agrees64(lanes::sigmoid, Elementary64::sigmoid)
                && agrees64(lanes::softplus, Elementary64::softplus)
                && agrees64(lanes::erf, Elementary64::erf)
                && agrees64(lanes::normalCdf, Elementary64::normalCdf)
                && agrees64(lanes::normalPdf, Elementary64::normalPdf);
    }

    private static boolean agrees32(Form<float[]> form, FloatFunction function) {
        float[] x = {-3.5f, 2.5f, -0f, 0.625f, 9.5f, -0.375f, 1, -20, 0x1p-140f, 80, -90, 4, -0.75f, 1.75f, 0.25f, -1.5f
        };
        float[] values = x.clone();
        int end = form.apply(values, 0, values.length);
        for (int i = 0; i < end; i++) {
            if (Float.floatToIntBits(values[i]) != Float.floatToIntBits(function.apply(x[i]))) {
                return false;
            }
        }
        return true;
    }

    private static boolean agrees64(Form<double[]> form, DoubleFunction function) {
        double[] x = {-3.5, 2.5, -0.0, 0.625, 9.5, -0.375, 1, -20, 0x1p-1060, 700, -720, 4, -0.75, 1.75, 0.25, -1.5};
        double[] values = x.clone();
        int end = form.apply(values, 0, values.length);
        for (int i = 0; i < end; i++) {
            if (Double.doubleToLongBits(values[i]) != Double.doubleToLongBits(function.apply(x[i]))) {
                return false;
            }
        }
        return true;
    }

    /** e^x */
    int exp(A x, int from, int to) {
        return from;
    }

    /** e^x - 1 */
    int expm1(A x, int from, int to) {
        return from;
    }

    /** log x */
    int log(A x, int from, int to) {
        return from;
    }

    /** log(1 + x) */
    int log1p(A x, int from, int to) {
        return from;
    }

    /** tanh x */
    int tanh(A x, int from, int to) {
        return from;
    }

    /** 1 / (1 + e^-x) */
    int sigmoid(A x, int from, int to) {
        return from;
    }

    /** log(1 + e^x) */
    int softplus(A x, int from, int to) {
        return from;
    }

    /** erf x */
    int erf(A x, int from, int to) {
        return from;
    }

    /** The normal distribution function. */
    int normalCdf(A x, int from, int to) {
        return from;
    }

    /** The normal density. */
    int normalPdf(A x, int from, int to) {
        return from;
    }
}
