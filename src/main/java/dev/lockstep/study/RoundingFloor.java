package dev.lockstep.study;

import java.util.Arrays;

/**
 * Where a falling sequence comes to rest: there it is rounding, and says nothing of a method.
 *
 * <p>The level is the median of the last tenth. Candidates are all points from the first one within a factor of 3
 * of it. They are a floor if they are at least ten and a tenth of all, if the sequence began at least 1,000 times
 * higher, if their two halves have medians within a factor of 1.5 of each other, and if at least a quarter of their
 * steps do not go down. A sequence that falls like r^k or k^-p, p at least 1/2, fails the last two. Rounding is
 * felt before: what is within a factor of 100 of a floor's level belongs to it.
 */
final class RoundingFloor {
    private static final double NEAR = Math.log(3);
    private static final double ABOVE = Math.log(1000);
    private static final double FELT = Math.log(100);
    private static final double LEVEL = Math.log(1.5);
    private static final double NOT_DOWN = 0.25;
    private static final int FEWEST = 10;

    private RoundingFloor() {}

    /**
     * The first index at which the floor is felt.
     *
     * @param logs logarithms of the sequence
     * @return the length of the sequence if there is no floor
     */
    static int start(double[] logs) {
        int n = logs.length;
        if (n < 2 * FEWEST) {
            return n;
        }
        double level = median(logs, n - Math.max(FEWEST / 2, n / 10), n);
        int start = firstBelow(logs, level + NEAR);
        int length = n - start;
        if (length < Math.max(FEWEST, n / 10) || logs[0] < level + ABOVE) {
            return n;
        }
        int middle = start + length / 2;
        boolean isLevel = Math.abs(median(logs, start, middle) - median(logs, middle, n)) < LEVEL;
        return isLevel && shareNotDown(logs, start) >= NOT_DOWN ? firstBelow(logs, level + FELT) : n;
    }

    private static int firstBelow(double[] logs, double bound) {
        int first = 0;
        while (logs[first] > bound) {
            first++;
        }
        return first;
    }

    private static double shareNotDown(double[] logs, int start) {
        int notDown = 0;
        for (int i = start + 1; i < logs.length; i++) {
            if (logs[i] >= logs[i - 1]) {
                notDown++;
            }
        }
        return (double) notDown / (logs.length - 1 - start);
    }

    private static double median(double[] values, int from, int to) {
        double[] sorted = Arrays.copyOfRange(values, from, to);
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
