package dev.lockstep.study;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.observe.Json;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What more rows are worth to a method: at each number of training rows the lowest median loss of its settings,
 * with its spread over seeds. The loss is the lowest validation loss of a run's epochs; without a validation set
 * the final training loss. Setting and epoch are chosen by what is shown, so it is what the method can do at best.
 *
 * @param measure which loss: validation-loss or training-loss
 * @param points by the number of training rows; only where a median is finite
 */
record LearningCurve(String measure, TreeMap<Long, Point> points) {
    private static final String VALIDATION_LOSS = "validation-loss";

    /**
     * A point of the curve.
     *
     * @param setting the best one at that number of rows
     * @param loss of its seeds
     */
    record Point(SettingResult setting, Spread loss) {}

    /** The curve of a method; empty with fewer than two numbers of rows. */
    static Optional<LearningCurve> of(MethodResult method) {
        boolean validated =
                method.runs().stream().anyMatch(run -> run.validation().containsKey(Quantity.LOSS));
        TreeMap<Long, List<Point>> byRows = new TreeMap<>();
        for (SettingResult setting : method.everySetting()) {
            Spread loss = validated ? setting.validation(Quantity.LOSS) : setting.finalLoss();
            if (setting.values().containsKey(RunKey.FRACTION) && Double.isFinite(loss.median())) {
                byRows.computeIfAbsent(setting.runs().get(0).key().trainingRows(), rows -> new ArrayList<>())
                        .add(new Point(setting, loss));
            }
        }
        if (byRows.size() < 2) {
            return Optional.empty();
        }
        TreeMap<Long, Point> points = new TreeMap<>();
        byRows.forEach((rows, candidates) -> points.put(
                rows,
                candidates.stream()
                        .min(Comparator.comparingDouble(point -> point.loss.median()))
                        .orElseThrow()));
        return Optional.of(new LearningCurve(validated ? VALIDATION_LOSS : Target.TRAINING_LOSS, points));
    }

    /** What a point is, for people. */
    String text() {
        return "The learning curve has, at each share of the rows, the median over seeds of the "
                + (measure.equals(VALIDATION_LOSS) ? "lowest validation loss of a run's epochs" : "final training loss")
                + ", with the setting where that is lowest"
                + (points.size() < PowerLaw.FEWEST ? "; a power law takes four shares or more." : ".");
    }

    /** The law that the medians follow. */
    Optional<PowerLaw> powerLaw() {
        return PowerLaw.fit(
                points.keySet().stream().mapToDouble(Long::doubleValue).toArray(),
                points.values().stream()
                        .mapToDouble(point -> point.loss.median())
                        .toArray());
    }

    ObjectNode json(int method) {
        ObjectNode node = Json.object();
        node.put("method", method);
        ArrayNode rows = node.putArray("rows");
        ArrayNode loss = node.putArray(Quantity.LOSS);
        ArrayNode settings = node.putArray("settings");
        for (Map.Entry<Long, Point> entry : points.entrySet()) {
            rows.add(entry.getKey());
            Spread spread = entry.getValue().loss.closed();
            ObjectNode point = loss.addObject();
            Json.put(point, "median", spread.median());
            Json.put(point, "low", spread.low());
            Json.put(point, "high", spread.high());
            ObjectNode setting = settings.addObject();
            entry.getValue().setting.values().forEach(setting::put);
        }
        node.put("measure", measure);
        node.put("text", text());
        powerLaw().ifPresentOrElse(law -> node.set("powerLaw", law.json()), () -> node.putNull("powerLaw"));
        return node;
    }
}
