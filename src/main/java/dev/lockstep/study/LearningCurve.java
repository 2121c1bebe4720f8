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
 * the final training loss.
 *
 * @param measure which loss: validation-loss or training-loss
 * @param losses by the number of training rows; only where some run counts
 */
record LearningCurve(String measure, TreeMap<Long, Spread> losses) {
    private static final String VALIDATION_LOSS = "validation-loss";

    /** The curve of a method; empty with fewer than two numbers of rows. */
    static Optional<LearningCurve> of(MethodResult method) {
        boolean validated =
                method.runs().stream().anyMatch(run -> run.validation().containsKey(Quantity.LOSS));
        TreeMap<Long, List<Spread>> byRows = new TreeMap<>();
        for (SettingResult setting : method.everySetting()) {
            Spread loss = validated ? setting.validation(Quantity.LOSS) : setting.finalLoss();
            if (setting.values().containsKey(RunKey.FRACTION) && !loss.isNone()) {
                byRows.computeIfAbsent(setting.runs().get(0).key().trainingRows(), rows -> new ArrayList<>())
                        .add(loss);
            }
        }
        if (byRows.size() < 2) {
            return Optional.empty();
        }
        TreeMap<Long, Spread> losses = new TreeMap<>();
        byRows.forEach((rows, spreads) -> losses.put(
                rows,
                spreads.stream().min(Comparator.comparingDouble(Spread::median)).orElseThrow()));
        return Optional.of(new LearningCurve(validated ? VALIDATION_LOSS : Target.TRAINING_LOSS, losses));
    }

    /** The law that the medians follow. */
    Optional<PowerLaw> powerLaw() {
        return PowerLaw.fit(
                losses.keySet().stream().mapToDouble(Long::doubleValue).toArray(),
                losses.values().stream().mapToDouble(Spread::median).toArray());
    }

    ObjectNode json(int method) {
        ObjectNode node = Json.object();
        node.put("method", method);
        ArrayNode rows = node.putArray("rows");
        ArrayNode loss = node.putArray(Quantity.LOSS);
        for (Map.Entry<Long, Spread> entry : losses.entrySet()) {
            rows.add(entry.getKey());
            ObjectNode point = loss.addObject();
            Json.put(point, "median", entry.getValue().median());
            Json.put(point, "low", entry.getValue().low());
            Json.put(point, "high", entry.getValue().high());
        }
        node.put("measure", measure);
        powerLaw().ifPresentOrElse(law -> node.set("powerLaw", law.json()), () -> node.putNull("powerLaw"));
        return node;
    }
}
