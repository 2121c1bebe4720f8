package dev.lockstep.study;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The lines of one level on a grid, cell by cell, joined into lines as long as they go.
 *
 * <p>A line crosses the side of a cell between a corner at or above the level and one below it. Two or four sides of a cell
 * are crossed. Of the two ways to join four, at a saddle, the mean of the corners decides: at or above the level, the two
 * upper corners hang together, and each lower one is cut off. Each crossing belongs to at most two cells, so lines never
 * branch.
 *
 * <p>Source: Lorensen, Cline, Marching cubes, SIGGRAPH 1987, doi:10.1145/37401.37422, in two dimensions.
 */
final class MarchingSquares {
    private static final int NONE = -1;

    private final double[] x;
    private final double[] y;
    private final double[][] z;
    private final double level;

    /** The crossings that a crossing is joined with; a side's number is {@link #below} or {@link #left}. */
    private final int[] one;

    private final int[] other;

    /**
     * @param x places of the columns, ascending
     * @param y places of the rows, ascending
     * @param z values, a row for each y; where one is not finite there are no lines
     */
    MarchingSquares(double[] x, double[] y, double[][] z, double level) {
        this.x = x;
        this.y = y;
        this.z = z;
        this.level = level;
        this.one = new int[2 * x.length * y.length];
        this.other = new int[one.length];
        Arrays.fill(one, NONE);
        Arrays.fill(other, NONE);
    }

    /** The lines, each a list of vertices {x, y}; a closed line ends with its first vertex. To be called once. */
    List<double[][]> lines() {
        for (int row = 0; row + 1 < y.length; row++) {
            for (int column = 0; column + 1 < x.length; column++) {
                cross(row, column);
            }
        }
        List<double[][]> lines = new ArrayList<>();
        for (int side = 0; side < one.length; side++) {
            if (one[side] != NONE && other[side] == NONE) {
                follow(side, lines);
            }
        }
        for (int side = 0; side < one.length; side++) {
            if (one[side] != NONE) {
                follow(side, lines);
            }
        }
        return lines;
    }

    /** The side between a corner and its right neighbour. */
    private int below(int row, int column) {
        return 2 * (row * x.length + column);
    }

    /** The side between a corner and the one above it. */
    private int left(int row, int column) {
        return below(row, column) + 1;
    }

    private void cross(int row, int column) {
        double[] corners = {z[row][column], z[row][column + 1], z[row + 1][column + 1], z[row + 1][column]};
        if (!Arrays.stream(corners).allMatch(Double::isFinite)) {
            return;
        }
        // Side i is the one between corner i and the next, counter-clockwise.
        int[] sides = {below(row, column), left(row, column + 1), below(row + 1, column), left(row, column)};
        int[] crossed = new int[4];
        int count = 0;
        for (int i = 0; i < 4; i++) {
            if (isUpper(corners[i]) != isUpper(corners[(i + 1) % 4])) {
                crossed[count++] = sides[i];
            }
        }
        if (count == 2) {
            join(crossed[0], crossed[1]);
        } else if (count == 4) {
            double mean = corners[0] / 4 + corners[1] / 4 + corners[2] / 4 + corners[3] / 4;
            // Corner 1 lies between sides 0 and 1, and is cut off if it is not of the mean's kind.
            if (isUpper(mean) != isUpper(corners[1])) {
                join(sides[0], sides[1]);
                join(sides[2], sides[3]);
            } else {
                join(sides[3], sides[0]);
                join(sides[1], sides[2]);
            }
        }
    }

    private boolean isUpper(double value) {
        return value >= level;
    }

    private void join(int a, int b) {
        note(a, b);
        note(b, a);
    }

    private void note(int at, int to) {
        if (one[at] == NONE) {
            one[at] = to;
        } else {
            other[at] = to;
        }
    }

    /** Takes the line through a side out of the joins. */
    private void follow(int start, List<double[][]> lines) {
        List<double[]> line = new ArrayList<>();
        boolean closed = other[start] != NONE;
        int before = NONE;
        int at = start;
        while (at != NONE && one[at] != NONE) {
            add(line, vertex(at));
            int next = one[at] == before ? other[at] : one[at];
            one[at] = NONE;
            other[at] = NONE;
            before = at;
            at = next;
        }
        if (closed) {
            add(line, vertex(start));
        }
        if (line.size() > 1) {
            lines.add(line.toArray(new double[0][]));
        }
    }

    /** Crossings beside a corner that is at the level are the corner. */
    private static void add(List<double[]> line, double[] vertex) {
        if (line.isEmpty() || !Arrays.equals(line.get(line.size() - 1), vertex)) {
            line.add(vertex);
        }
    }

    private double[] vertex(int side) {
        int row = side / 2 / x.length;
        int column = side / 2 % x.length;
        double here = z[row][column];
        if (side % 2 == 0) {
            double share = share(here, z[row][column + 1]);
            return new double[] {x[column] + share * (x[column + 1] - x[column]), y[row]};
        }
        double share = share(here, z[row + 1][column]);
        return new double[] {x[column], y[row] + share * (y[row + 1] - y[row])};
    }

    /** Where between two values the level lies, from 0 to 1. */
    private double share(double from, double to) {
        return Math.max(0, Math.min(1, (level - from) / (to - from)));
    }
}
