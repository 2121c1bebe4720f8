package dev.lockstep.data;

import dev.lockstep.Settings;
import java.util.List;

/**
 * The rows of a generator with other targets: numbers that stand for its classes, and each target column several
 * times, so that a layer without hidden ones is as many networks of one output, trained side by side.
 *
 * @param source of which only the targets change
 * @param labelValues the number to be learnt for each class; empty for the label itself
 * @param copies how often the target columns are repeated, at least 1
 */
record TargetColumns(Generator source, List<Double> labelValues, int copies) implements Generator {
    private static final int MOST_COLUMNS = 1 << 20;

    /** The generator itself, where the settings ask for neither. */
    static Generator over(Generator source, Settings settings) {
        List<Double> values = settings.numbers("label-values");
        if (settings.has("label-values") && source.classes() == 0) {
            throw settings.wrong("label-values", "this generator makes numbers, not classes; leave this key out");
        }
        if (settings.has("label-values") && values.size() != source.classes()) {
            throw settings.wrong("label-values", "expected one number for each of " + source.classes() + " classes");
        }
        int copies = settings.integer("copies", 1, 1, Math.max(1, MOST_COLUMNS / source.targets()));
        return values.isEmpty() && copies == 1 ? source : new TargetColumns(source, List.copyOf(values), copies);
    }

    @Override
    public int features() {
        return source.features();
    }

    @Override
    public long rows() {
        return source.rows();
    }

    @Override
    public int classes() {
        return source.classes();
    }

    @Override
    public int targets() {
        return copies * source.targets();
    }

    @Override
    public double make(long row, double[] features) {
        return source.make(row, features);
    }

    @Override
    public void targets(long row, double[] features, double label, double[] targets) {
        source.targets(row, features, labelValues.isEmpty() ? label : labelValues.get((int) label), targets);
        int width = source.targets();
        for (int i = width; i < targets.length; i++) {
            targets[i] = targets[i - width];
        }
    }
}
