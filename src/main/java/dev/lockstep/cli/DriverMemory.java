package dev.lockstep.cli;

import dev.lockstep.InputException;
import java.util.Locale;

/**
 * Whether training fits into the driver's memory: the vectors of the loop and its optimizer, the results in flight, and in
 * local mode the rows, which live in the same process.
 *
 * @param parameters P
 * @param optimizerVectors of P doubles that the optimizer keeps alive at most
 * @param tasks whose sums may be there at the same time
 * @param rowBytes of rows in this process
 */
record DriverMemory(long parameters, long optimizerVectors, int tasks, long rowBytes) {
    /** The point before, the best one, which parameters are weights, and a vector on its way into a file. */
    private static final int LOOP_VECTORS = 4;

    /** A result is there as bytes, as an array, and as a part of the sum. */
    private static final int COPIES_IN_FLIGHT = 3;

    /** What a collector needs to breathe, and Spark itself. */
    private static final double SHARE = 0.8;

    /** Bytes at the peak of a step. */
    long bytes() {
        return 8 * parameters * (optimizerVectors + LOOP_VECTORS + (long) COPIES_IN_FLIGHT * tasks) + rowBytes;
    }

    /**
     * This run beside others on the same rows.
     *
     * @param vectors of the others' optimizers
     * @param runs how many others
     */
    DriverMemory with(long vectors, int runs) {
        return new DriverMemory(
                parameters, optimizerVectors + vectors + (long) runs * LOOP_VECTORS, (runs + 1) * tasks, rowBytes);
    }

    boolean fits(long heap) {
        return bytes() <= SHARE * heap;
    }

    /**
     * Refuses a run that cannot fit.
     *
     * @param heap bytes that the driver may use
     * @throws InputException names what takes how much, and the memory that would do
     */
    void check(long heap) {
        if (fits(heap)) {
            return;
        }
        throw new InputException(String.format(
                Locale.ROOT,
                "%,d parameters need %,d MB on the driver (%d vectors of the optimizer and %d of the loop, sums of %d tasks "
                        + "in flight%s), and it has %,d MB; add -- --driver-memory %dg, or choose an optimizer with less "
                        + "state",
                parameters,
                bytes() >> 20,
                optimizerVectors,
                LOOP_VECTORS,
                tasks,
                rowBytes == 0 ? "" : String.format(Locale.ROOT, ", %,d MB of rows", rowBytes >> 20),
                heap >> 20,
                (long) Math.ceil(bytes() / SHARE / (1 << 30) + 0.1)));
    }
}
