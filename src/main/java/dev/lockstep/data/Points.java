package dev.lockstep.data;

import dev.lockstep.Settings;

/**
 * Rows that the configuration writes out: small problems whose every number is known.
 *
 * @param points features, one array a row
 * @param labels the class of each row from 0; null if there are targets
 * @param numbers targets of each row, one array a row; null if there are labels
 */
record Points(double[][] points, int[] labels, double[][] numbers) implements Generator {
    static Points read(Settings settings) {
        double[][] points = GeneratorKeys.points(settings, "features", 0);
        if (points.length == 0) {
            throw settings.wrong("features", "expected a list of rows, such as [[0, 1], [1, 0]]");
        }
        if (settings.has("labels") == settings.has("targets")) {
            throw settings.wrong(
                    "labels",
                    settings.has("targets")
                            ? "give either labels, which are classes, or targets, which are numbers"
                            : "expected a class for each row, such as [0, 1]; or targets, such as [[0.9], [0.1]]");
        }
        if (settings.has("labels")) {
            return new Points(points, GeneratorKeys.labels(settings, "labels", points.length), null);
        }
        double[][] targets = GeneratorKeys.points(settings, "targets", 0);
        if (targets.length != points.length) {
            throw settings.wrong("targets", "expected a list of targets for each of " + points.length + " rows");
        }
        return new Points(points, null, targets);
    }

    @Override
    public int features() {
        return points[0].length;
    }

    @Override
    public long rows() {
        return points.length;
    }

    @Override
    public int classes() {
        int most = 0;
        for (int i = 0; labels != null && i < labels.length; i++) {
            most = Math.max(most, labels[i] + 1);
        }
        return most;
    }

    @Override
    public int targets() {
        return numbers == null ? 1 : numbers[0].length;
    }

    @Override
    public double make(long row, double[] features) {
        System.arraycopy(points[(int) row], 0, features, 0, features.length);
        return labels == null ? numbers[(int) row][0] : labels[(int) row];
    }

    @Override
    public void targets(long row, double[] features, double label, double[] targets) {
        if (numbers == null) {
            targets[0] = label;
        } else {
            System.arraycopy(numbers[(int) row], 0, targets, 0, numbers[0].length);
        }
    }
}
