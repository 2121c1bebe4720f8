package dev.lockstep.data;

import dev.lockstep.InputException;
import java.io.Serializable;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/**
 * Weights of the classes: each row's own weight is multiplied by that of its class.
 *
 * @param given by name of the class, 1 for those that are not named; null for balanced ones: rows / (classes * rows of
 *     the class), so that every class has the same weight in all
 */
public record ClassWeights(TreeMap<String, Double> given) implements Serializable {
    public static ClassWeights balanced() {
        return new ClassWeights(null);
    }

    public static ClassWeights of(Map<String, Double> given) {
        return new ClassWeights(new TreeMap<>(given));
    }

    /**
     * The weights by number of the class.
     *
     * @param rows training rows of each class
     */
    double[] of(Classes classes, long[] rows) {
        double[] weights = new double[classes.count()];
        Arrays.fill(weights, 1.0);
        if (given == null) {
            long all = Arrays.stream(rows).sum();
            for (int i = 0; i < weights.length; i++) {
                weights[i] = rows[i] == 0 ? 1.0 : (double) all / ((double) classes.count() * rows[i]);
            }
            return weights;
        }
        given.forEach((name, weight) -> {
            int index = classes.indexOf(name);
            if (index < 0) {
                throw new InputException("data.class-weights names the class \"" + name + "\", but the classes are "
                        + Names.some(classes.names()));
            }
            weights[index] = weight;
        });
        return weights;
    }
}
