package dev.lockstep.observe;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.data.Standardization;
import dev.lockstep.network.Sums;
import dev.lockstep.network.Tally;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a model is worth on a set of rows.
 *
 * <p>The loss is the weighted mean without penalty, of standardized targets where they are; all else counts every row once, whatever its weight. F1 of a class is
 * 2 correct / (actual + predicted); the macro mean is over classes that occur, in the rows or in the predictions. With
 * numbers, rmse and mae are over all outputs together, and r2 is the mean over outputs of 1 - squares / deviations (of a constant
 * target: 1 if it is met exactly, else 0).
 *
 * @param rows number of rows
 * @param loss weighted mean
 * @param values by name: accuracy, errors, macroF1, or rmse, mae, r2
 * @param perClass by name of class: rows, precision, recall, f1; empty for numbers
 */
public record Metrics(long rows, double loss, Map<String, Double> values, Map<String, Map<String, Double>> perClass) {

    /**
     * Metrics of sums that hold a tally.
     *
     * @param classNames in the order of their numbers; empty for numbers
     * @param targets how targets were standardized, to say errors in their own units; null if they were not
     */
    public static Metrics of(Sums sums, List<String> classNames, Standardization targets) {
        double loss = sums.loss() / sums.weight();
        return sums.tally() instanceof Tally.OfClasses tally
                ? ofClasses(sums, loss, tally, classNames)
                : ofNumbers(sums, loss, (Tally.OfNumbers) sums.tally(), targets);
    }

    private static Metrics ofClasses(Sums sums, double loss, Tally.OfClasses tally, List<String> names) {
        Map<String, Map<String, Double>> perClass = new LinkedHashMap<>();
        double sumF1 = 0;
        int present = 0;
        for (int i = 0; i < tally.classes(); i++) {
            double correct = tally.correct(i);
            double either = tally.actual(i) + (double) tally.predicted(i);
            double f1 = either == 0 ? 0 : 2 * correct / either;
            if (either > 0) {
                sumF1 += f1;
                present++;
            }
            Map<String, Double> one = new LinkedHashMap<>();
            one.put("rows", (double) tally.actual(i));
            one.put("precision", tally.predicted(i) == 0 ? 0 : correct / tally.predicted(i));
            one.put("recall", tally.actual(i) == 0 ? 0 : correct / tally.actual(i));
            one.put("f1", f1);
            perClass.put(names.get(i), one);
        }
        Map<String, Double> values = new LinkedHashMap<>();
        values.put("accuracy", (double) sums.correct() / sums.rows());
        values.put("errors", (double) (sums.rows() - sums.correct()));
        values.put("macroF1", sumF1 / present);
        return new Metrics(sums.rows(), loss, values, perClass);
    }

    private static Metrics ofNumbers(Sums sums, double loss, Tally.OfNumbers tally, Standardization standardization) {
        double squares = 0;
        double magnitudes = 0;
        List<Double> r2 = new ArrayList<>();
        for (int j = 0; j < tally.targets(); j++) {
            double unit = standardization == null ? 1.0 : standardization.deviations()[j];
            squares += unit * unit * tally.squares(j);
            magnitudes += unit * tally.magnitudes(j);
            double constant = tally.squares(j) == 0 ? 1 : 0;
            r2.add(tally.deviations(j) == 0 ? constant : 1 - tally.squares(j) / tally.deviations(j));
        }
        double count = (double) tally.rows() * tally.targets();
        Map<String, Double> values = new LinkedHashMap<>();
        values.put("rmse", Math.sqrt(squares / count));
        values.put("mae", magnitudes / count);
        values.put("r2", r2.stream().mapToDouble(Double::doubleValue).sum() / r2.size());
        return new Metrics(sums.rows(), loss, values, Map.of());
    }

    /** The metrics as one JSON object. */
    public ObjectNode json() {
        ObjectNode node = Json.object();
        node.put("rows", rows);
        Json.put(node, "loss", loss);
        values.forEach((name, value) -> putNumber(node, name, value));
        if (!perClass.isEmpty()) {
            ObjectNode classes = node.putObject("perClass");
            perClass.forEach((name, one) -> {
                ObjectNode entry = classes.putObject(name);
                one.forEach((key, value) -> putNumber(entry, key, value));
            });
        }
        return node;
    }

    /** Counts are whole numbers in JSON too. */
    private static void putNumber(ObjectNode node, String name, double value) {
        if (name.equals("errors") || name.equals("rows")) {
            node.put(name, (long) value);
        } else {
            Json.put(node, name, value);
        }
    }
}
