package dev.lockstep.linalg;

import dev.ludovic.netlib.lapack.JavaLAPACK;
import dev.ludovic.netlib.lapack.LAPACK;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.netlib.util.intW;

/**
 * The LAPACK of eigenvalues, and the one that breeze asks for factors: Java's, as translated from Fortran by f2j, so that
 * results have the same bits on every machine.
 *
 * <p>Left alone, netlib gives breeze whatever {@code liblapack.so.3} the machine has, with as many threads as that likes: other
 * bits on another machine, without a word. It chooses once a JVM, at the first touch by anybody; here it is touched first
 * where that is still possible, with the native one out of sight. Who wants speed sets {@code
 * dev.ludovic.netlib.lapack.nativeLibPath} or {@code nativeLib} to a library, and answers for its bits.
 */
final class Lapack {
    private static final String PATH_PROPERTY = "dev.ludovic.netlib.lapack.nativeLibPath";
    private static final String NAME_PROPERTY = "dev.ludovic.netlib.lapack.nativeLib";
    private static final String CHOSEN = choose();

    /** Doubles of work space a row: dsytrd's blocks of 32, and two more. */
    private static final int WORK = 34;

    private Lapack() {}

    private static String choose() {
        boolean asked = System.getProperty(PATH_PROPERTY) != null || System.getProperty(NAME_PROPERTY) != null;
        if (asked) {
            return LAPACK.getInstance().getClass().getSimpleName();
        }
        // It would warn that it has not found what it must not find.
        Logger logger = Logger.getLogger("dev.ludovic.netlib.lapack.InstanceBuilder");
        Level level = logger.getLevel();
        logger.setLevel(Level.OFF);
        System.setProperty(PATH_PROPERTY, "none");
        try {
            return LAPACK.getInstance().getClass().getSimpleName();
        } finally {
            System.clearProperty(PATH_PROPERTY);
            logger.setLevel(level);
        }
    }

    /** The class behind breeze's factors in this JVM; the first call makes netlib choose. */
    static String chosen() {
        return CHOSEN;
    }

    /**
     * Eigenvalues of a symmetric n x n matrix, and its eigenvectors if they are wanted (LAPACK's dsyev), in Java whatever
     * breeze has: n = 1,000 takes a second, with vectors 5; n = 5,000 takes 100 seconds.
     *
     * @param entries become the eigenvectors, one after the other, if wanted, else rubbish
     * @return n eigenvalues, ascending
     * @throws ArithmeticException if the iteration does not converge
     */
    static double[] symmetric(int n, double[] entries, boolean vectors) {
        double[] values = new double[n];
        double[] work = new double[WORK * n];
        intW info = new intW(0);
        JavaLAPACK.getInstance().dsyev(vectors ? "V" : "N", "L", n, entries, n, values, work, work.length, info);
        return converged("dsyev", info, values);
    }

    /**
     * Eigenvalues and eigenvectors of a symmetric tridiagonal matrix of order m (LAPACK's dstev), in Java whatever breeze
     * has: 30 m^2 operations, and 6 m^3 for the vectors.
     *
     * @param diagonal m entries; becomes the eigenvalues, ascending
     * @param offDiagonal m - 1 entries, is overwritten
     * @return the eigenvectors, one after the other
     * @throws ArithmeticException if the iteration does not converge
     */
    static double[] tridiagonal(double[] diagonal, double[] offDiagonal) {
        int m = diagonal.length;
        double[] vectors = new double[m * m];
        intW info = new intW(0);
        JavaLAPACK.getInstance()
                .dstev("V", m, diagonal, offDiagonal, vectors, m, new double[Math.max(1, 2 * m - 2)], info);
        return converged("dstev", info, vectors);
    }

    private static double[] converged(String routine, intW info, double[] result) {
        if (info.val != 0) {
            throw new ArithmeticException("eigenvalues did not converge: LAPACK's " + routine + " says " + info.val);
        }
        return result;
    }
}
