package dev.lockstep.observe;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The largest eigenvalue along a run that looked at its curvature, beside the largest one that its learning rate bears, as
 * {@link dev.lockstep.curvature.StabilityLimits} has it: 2 / eta for gradient descent.
 */
public final class SharpnessPlot {
    /** In the run folder. */
    public static final String FILE = "sharpness.png";

    private static final double FAR = 30;

    private SharpnessPlot() {}

    /** Draws what the run folder's epochs say, if they say it at least twice. */
    public static void draw(Folder run) {
        List<Double> epochs = new ArrayList<>();
        List<Double> sharpness = new ArrayList<>();
        List<Double> limits = new ArrayList<>();
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(run.open(RunFolder.EPOCHS), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                JsonNode epoch = Json.read(line.getBytes(StandardCharsets.UTF_8));
                JsonNode lambdaMax = epoch.path("curvature").path("lambdaMax");
                if (lambdaMax.isNumber()) {
                    epochs.add(epoch.path("epoch").asDouble() + 1);
                    sharpness.add(lambdaMax.asDouble());
                    JsonNode limit = epoch.path("curvature").path(RunFolder.STABILITY_LIMIT);
                    if (limit.isNumber()) {
                        limits.add(limit.asDouble());
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (epochs.size() < 2) {
            return;
        }
        List<LinePlot.Line> lines = new ArrayList<>();
        lines.add(new LinePlot.Line("lambdaMax", epochs, sharpness, null));
        if (limits.size() == epochs.size()) {
            lines.add(new LinePlot.Line("stability limit of the learning rate", epochs, limits, null));
        }
        LinePlot plot =
                new LinePlot("Sharpness along the run", LinePlot.Axis.linear("epochs"), axis(sharpness, limits), lines);
        run.write(FILE, plot.png());
    }

    /** Logarithmic where sharpness and limit lie so far apart that one of them would be flat, if all are positive. */
    private static LinePlot.Axis axis(List<Double> sharpness, List<Double> limits) {
        String name = "largest eigenvalue of the Hessian";
        double[] all = Stream.concat(sharpness.stream(), limits.stream())
                .mapToDouble(value -> value)
                .sorted()
                .toArray();
        return all[0] > 0 && all[all.length - 1] > FAR * all[0]
                ? LinePlot.Axis.logarithmic(name)
                : LinePlot.Axis.linear(name);
    }
}
