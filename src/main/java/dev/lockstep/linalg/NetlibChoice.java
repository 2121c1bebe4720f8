package dev.lockstep.linalg;

import dev.ludovic.netlib.blas.JavaBLAS;
import dev.ludovic.netlib.blas.NativeBLAS;

/**
 * Which BLAS netlib gives to others in this JVM, MLlib above all. It chooses once, at the first touch by anybody, and a
 * wish that comes later is without effect; what {@link Blas} computes with does not depend on it.
 */
public enum NetlibChoice {
    /** The library that {@link Blas.Kind#NATIVE} computes with, one thread. */
    OURS {
        @Override
        public boolean wish() {
            return NativeBlas.share();
        }
    },
    /** Java, as on a machine without a native library: netlib would take any that it finds. */
    JAVA {
        @Override
        public boolean wish() {
            NativeBlas.hide();
            return true;
        }
    };

    /**
     * To be called before netlib is touched.
     *
     * @return whether this machine can have it
     */
    public abstract boolean wish();

    /** The class that MLlib's own rule leads to: a native one if netlib finds a library, else Java's. Touches netlib. */
    public static String made() {
        try {
            return NativeBLAS.getInstance().getClass().getSimpleName();
        } catch (RuntimeException | LinkageError e) {
            return JavaBLAS.getInstance().getClass().getSimpleName();
        }
    }
}
