package dev.lockstep.study;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.observe.Json;
import dev.lockstep.study.Chart.Axis;
import dev.lockstep.study.Chart.ContourLevel;
import dev.lockstep.study.Chart.Layer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/** A made-up lecture with all that a page of claims can show: each verdict, each kind of layer, one claim that failed. */
final class Lectures {
    /** The ratio of the two curvatures of the ellipses. */
    private static final double CURVATURE = 10;

    private static final int DENSE = 20_000;

    private final ObjectNode root = Json.object();
    private final ArrayNode claims;

    private Lectures() {
        root.put("kind", "claims").put("title", "An invented lecture").put("state", "finished");
        root.putArray("introduction")
                .add("Every claim of this lecture was run, and what came out stands beside what was said.")
                .add("A <b>second</b> paragraph.");
        root.put("command", "jobs/study conf/lecture --all").put("seconds", 312.4);
        root.putObject("versions").put("lockstep", "0.0").put("java", "17").put("cpu", "a made-up one");
        ArrayNode parts = root.putArray("parts");
        part(parts, "B", "Convergence on quadratics");
        part(parts, "C", "Decaying rates");
        part(parts, "E", "Momentum");
        part(parts, "Z", "A part without claims");
        claims = root.putArray("claims");
    }

    /** Twelve claims in three parts. */
    static ObjectNode lecture() {
        Lectures lecture = new Lectures();
        lecture.add(12);
        return lecture.root;
    }

    /** One claim alone. */
    static ObjectNode one() {
        Lectures lecture = new Lectures();
        lecture.add(1);
        return lecture.root;
    }

    /** The same claims five times. */
    static ObjectNode long60() {
        Lectures lecture = new Lectures();
        lecture.add(60);
        return lecture.root;
    }

    private static void part(ArrayNode parts, String id, String title) {
        parts.addObject().put("id", id).put("title", title);
    }

    private void add(int count) {
        String[] verdicts = {"holds", "holds", "holds if", "does not hold", "not as expected", "failed"};
        String[] parts = {"B", "C", "E"};
        for (int i = 0; i < count; i++) {
            String verdict = verdicts[i % verdicts.length];
            String part = parts[i * parts.length / count];
            ObjectNode claim = claims.addObject()
                    .put("id", part + (i + 1))
                    .put("part", part)
                    .put(
                            "says",
                            "A constant step size converges where it is below twice the best one, number " + (i + 1))
                    .put("verdict", verdict)
                    .put("runs", i % 12 + 1)
                    .put("seconds", 1.26)
                    .put("command", "jobs/study conf/lecture/" + part + (i + 1) + "-a-name-that-is-rather-long.conf")
                    .put("report", part + (i + 1) + "/report.html")
                    .put("configuration", "study { vary { learning-rate = [0.1, 0.2] } } # <script>alert(1)</script>");
            if (verdict.equals("holds if")) {
                claim.put("condition", "the rate is below 2 / the largest curvature");
            }
            if (verdict.equals("failed")) {
                claim.put("message", "conf/lecture/x.conf: study.vary: expected a list");
                continue;
            }
            claim.put("remark", "What the lecture says of one dimension is said of each dimension of its own here.");
            checks(claim.putArray("checks"), !verdict.equals("not as expected"));
            ArrayNode charts = claim.putArray("charts");
            charts(i % 12).forEach(chart -> charts.add(chart.toJson()));
        }
    }

    private static void checks(ArrayNode checks, boolean passed) {
        checks.addObject()
                .put("what", "w after 20 steps at half the best rate")
                .put("shows", "for")
                .put("expected", "9.53674e-07 within 1e-9")
                .put("measured", "9.53674e-07")
                .put("passed", true);
        checks.addObject()
                .put("what", "w after 20 steps beyond twice the best rate")
                .put("shows", "against")
                .put("expected", "above 1")
                .put("measured", passed ? "1.2202" : "0.2202")
                .put("passed", passed);
    }

    private static List<Chart> charts(int i) {
        return switch (i) {
            case 0 -> List.of(stepSizes());
            case 1 -> List.of(map(true), losses());
            case 2 -> List.of(grouped(), single());
            case 3 -> List.of(dense());
            case 4 -> List.of(clouds());
            case 6 -> List.of(map(false), landscape());
            case 7 -> List.of(nothing(), single());
            default -> List.of(losses(), stepSizes());
        };
    }

    /** w after k steps, (1 - m)^k, one with a gap. */
    private static Chart stepSizes() {
        List<Layer> layers = new ArrayList<>();
        for (double m : new double[] {0.5, 1, 1.5, 1.99, 2, 2.01}) {
            Layer line = function(m + " times the best rate", 21, k -> Math.pow(1 - m, k));
            layers.add(m == 0.5 ? line.emphasized() : line);
        }
        layers.add(function("with a gap", 21, k -> k > 5 && k < 9 ? Double.NaN : 0.5 + k / 100));
        return new Chart(
                "The weight at each step", "Above 2 it grows.", Axis.linear("step"), Axis.linear("w"), false, layers);
    }

    private static Chart losses() {
        Layer measured = function("gradient descent", 200, k -> Math.pow(0.9, k));
        Layer same = function("the same", 200, k -> Math.pow(0.9, k));
        Layer theory = function("theory: ((κ − 1) / (κ + 1))^k", 200, k -> 1.5 * Math.pow(0.9, k))
                .dashed();
        Axis limited = new Axis("loss", true, 1e-6, null);
        return new Chart("Loss", null, Axis.linear("step"), limited, false, List.of(measured, same, theory));
    }

    private static Layer function(String name, int points, DoubleUnaryOperator f) {
        List<Double> x = IntStream.range(0, points).mapToObj(k -> (double) k).toList();
        return Layer.line(name, x, x.stream().map(f::applyAsDouble).toList());
    }

    /** Ellipses with two paths over them. */
    private static Chart map(boolean contours) {
        List<Layer> layers = new ArrayList<>();
        if (contours) {
            layers.add(ellipses());
        }
        layers.add(path("gradient descent", 0.18, 0).emphasized());
        layers.add(path("momentum", 0.05, 0.8).emphasized());
        layers.add(Layer.points("start", List.of(4.0), List.of(1.0)));
        Axis x = new Axis("w₁", false, -4.5, 4.5);
        return new Chart("Two paths", "Each point is a step.", x, new Axis("w₂", false, -1.6, 1.6), contours, layers);
    }

    /** Contours alone, with the limits left to them. */
    private static Chart landscape() {
        return new Chart("A valley", null, Axis.linear("w₁"), Axis.linear("w₂"), true, List.of(ellipses()));
    }

    private static Layer ellipses() {
        List<ContourLevel> levels = DoubleStream.of(0.1, 0.5, 1, 2, 5, 10)
                .mapToObj(value -> new ContourLevel(value, List.<double[][]>of(ellipse(value))))
                .toList();
        return Layer.contours("loss", levels);
    }

    /** Where (x² + 10 y²) / 2 has a value: half axes √(2 v) and √(2 v / 10). */
    private static double[][] ellipse(double value) {
        double[][] points = new double[73][];
        for (int i = 0; i < points.length; i++) {
            double angle = 2 * Math.PI * i / (points.length - 1);
            points[i] = new double[] {
                Math.sqrt(2 * value) * Math.cos(angle), Math.sqrt(2 * value / CURVATURE) * Math.sin(angle)
            };
        }
        return points;
    }

    private static Layer path(String name, double rate, double momentum) {
        List<Double> x = new ArrayList<>(List.of(4.0));
        List<Double> y = new ArrayList<>(List.of(1.0));
        double across = 0;
        double up = 0;
        for (int k = 0; k < 40; k++) {
            across = momentum * across - rate * x.get(k);
            up = momentum * up - rate * CURVATURE * y.get(k);
            x.add(x.get(k) + across);
            y.add(y.get(k) + up);
        }
        return Layer.line(name, x, y);
    }

    private static Chart grouped() {
        List<String> methods = List.of("gradient-descent", "momentum", "nesterov with a name of some length");
        return new Chart(
                "Steps to 1e-6",
                "Triangles: theory.",
                Axis.linear("method"),
                Axis.logarithmic("steps"),
                false,
                List.of(
                        Layer.bars("κ = 10", methods, List.of(63.0, 24.0, 34.0)),
                        Layer.bars("κ = 1000", methods, List.of(6260.0, 276.0, 411.0)),
                        Layer.pointsBesideBars("theory, κ = 10", methods, List.of(69.0, 22.0, 44.0))));
    }

    private static Chart single() {
        return new Chart(
                "Growth of the weight",
                null,
                Axis.linear("rate"),
                Axis.linear("change of w"),
                false,
                List.of(Layer.bars("", List.of("0.5", "1.9", "never"), Arrays.asList(-0.4, 1.25, null))));
    }

    private static Chart dense() {
        Layer noisy = function("noisy", DENSE, k -> Math.sin(k * k) * Math.exp(-k / 8000) + (k == 7777 ? 5 : 0));
        Layer calm = function("calm", DENSE, k -> Math.exp(-k / 8000));
        return new Chart(
                "Twenty thousand steps", null, Axis.linear("step"), Axis.linear("w"), false, List.of(noisy, calm));
    }

    private static Chart clouds() {
        List<Layer> layers = new ArrayList<>();
        for (int side : new int[] {-1, 1}) {
            List<Double> x = new ArrayList<>();
            List<Double> y = new ArrayList<>();
            for (int i = 1; i <= 60; i++) {
                x.add(side + Math.sin(i * 12.9));
                y.add(side + Math.cos(i * 78.2));
            }
            layers.add(Layer.points(side < 0 ? "class 0" : "class 1", x, y));
        }
        layers.add(
                Layer.line("boundary", List.of(-2.0, 2.0), List.of(2.0, -2.0)).dashed());
        return new Chart("Two classes", null, Axis.linear("x₁"), Axis.linear("x₂"), true, layers);
    }

    /** Nothing that a logarithmic axis takes. */
    private static Chart nothing() {
        Layer zeros = function("zeros", 5, k -> 0);
        return new Chart("Nothing", null, Axis.linear("step"), Axis.logarithmic("loss"), false, List.of(zeros));
    }
}
