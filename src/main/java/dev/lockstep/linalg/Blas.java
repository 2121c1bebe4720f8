package dev.lockstep.linalg;

/**
 * The three matrix products that a dense layer needs, over row-major matrices in {@link Buffer}s of one precision.
 *
 * <p>An implementation gives the same bits for the same shapes and values, whenever and on whichever thread it is called;
 * {@link #kernel} tells implementations apart whose bits may differ. One call uses one thread.
 */
public abstract class Blas {
    /** What a user may ask for. */
    public enum Kind {
        /** OpenBLAS where it loads, else plain Java. Its bits depend on the type of the CPU. */
        NATIVE,
        /** Plain Java: the same bits on every kind of CPU. */
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
     * z = x * transposed(w), or with {@code add} z += that: the outputs of a layer.
     *
     * @param n rows of x [n, k] and z [n, m]
     * @param m rows of w [m, k], which starts at {@code wFrom}
     * @param k columns of x and w
     */
    public abstract void outputs(int n, int m, int k, Buffer x, Buffer w, int wFrom, Buffer z, boolean add);

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
    public abstract void weightGradient(int n, int m, int k, Buffer d, Buffer x, Buffer g, int gFrom, boolean add);
}
