package dev.lockstep.observe;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.distributed.Costs;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Where a run's training time went, what bounds it, and how long a step would take on another cluster.
 *
 * <p>The parts of a step, in seconds: {@code broadcast} (rounding the weights and getting them on their way), {@code
 * compute} (the slowest task), {@code scheduling} (what is left until the last answer: scheduling, transport, waiting),
 * {@code sum} (adding the tasks' sums on the driver), {@code optimizer} (the rest of the driver's work). The formula of the
 * prediction is in {@code cost-model.md}.
 *
 * @param engine which engine answered
 * @param costs of the engine's training requests
 * @param optimizerSeconds of training outside of the engine
 * @param validationSeconds of validation, which is no part of training
 * @param parameters of the network
 * @param weightBytes bytes of a weight on its way to the executors
 * @param shards of the training set
 */
public record CostReport(
        String engine,
        Costs costs,
        double optimizerSeconds,
        double validationSeconds,
        int parameters,
        int weightBytes,
        int shards) {
    private static final double NANO = 1e-9;
    private static final int[] EXECUTORS = {1, 2, 4, 8, 16};
    private static final double[] GIGABITS = {1, 10, 25};

    /** Seconds by part, those of the largest meaning first. */
    Map<String, Double> parts() {
        Map<String, Double> parts = new LinkedHashMap<>();
        parts.put("compute", costs.computeNanos() * NANO);
        parts.put("scheduling", costs.exchangeNanos() * NANO);
        parts.put("broadcast", costs.encodeNanos() * NANO);
        parts.put("sum", costs.sumNanos() * NANO);
        parts.put("optimizer", optimizerSeconds);
        return parts;
    }

    /** The part that takes most of the time. */
    public String bound() {
        return parts().entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .map(Map.Entry::getKey)
                .orElse("compute");
    }

    /** How evenly the tasks are loaded: mean time of a task over that of the slowest, in (0, 1]. */
    public double balance() {
        return costs.computeNanos() == 0
                ? 1
                : Math.min(1, (double) costs.workNanos() / costs.computeNanos() / Math.max(1, costs.tasks()));
    }

    /** What bounds the run, and what would change that. */
    public String advice() {
        return switch (bound()) {
            case "compute" ->
                balance() < 0.8
                        ? String.format(
                                Locale.ROOT,
                                "compute, unevenly: on average a task works %.0f %% of the slowest one's time; set shards to a "
                                        + "multiple of the %d tasks",
                                100 * balance(),
                                costs.tasks())
                        : "compute: more executors or cores help, up to one for each of the " + shards + " shards";
            case "scheduling" ->
                engine.equals("jobs")
                        ? "Spark's scheduling of a job a step: engine = resident, or a larger batch"
                        : "the way to the executors and back: a larger batch, or fewer executors";
            case "broadcast" -> "getting the weights to the executors: a larger batch, or fewer executors";
            case "sum" -> "adding up on the driver: fewer executors, or a larger batch";
            default -> "the optimizer on the driver: a larger batch";
        };
    }

    /**
     * The predicted time of a step, in seconds.
     *
     * @param executors of one core each
     * @param bytesPerSecond of the driver's network; infinite within one machine
     */
    public double predict(int executors, double bytesPerSecond) {
        double answers = Math.max(1, costs.answers());
        double work = costs.workNanos() * NANO / answers;
        int share = (shards + executors - 1) / executors;
        double compute = work * Math.min(share, shards) / shards;
        double bytes = (double) executors * parameters * (weightBytes + Double.BYTES);
        double adding = costs.sumNanos() * NANO / answers / Math.max(1, costs.tasks());
        double fixed = (costs.exchangeNanos() + costs.encodeNanos()) * NANO / answers + optimizerSeconds / answers;
        return compute + bytes / bytesPerSecond + adding * executors + fixed;
    }

    /** One line: a step's parts in milliseconds, and what bounds it. */
    public String text() {
        double answers = Math.max(1, costs.answers());
        StringBuilder text = new StringBuilder();
        double all = parts().values().stream().mapToDouble(Double::doubleValue).sum();
        text.append(String.format(Locale.ROOT, "a step, engine = %s: %.2f ms", engine, 1000 * all / answers));
        String separator = " = ";
        for (Map.Entry<String, Double> part : parts().entrySet()) {
            text.append(separator)
                    .append(String.format(Locale.ROOT, "%s %.2f", part.getKey(), 1000 * part.getValue() / answers));
            separator = ", ";
        }
        return text + "\nbound by " + advice();
    }

    /** As {@code run.json} has it. */
    public ObjectNode json() {
        ObjectNode json = Json.object();
        json.put("engine", engine);
        json.put("answers", costs.answers());
        json.put("tasks", costs.tasks());
        ObjectNode seconds = json.putObject("seconds");
        parts().forEach((name, value) -> Json.put(seconds, name, value));
        Json.put(seconds, "validation", validationSeconds);
        json.put("bound", bound());
        json.put("advice", advice());
        Json.put(json, "balance", balance());
        json.put("bytesDown", costs.bytesDown());
        json.put("bytesUp", costs.bytesUp());
        ArrayNode predictions = json.putArray("prediction");
        for (double gigabits : GIGABITS) {
            for (int executors : EXECUTORS) {
                ObjectNode one = predictions.addObject();
                one.put("executors", executors);
                one.put("gigabits", gigabits);
                Json.put(one, "stepSeconds", predict(executors, gigabits * 1e9 / 8));
            }
        }
        return json;
    }
}
