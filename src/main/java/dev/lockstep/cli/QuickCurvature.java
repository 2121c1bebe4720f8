package dev.lockstep.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.curvature.Sharpness;
import dev.lockstep.observe.Json;
import dev.lockstep.observe.Tables;
import dev.lockstep.optimize.Evaluation;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What {@code jobs/curvature --quick} found, or {@code --slice} beside its slice: the largest eigenvalue and what follows from it.
 *
 * @param setting whose curvature it is
 * @param here the objective at the point
 * @param sharpness with the largest eigenvalue only
 * @param cost what it took
 */
record QuickCurvature(CurvatureReport.Setting setting, Evaluation here, Sharpness sharpness, CurvatureReport.Cost cost)
        implements CurvatureAnswer {
    /** The largest eigenvalue has three digits at least: its error is no more than this share of it. */
    static final double TOLERANCE = 5e-4;

    /** Fewer are not worth while. */
    static final int LEAST_STEPS = 10;

    private static final int MOST_STEPS = 300;

    /** As many Lanczos steps as a quarter of the driver's memory has room for. */
    static int steps(int parameters) {
        long room = Runtime.getRuntime().maxMemory() / 4 / ((long) Double.BYTES * parameters);
        return (int) Math.max(LEAST_STEPS, Math.min(MOST_STEPS, room));
    }

    /** One object, with the keys of {@link CurvatureReport} as far as they are known; the others are null. */
    @Override
    public ObjectNode json() {
        ObjectNode node = Json.object();
        Json.put(node, "lambdaMax", sharpness.lambdaMax());
        for (String unknown : List.of("lambdaMin", "trace", "negativeEigenvalues")) {
            node.putNull(unknown);
        }
        Json.put(node, "gradientNorm", here.gradientNorm());
        Json.put(node, "loss", here.value());
        Json.put(node, "bestLearningRate", setting.limits(sharpness.lambdaMax()).bestLearningRate());
        ObjectNode stability = node.putObject("stabilityLimit");
        setting.limits(sharpness.lambdaMax()).limits().forEach((name, limit) -> Json.put(stability, name, limit));
        node.putNull("kind");
        Json.put(node, "passes", cost.passes());
        Json.put(node, "seconds", cost.seconds());
        Json.put(node, "readingSeconds", cost.readingSeconds());
        Json.put(node, "lambdaMaxResidual", sharpness.maxResidual());
        node.put("converged", sharpness.converged());
        node.put("matrix", setting.matrixKey());
        node.put("rows", cost.rows());
        node.put("evaluations", cost.evaluations());
        return node;
    }

    @Override
    public String text() {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of(
                "lambdaMax",
                Tables.number(sharpness.lambdaMax()),
                String.format(
                        Locale.ROOT,
                        "%.1e residual%s",
                        sharpness.maxResidual(),
                        sharpness.converged() ? "" : ", NOT CONVERGED")));
        rows.add(List.of("loss", Tables.number(here.value()), "with the penalty"));
        rows.add(List.of("gradient's norm", Tables.number(here.gradientNorm()), "with the penalty"));
        rows.add(List.of(
                "best learning rate of gradient descent",
                Tables.number(setting.limits(sharpness.lambdaMax()).bestLearningRate()),
                "1/lambdaMax"));
        setting.limits(sharpness.lambdaMax())
                .limits()
                .forEach((name, limit) -> rows.add(List.of("limit of " + name, Tables.number(limit), "")));
        return Tables.of(List.of("", "value", ""), rows)
                + String.format(
                        Locale.ROOT,
                        "%n%.1f s after %.1f s of reading: %d values, gradients and products, %.1f passes%n",
                        cost.seconds(),
                        cost.readingSeconds(),
                        cost.evaluations(),
                        cost.passes());
    }
}
