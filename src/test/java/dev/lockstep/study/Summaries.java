package dev.lockstep.study;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.observe.Json;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.DoubleUnaryOperator;

/**
 * A made-up summary with all that a report can show: three optimizers, two of them at three learning rates, two seeds; one
 * setting diverges, one target is reached by one optimizer only and one by nobody.
 */
final class Summaries {
    static final List<String> METHODS = List.of("adam", "nesterov", "rprop");
    private static final double[] RATES = {0.01, 0.1, 1};
    private static final int STEPS = 40;
    private static final int STEPS_OF_AN_EPOCH = 10;

    private final ObjectNode root = Json.object();

    private Summaries() {
        root.put("kind", "study").put("name", "made-up study").put("state", "finished");
        root.putObject("progress").put("runs", 14).put("ended", 14);
        asked(root.putObject("asked"));
        root.putArray("answer")
                .add("adam at learning rate 0.01 came first.")
                .add("Second sentence.")
                .add("Third.");
        root.putArray("notes").add("Seconds are made up.");
        List.of("methods", "runs", "bands", "learningRates", "profiles").forEach(root::putArray);
        for (int m = 0; m < METHODS.size(); m++) {
            method(m);
        }
        profile("passes");
        learningCurve(root.putObject("learningCurve"));
        repeat(root.putObject("repeat"));
    }

    static ObjectNode study() {
        return new Summaries().root;
    }

    /**
     * The study with what spoils plots: the last method goes a hundred times as far as the others, runs that diverge end at
     * 1e35, one that does not has 1e20 on its way, and the largest learning rate is 1e8.
     */
    static ObjectNode spoilt() {
        Summaries summaries = new Summaries();
        for (JsonNode run : summaries.root.get("runs")) {
            ArrayNode loss = (ArrayNode) run.at("/curve/loss");
            if (run.path("state").asText().equals("diverged")) {
                loss.set(loss.size() - 1, 1e35);
                ((ObjectNode) run).put("learningRate", 1e8);
            } else if (run.path("name").asText().equals("adam-0.1-seed-1")) {
                loss.set(3, 1e20);
            }
            if (run.path("method").asInt() == METHODS.size() - 1) {
                stretch(run.path("curve").path("passes"));
                stretch(run.path("epochCurve").path("passes"));
            }
            ((ObjectNode) run).put("advice", "a remark ".repeat(60).strip());
        }
        stretch(summaries.root.get("bands").get(METHODS.size() - 1).get("passes"));
        for (JsonNode each : summaries.root.get("learningRates")) {
            ((ObjectNode) each.get("points").get(2)).put("learningRate", 1e8);
        }
        return summaries.root;
    }

    private static void stretch(JsonNode places) {
        ArrayNode array = (ArrayNode) places;
        for (int i = 0; i < array.size(); i++) {
            array.set(i, 100 * array.get(i).asDouble());
        }
    }

    /** One run of the study as a report of its own. */
    static ObjectNode run() {
        ObjectNode one = new Summaries().root;
        one.put("kind", "run").put("name", "made-up run");
        List.of("bands", "learningRates", "profiles").forEach(one::putArray);
        one.remove("learningCurve");
        ((ObjectNode) one.get("asked")).putArray("varied");
        ((ObjectNode) one.get("asked")).putArray("targets");
        for (ArrayNode array : List.of((ArrayNode) one.get("methods"), (ArrayNode) one.get("runs"))) {
            while (array.size() > 1) {
                array.remove(1);
            }
        }
        ObjectNode method = (ObjectNode) one.get("methods").get(0);
        method.putArray("runs").add(one.get("runs").get(0).get("name").asText());
        method.putArray("best").add(one.get("runs").get(0).get("name").asText());
        return one;
    }

    private static void asked(ObjectNode asked) {
        asked.put("sentence", "14 runs: 3 optimizers, 3 learning rates, 2 seeds");
        asked.putArray("varied")
                .addObject()
                .put("key", "optimizer")
                .putArray("values")
                .add("adam")
                .add("nesterov");
        ArrayNode targets = asked.putArray("targets");
        for (double value : new double[] {0.5, 0.2, 0.001}) {
            targets.addObject()
                    .put("id", "training-loss:" + value)
                    .put("measure", "training-loss")
                    .put("value", value)
                    .put("label", "training loss " + value);
        }
        asked.putObject("budget").put("passes", 4);
        asked.put("network", "4-3-2")
                .put("parameters", 23)
                .put("loss", "cross-entropy")
                .put("batch", "10");
        asked.put("trainingRows", 100).put("validationRows", 20);
    }

    private void method(int m) {
        boolean takesRate = m < 2;
        ObjectNode method = ((ArrayNode) root.get("methods")).addObject();
        method.put("id", m).put("label", METHODS.get(m)).put("takesLearningRate", takesRate);
        List.of("runs", "best").forEach(method::putArray);
        ArrayNode points = Json.MAPPER.createArrayNode();
        for (int r = 0; r < (takesRate ? RATES.length : 1); r++) {
            setting(m, r, method, points);
        }
        if (takesRate) {
            ((ArrayNode) root.get("learningRates")).addObject().put("method", m).set("points", points);
            method.putObject("bestSetting").put("learning-rate", Double.toString(RATES[m]));
            method.put("bestLearningRate", RATES[m]);
        }
        triple(method.putObject("finalLoss"), floor(m));
        triple(method.putObject("validation").putObject("accuracy"), 0.95 - 0.01 * m);
        ObjectNode targets = method.putObject("targets");
        reached(targets.putObject("training-loss:0.5"), 2, 1 + 0.25 * (2 - m));
        reached(targets.putObject("training-loss:0.2"), m == 1 ? 1 : 0, 2.5);
        reached(targets.putObject("training-loss:0.001"), 0, 0);
        method.put("diverged", takesRate ? 2 : 0).put("failed", 0);
    }

    private void setting(int m, int r, ObjectNode method, ArrayNode points) {
        boolean takesRate = m < 2;
        boolean diverged = takesRate && r == 2;
        ObjectNode point = points.addObject().put("learningRate", RATES[r]).put("diverged", diverged ? 2 : 0);
        if (!diverged) {
            triple(point.putObject("finalLoss"), floor(m) * (1 + Math.abs(r - m)));
        }
        ArrayNode names = point.putArray("runs");
        for (int seed = 1; seed <= 2; seed++) {
            String name = METHODS.get(m) + (takesRate ? "-" + RATES[r] : "") + "-seed-" + seed;
            names.add(name);
            ((ArrayNode) method.get("runs")).add(name);
            if (!takesRate || r == m) {
                ((ArrayNode) method.get("best")).add(name);
            }
            run(m, takesRate ? RATES[r] : null, seed, diverged, name);
        }
        if (!takesRate || r == m) {
            ObjectNode band = ((ArrayNode) root.get("bands")).addObject().put("method", m);
            fill(band.putArray("passes"), STEPS, k -> k / STEPS_OF_AN_EPOCH);
            ObjectNode loss = band.putObject("loss");
            fill(loss.putArray("median"), STEPS, k -> loss(m, k, 1));
            fill(loss.putArray("low"), STEPS, k -> loss(m, k, 0.9));
            fill(loss.putArray("high"), STEPS, k -> loss(m, k, 1.1));
        }
    }

    private void run(int m, Double rate, int seed, boolean diverged, String name) {
        ObjectNode run =
                ((ArrayNode) root.get("runs")).addObject().put("name", name).put("method", m);
        run.putObject("varied").put("optimizer", METHODS.get(m)).put("seed", Integer.toString(seed));
        int steps = diverged ? 12 : STEPS;
        run.put("learningRate", rate).put("seed", seed).put("state", diverged ? "diverged" : "finished");
        run.put("stopReason", diverged ? "diverged" : "passes")
                .put("stopMessage", "ended")
                .put("steps", steps);
        run.put("passes", steps / 10.0).put("seconds", steps / 100.0).put("bytes", steps * 1e6);
        run.put("finalLoss", diverged ? null : (Double) (floor(m) + seed / 100.0));
        DoubleUnaryOperator loss = k -> diverged ? 2.3 * Math.exp(k) : loss(m, k, 0.85 + 0.1 * seed);
        ObjectNode curve = run.putObject("curve");
        fill(curve.putArray("step"), steps, k -> k);
        fill(curve.putArray("passes"), steps, k -> k / STEPS_OF_AN_EPOCH);
        fill(curve.putArray("seconds"), steps, k -> k / 100);
        fill(curve.putArray("bytes"), steps, k -> k * 1e6);
        fill(curve.putArray("loss"), steps, loss);
        fill(curve.putArray("gradientNorm"), steps, k -> loss.applyAsDouble(k) / 2);
        fill(curve.putArray("signChanges"), steps, k -> 0.5 - 0.4 / (1 + k));
        fill(curve.putArray("cosine"), steps, k -> Math.cos(k / 10));
        if (rate != null) {
            fill(curve.putArray("learningRate"), steps, k -> rate);
        } else {
            ObjectNode sizes = curve.putObject("stepSizes");
            fill(sizes.putArray("min"), steps, k -> 1e-6);
            fill(sizes.putArray("median"), steps, k -> 0.1 / (1 + k));
            fill(sizes.putArray("max"), steps, k -> 1 + k);
        }
        int epochs = steps / STEPS_OF_AN_EPOCH;
        ObjectNode epoch = run.putObject("epochCurve");
        fill(epoch.putArray("epoch"), epochs, e -> e + 1);
        fill(epoch.putArray("steps"), epochs, e -> (e + 1) * STEPS_OF_AN_EPOCH);
        fill(epoch.putArray("passes"), epochs, e -> e + 1);
        fill(epoch.putArray("seconds"), epochs, e -> (e + 1) / 10);
        fill(epoch.putArray("bytes"), epochs, e -> (e + 1) * 1e7);
        fill(epoch.putArray("validationLoss"), epochs, e -> 1 / (1 + e));
        fill(epoch.putArray("validationAccuracy"), epochs, e -> 1 - 0.5 / (1 + e));
        fill(epoch.putArray("lambdaMax"), epochs, e -> 20 - 10 / (1 + e));
        fill(epoch.putArray("lambdaMin"), epochs, e -> -2 + e / 4.0);
    }

    /** Gives the runs of a method a limit of their sharpness, the same after each epoch. */
    static void limit(ObjectNode summary, int method, double limit) {
        Set<String> names = new TreeSet<>();
        summary.get("methods").get(method).get("runs").forEach(name -> names.add(name.asText()));
        for (JsonNode run : summary.get("runs")) {
            if (names.contains(run.get("name").asText())) {
                ObjectNode epoch = (ObjectNode) run.get("epochCurve");
                fill(epoch.putArray("stabilityLimit"), epoch.get("epoch").size(), e -> limit);
            }
        }
    }

    private void profile(String measure) {
        ObjectNode profile = ((ArrayNode) root.get("profiles"))
                .addObject()
                .put("measure", measure)
                .put("problems", 6);
        fill(profile.putArray("tau"), 21, i -> 1 + i / 10);
        ArrayNode methods = profile.putArray("methods");
        for (int m = 0; m < METHODS.size(); m++) {
            int own = m;
            fill(methods.addObject().put("method", m).putArray("share"), 21, i -> i > 5 * own ? 1 : 0.5 - 0.1 * own);
        }
    }

    private static void learningCurve(ObjectNode curve) {
        curve.put("key", "data.fraction");
        ObjectNode one = curve.putArray("methods").addObject().put("method", 0).put("measure", "validation-loss");
        ArrayNode rows = one.putArray("rows");
        ArrayNode loss = one.putArray("loss");
        for (int n = 100; n <= 1600; n *= 2) {
            rows.add(n);
            triple(loss.addObject(), 0.01 + Math.pow(n, -0.5));
        }
        one.putObject("powerLaw").put("a", 1).put("b", 0.5).put("c", 0.01).put("text", "0.01 + n^-0.5");
    }

    private static void repeat(ObjectNode repeat) {
        repeat.put("command", "jobs/study conf/made-up.conf")
                .put("configuration", "study { } # </script><b>not bold</b>");
        repeat.putArray("seeds").add(1).add(2);
        repeat.putObject("versions").put("lockstep", "0.1.0").put("java", "17").putNull("blas");
        repeat.putObject("data").putObject("training").put("rows", 100).put("fingerprint", "0123456789abcdef");
    }

    private static double floor(int m) {
        return 0.1 * (m + 1);
    }

    private static double loss(int m, double k, double factor) {
        return factor * (floor(m) + (2.3 - floor(m)) * Math.exp(-k / 8));
    }

    private static void triple(ObjectNode node, double median) {
        node.put("median", median).put("low", 0.9 * median).put("high", 1.2 * median);
    }

    private static void reached(ObjectNode node, int reached, double passes) {
        node.put("reached", reached).put("of", 2);
        if (reached > 0) {
            triple(node.putObject("passes"), passes);
            triple(node.putObject("seconds"), passes / 10);
        }
    }

    private static void fill(ArrayNode array, int count, DoubleUnaryOperator value) {
        for (int i = 0; i < count; i++) {
            array.add(value.applyAsDouble(i));
        }
    }
}
