package dev.lockstep.data;

import dev.lockstep.InputException;
import java.io.Serializable;

/**
 * What is learnt from the training rows and then done to every row: missing features filled in, features and targets
 * standardized, rows weighted by class. Each part is null where it is not wanted.
 *
 * @param fillings what stands for a missing feature, by feature, after scaling
 * @param features of the features
 * @param targets of the targets
 * @param classWeights factor on a row's weight, by class; for training rows only
 */
public record Preparation(double[] fillings, Standardization features, Standardization targets, double[] classWeights)
        implements Serializable {
    /** Rows as they come. */
    public static final Preparation NONE = new Preparation(null, null, null, null);

    /** The same for rows that are not learnt from. */
    Preparation withoutClassWeights() {
        return new Preparation(fillings, features, targets, null);
    }

    /** The same with these weights of classes. */
    public Preparation withClassWeights(double[] weights) {
        return new Preparation(fillings, features, targets, weights);
    }

    /** A feature, prepared. */
    double feature(double value, int index) {
        double filled = fillings != null && Double.isNaN(value) ? fillings[index] : value;
        return features == null ? filled : features.apply(filled, index);
    }

    /** Prepares the features of a row in place. */
    public void apply(double[] row) {
        if (fillings != null || features != null) {
            for (int j = 0; j < row.length; j++) {
                row[j] = feature(row[j], j);
            }
        }
    }

    /** Refuses a source whose missing features are to be filled in, if nothing was learnt to fill them with. */
    void refuseUnfilled(Source source) {
        if (source.fillsMissing() && fillings == null) {
            throw new InputException(
                    "missing = mean, but the network was trained without it, so there are no means to fill "
                            + "in; use missing = fail or skip");
        }
    }

    /** Whether features are changed at all. */
    boolean changesFeatures() {
        return fillings != null || features != null;
    }

    /**
     * What to learn.
     *
     * @param fill the means of the features, to stand for missing ones
     * @param standardize mean and deviation of the features
     * @param standardizeTargets the same of the targets
     * @param classWeights weights of the classes, or null
     */
    public record Wanted(boolean fill, boolean standardize, boolean standardizeTargets, ClassWeights classWeights)
            implements Serializable {
        boolean needsMoments() {
            return fill || standardize;
        }

        boolean isNothing() {
            return !needsMoments() && !standardizeTargets && classWeights == null;
        }
    }
}
