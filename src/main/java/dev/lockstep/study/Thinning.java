package dev.lockstep.study;

import java.util.TreeSet;

/** Which points of a curve the report shows. */
final class Thinning {
    /** Most points of a curve in the report. */
    static final int MOST = 400;

    private Thinning() {}

    /**
     * The indices of at most {@link #MOST} points, ascending: the first and the last, the last of each epoch where
     * these are not too many, the others evenly spaced.
     *
     * @param epochs the epoch of each point, ascending
     */
    static int[] indices(double[] epochs) {
        int n = epochs.length;
        TreeSet<Integer> chosen = new TreeSet<>();
        for (int i = 0; i < n; i++) {
            if (i == n - 1 || epochs[i] != epochs[i + 1]) {
                chosen.add(i);
            }
        }
        if (chosen.size() >= MOST) {
            chosen.clear();
        }
        int free = Math.min(n, MOST - chosen.size());
        for (int i = 0; i < free; i++) {
            chosen.add(free == 1 ? 0 : (int) ((long) i * (n - 1) / (free - 1)));
        }
        return chosen.stream().mapToInt(Integer::intValue).toArray();
    }
}
