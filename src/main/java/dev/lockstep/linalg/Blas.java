package dev.lockstep.linalg;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * The three matrix products that a dense layer needs, over row-major matrices in {@link Buffer}s of one precision.
 *
 * <p>An implementation gives the same bits for the same shapes and values, whenever and on whichever thread it is called;
 * {@link #kernel} tells implementations apart whose bits may differ. One call uses one thread.
 */
public abstract class Blas {
    private static final ThreadLocal<Map<Precision, Buffer[]>> SCRATCH =
            ThreadLocal.withInitial(() -> new EnumMap<>(Precision.class));

    /** What a user may ask for. */
    public enum Kind {
        /** OpenBLAS where it loads, else Java. Its bits depend on the type of the CPU. */
        NATIVE,
        /** Java on vector registers: the same bits on every kind of CPU and for every shape of a product. */
        JAVA;

        /** The word in a configuration. */
        public String key() {
            return this == NATIVE ? "native" : "java";
        }
    }

    private static final class Native {
        static final Blas FOUND = NativeBlas.load().orElseGet(PortableBlas::new);
    }

    private static final class Java {
        static final Blas PORTABLE = new PortableBlas();
    }

    /** The implementation for this JVM, loaded on the first call; says nothing and asks nobody before. */
    public static Blas of(Kind kind) {
        return kind == Kind.NATIVE ? Native.FOUND : Java.PORTABLE;
    }

    /** The library and its version, as a person would name it. */
    public abstract String name();

    /**
     * Equal for two JVMs only if their products have the same bits: a name, and for a library that picks its code by CPU
     * a fingerprint of what it computes.
     */
    public abstract String kernel();

    /**
     * Whether the bits of a product's entry may depend on how many rows and columns the product has. Else they depend on
     * the entry's two vectors alone, and a product may be cut or widened as one likes.
     */
    public boolean dependsOnShape() {
        return true;
    }

    /**
     * z = x * transposed(w), or with {@code add} z += that: the outputs of a layer.
     *
     * @param n rows of x [n, k] and z [n, m]
     * @param m rows of w [m, k], which starts at {@code wFrom}
     * @param k columns of x and w
     */
    public final void outputs(int n, int m, int k, Buffer x, Buffer w, int wFrom, Buffer z, boolean add) {
        outputs(n, m, k, x, null, w, wFrom, z, add);
    }

    /**
     * As above, with the same bits.
     *
     * @param nonzeros of x: what is zero may be left out; null if they are not known
     */
    public abstract void outputs(
            int n, int m, int k, Buffer x, Nonzeros nonzeros, Buffer w, int wFrom, Buffer z, boolean add);

    /**
     * e = d * w: what a layer's outputs' derivatives d mean for its inputs.
     *
     * @param n rows of d [n, m] and e [n, k]
     * @param m columns of d, rows of w [m, k], which starts at {@code wFrom}
     * @param k columns of w and e
     */
    public abstract void inputs(int n, int m, int k, Buffer d, Buffer w, int wFrom, Buffer e);

    /**
     * g = transposed(d) * x, or with {@code add} g += that: the sum over rows of a layer's weight gradient.
     *
     * @param n rows of d [n, m] and x [n, k]
     * @param m columns of d, rows of g [m, k], which starts at {@code gFrom}
     * @param k columns of x and g
     */
    public final void weightGradient(int n, int m, int k, Buffer d, Buffer x, Buffer g, int gFrom, boolean add) {
        weightGradient(n, m, k, d, x, null, g, gFrom, add);
    }

    /**
     * As above, with the same bits.
     *
     * @param nonzeros of x: what is zero may be left out; null if they are not known
     */
    public abstract void weightGradient(
            int n, int m, int k, Buffer d, Buffer x, Nonzeros nonzeros, Buffer g, int gFrom, boolean add);

    /**
     * For each of some points that saw the same rows, the sum of {@link #weightGradient} over one to four sets of rows, each
     * set's rounded to the buffers' precision, added in double precision as {@code (g0 + g1) + (g2 + g3)}: the same bits as
     * by calls for each point and set.
     *
     * @param sets number of sets
     * @param n rows of each set
     * @param d of each point and set [n, m]
     * @param x of each set [n, k]
     * @param nonzeros of each set's x: what is zero may be left out; null where they are not known
     * @param sums of each point, receives [m, k] at {@code sumFrom}
     */
    public void sumsOfWeightGradients(
            int sets,
            int[] n,
            int m,
            int k,
            List<Buffer[]> d,
            Buffer[] x,
            Nonzeros[] nonzeros,
            List<double[]> sums,
            int sumFrom) {
        Buffer[] leaves = scratch(x[0].precision(), sets, Math.multiplyExact(m, k));
        for (int point = 0; point < d.size(); point++) {
            for (int i = 0; i < sets; i++) {
                weightGradient(n[i], m, k, d.get(point)[i], x[i], leaves[i], 0, false);
            }
            Buffer.sumOfUpToFour(leaves, sets, m * k, sums.get(point), sumFrom);
        }
    }

    /** What products copy of their factors: whoever works with them keeps it from one call to the next. */
    public static final class Copies {
        private Object of32;
        private Object of64;

        Object of(Precision precision) {
            return precision == Precision.FLOAT32 ? of32 : of64;
        }

        void put(Precision precision, Object copies) {
            if (precision == Precision.FLOAT32) {
                of32 = copies;
            } else {
                of64 = copies;
            }
        }
    }

    /**
     * Lets this thread's products use copies that another thread may have used before it, until they are {@link #carryOff
     * carried off}. Many threads that take turns would else have as many copies, and none of them in the cache.
     */
    public void bring(Copies copies) {}

    /** The end of what {@link #bring} began. */
    public void carryOff() {}

    /**
     * This thread's promise that w will not change until it {@link #release releases} it: what products copy of its weights
     * may be used again.
     */
    public void hold(Buffer w) {}

    /** The end of what {@link #hold} began. */
    public void release() {}

    /** This thread's buffers for one call, of at least that length. */
    static Buffer[] scratch(Precision precision, int count, int length) {
        Buffer[] buffers = SCRATCH.get().computeIfAbsent(precision, p -> new Buffer[SumLanes.MOST_TERMS]);
        for (int i = 0; i < count; i++) {
            if (buffers[i] == null || buffers[i].length() < length) {
                buffers[i] = Buffer.allocate(precision, length);
            }
        }
        return buffers;
    }
}
