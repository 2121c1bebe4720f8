package dev.lockstep.linalg;

import dev.ludovic.netlib.blas.BLAS;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Constructor;
import java.util.Optional;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.openblas.global.openblas_nolapack;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Products by OpenBLAS, one thread, called through netlib's JNI, which pins the Java arrays and copies nothing.
 *
 * <p>The library comes out of a Maven artifact and is unpacked by JavaCPP; nothing needs to be installed, and a slow
 * reference BLAS that the machine may have is never asked. A user who sets {@code dev.ludovic.netlib.blas.nativeLibPath}
 * gets that library. netlib picks its library once a JVM, at the first touch by anybody (MLlib, say); so its JNI class is
 * loaded here by a class loader of our own, and what others touched does not matter.
 */
final class NativeBlas extends Blas {
    private static final Logger LOG = LoggerFactory.getLogger(NativeBlas.class);
    private static final String PATH_PROPERTY = "dev.ludovic.netlib.blas.nativeLibPath";
    private static final String JNI_CLASS = "dev.ludovic.netlib.blas.JNIBLAS";

    /** Up to so many rows, and with so many weights, the factors are the other way round. */
    private static final int FEW_ROWS = 64;

    private static final long MANY_WEIGHTS = 1 << 14;

    private final BLAS blas;
    private final String name;
    private final String kernel;

    private NativeBlas(BLAS blas, String name) {
        this.blas = blas;
        this.name = name;
        this.kernel = name + " " + Long.toHexString(fingerprint());
    }

    /** The library, or nothing where it cannot load on this machine; the reason goes to the log. */
    static Optional<Blas> load() {
        String asked = System.getProperty(PATH_PROPERTY);
        try {
            String ours = unpacked();
            System.setProperty(PATH_PROPERTY, asked != null ? asked : ours);
            Constructor<?> constructor =
                    new IsolatedLoader().loadClass(JNI_CLASS).getDeclaredConstructor();
            constructor.setAccessible(true);
            String name = asked != null
                    ? new File(asked).getName()
                    : "OpenBLAS " + Loader.getVersion("org.bytedeco", "openblas");
            return Optional.of(new NativeBlas((BLAS) constructor.newInstance(), name));
        } catch (ReflectiveOperationException | LinkageError | RuntimeException | IOException e) {
            LOG.warn("OpenBLAS cannot load here ({}); plain Java computes instead, several times slower", e.toString());
            return Optional.empty();
        } finally {
            if (asked == null) {
                System.clearProperty(PATH_PROPERTY);
            }
        }
    }

    /** The path of the library, which computes with one thread from now on. */
    private static String unpacked() {
        String folder = new File(Loader.load(openblas_nolapack.class)).getParent();
        openblas_nolapack.blas_set_num_threads(1);
        return new File(folder, "libopenblas_nolapack.so.0").getPath();
    }

    /** Leaves the library's path where netlib looks for it on behalf of others. */
    static boolean share() {
        if (!(Blas.of(Kind.NATIVE) instanceof NativeBlas)) {
            return false;
        }
        if (System.getProperty(PATH_PROPERTY) == null) {
            System.setProperty(PATH_PROPERTY, unpacked());
        }
        return true;
    }

    /** Lets netlib find no library on behalf of others. Ours is loaded before, so that it is found. */
    static void hide() {
        Blas.of(Kind.NATIVE);
        System.setProperty(PATH_PROPERTY, "none");
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String kernel() {
        return kernel;
    }

    @Override
    public void outputs(int n, int m, int k, Buffer x, Nonzeros nonzeros, Buffer w, int wFrom, Buffer z, boolean add) {
        if (n <= FEW_ROWS && (long) m * k >= MANY_WEIGHTS) {
            transposedOutputs(n, m, k, x, w, wFrom, z, add);
        } else {
            product("T", "N", m, n, k, w, wFrom, k, x, 0, k, add, z, 0, m);
        }
    }

    /**
     * The same product with its factors the other way round. For few rows most of the time goes into OpenBLAS's packing
     * of the weights, which it does faster as the second factor: a quarter less for 16 rows and 256 x 784 weights.
     */
    private void transposedOutputs(int n, int m, int k, Buffer x, Buffer w, int wFrom, Buffer z, boolean add) {
        Buffer transposed = scratch(z.precision(), 1, n * m)[0];
        product("T", "N", n, m, k, x, 0, k, w, wFrom, k, false, transposed, 0, n);
        if (z instanceof Buffer.Of32 z32) {
            float[] source = ((Buffer.Of32) transposed).array();
            float[] target = z32.array();
            for (int i = 0; i < n; i++) {
                for (int j = 0; j < m; j++) {
                    target[i * m + j] = (add ? target[i * m + j] : 0f) + source[j * n + i];
                }
            }
        } else {
            double[] source = ((Buffer.Of64) transposed).array();
            double[] target = ((Buffer.Of64) z).array();
            for (int i = 0; i < n; i++) {
                for (int j = 0; j < m; j++) {
                    target[i * m + j] = (add ? target[i * m + j] : 0.0) + source[j * n + i];
                }
            }
        }
    }

    @Override
    public void inputs(int n, int m, int k, Buffer d, Buffer w, int wFrom, Buffer e) {
        product("N", "N", k, n, m, w, wFrom, k, d, 0, m, false, e, 0, k);
    }

    @Override
    public void weightGradient(
            int n, int m, int k, Buffer d, Buffer x, Nonzeros nonzeros, Buffer g, int gFrom, boolean add) {
        product("N", "T", k, m, n, x, 0, k, d, 0, m, add, g, gFrom, k);
    }

    /** BLAS's gemm, column-major: a row-major matrix is its own transpose there. */
    private void product(
            String transposeA,
            String transposeB,
            int m,
            int n,
            int k,
            Buffer a,
            int aFrom,
            int lda,
            Buffer b,
            int bFrom,
            int ldb,
            boolean add,
            Buffer c,
            int cFrom,
            int ldc) {
        if (c instanceof Buffer.Of32 c32) {
            float[] a32 = ((Buffer.Of32) a).array();
            float[] b32 = ((Buffer.Of32) b).array();
            float beta = add ? 1f : 0f;
            blas.sgemm(
                    transposeA,
                    transposeB,
                    m,
                    n,
                    k,
                    1f,
                    a32,
                    aFrom,
                    lda,
                    b32,
                    bFrom,
                    ldb,
                    beta,
                    c32.array(),
                    cFrom,
                    ldc);
        } else {
            double[] a64 = ((Buffer.Of64) a).array();
            double[] b64 = ((Buffer.Of64) b).array();
            double[] c64 = ((Buffer.Of64) c).array();
            double beta = add ? 1.0 : 0.0;
            blas.dgemm(transposeA, transposeB, m, n, k, 1.0, a64, aFrom, lda, b64, bFrom, ldb, beta, c64, cFrom, ldc);
        }
    }

    /** A hash of the bits of a few products of odd shapes in both precisions: CPUs with other kernels have another one. */
    private long fingerprint() {
        int[][] shapes = {{7, 13, 29}, {64, 10, 256}, {33, 70, 129}, {250, 48, 96}, {16, 128, 144}};
        long hash = 0;
        for (Precision precision : Precision.values()) {
            for (int[] shape : shapes) {
                int n = shape[0];
                int m = shape[1];
                int k = shape[2];
                Buffer x = noise(precision, n * k, 1);
                Buffer w = noise(precision, m * k, 2);
                Buffer z = Buffer.allocate(precision, n * m);
                Buffer e = Buffer.allocate(precision, n * k);
                Buffer g = noise(precision, m * k, 3);
                outputs(n, m, k, x, w, 0, z, false);
                inputs(n, m, k, z, w, 0, e);
                weightGradient(n, m, k, z, e, g, 0, true);
                weightGradient(n, m, k, z, x, w, 0, false);
                for (int i = 0; i < g.length(); i++) {
                    hash = Mixing.mix(hash, Double.doubleToLongBits(g.get(i)));
                    hash = Mixing.mix(hash, Double.doubleToLongBits(w.get(i)));
                }
            }
        }
        return hash;
    }

    private static Buffer noise(Precision precision, int length, long key) {
        Buffer buffer = Buffer.allocate(precision, length);
        for (int i = 0; i < length; i++) {
            buffer.set(i, Mixing.uniform(Mixing.mix(key, i)) - 0.5);
        }
        return buffer;
    }

    /** Loads netlib's JNI class and its superclass anew, everything else (its public interfaces above all) as usual. */
    private static final class IsolatedLoader extends ClassLoader {
        IsolatedLoader() {
            super(BLAS.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (!name.equals(JNI_CLASS) && !name.equals("dev.ludovic.netlib.blas.AbstractBLAS")) {
                return super.loadClass(name, resolve);
            }
            synchronized (getClassLoadingLock(name)) {
                Class<?> loaded = findLoadedClass(name);
                return loaded != null ? loaded : define(name);
            }
        }

        private Class<?> define(String name) throws ClassNotFoundException {
            try (InputStream stream = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
                if (stream == null) {
                    throw new ClassNotFoundException(name);
                }
                byte[] bytes = stream.readAllBytes();
                return defineClass(name, bytes, 0, bytes.length);
            } catch (IOException e) {
                throw new ClassNotFoundException(name, e);
            }
        }
    }
}
