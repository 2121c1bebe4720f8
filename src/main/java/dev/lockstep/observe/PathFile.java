package dev.lockstep.observe;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.InputException;
import dev.lockstep.linalg.Vector;
import dev.lockstep.train.TrainingListener;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The way of a run through the space of its parameters: {@code path.jsonl} in its folder, a line for each point.
 *
 * <pre>
 *   {"step":0,"weights":[…]}     the weights before step 0, N, 2N, …: P numbers in the model's order
 *   {"step":K,"weights":[…]}     last of all, where the run stood after its K steps
 * </pre>
 *
 * <p>Numbers are the shortest decimals that parse to the same double. What the optimizer makes its answer of is written, not
 * the answer: for averaged gradient descent the walking point, for Nesterov's method the weights and not the look-ahead
 * point. After a divergence the last line is the point at which the objective or its gradient was not finite any more.
 */
public final class PathFile implements TrainingListener, Closeable {
    /** In the run folder. */
    public static final String FILE = "path.jsonl";

    private static final JsonFactory SHORTEST = JsonFactory.builder()
            .enable(StreamWriteFeature.USE_FAST_DOUBLE_WRITER)
            .build();

    private final LineFile file;

    private PathFile(LineFile file) {
        this.file = file;
    }

    /**
     * A point of the path.
     *
     * @param step steps taken before
     * @param weights P parameters
     */
    public record Point(long step, Vector weights) {}

    /**
     * Begins the file, or goes on with it.
     *
     * @param run the run's folder
     * @param steps that were taken before: lines of later points are taken away
     * @param every steps from one line to the next, at least 1
     * @throws InputException if nothing can be written there, or lines before the checkpoint are missing
     */
    public static PathFile begin(Folder run, long steps, long every) {
        try {
            return new PathFile(
                    steps == 0 ? LineFile.begin(run, FILE) : LineFile.resume(run, FILE, (steps + every - 1) / every));
        } catch (IOException e) {
            throw new InputException(run + ": nothing can be written there: " + e.getMessage(), e);
        }
    }

    @Override
    public void weights(long step, Vector weights) {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        try (JsonGenerator json = SHORTEST.createGenerator(line)) {
            json.writeStartObject();
            json.writeNumberField("step", step);
            json.writeArrayFieldStart("weights");
            for (int i = 0; i < weights.size(); i++) {
                json.writeNumber(weights.get(i));
            }
            json.writeEndArray();
            json.writeEndObject();
            json.writeRaw('\n');
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        file.append(line.toByteArray());
    }

    /** Brings all lines to where they outlive this process. */
    public void flush() {
        file.flush();
    }

    @Override
    public void close() {
        file.close();
    }

    /**
     * The path of a run, which may be on its way.
     *
     * @param run its folder
     * @param parameters P
     * @param most points to keep, at least 2; of a longer path every second, fourth, … and the last
     * @return in the order of the steps; empty if the run has written none
     * @throws InputException if a line is of another network, or no line of a path
     */
    public static List<Point> read(Folder run, int parameters, int most) {
        if (!run.has(FILE)) {
            return List.of();
        }
        List<Point> kept = new ArrayList<>();
        Point last = null;
        long stride = 1;
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(run.open(FILE), StandardCharsets.UTF_8))) {
            long number = 0;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (!line.endsWith("}")) {
                    // It is being written.
                    break;
                }
                last = point(run + "/" + FILE + ", line " + (number + 1), line, parameters);
                if (number % stride == 0) {
                    if (kept.size() == most - 1) {
                        kept = everySecond(kept);
                        stride *= 2;
                    }
                    if (number % stride == 0) {
                        kept.add(last);
                    }
                }
                number++;
            }
        } catch (IOException e) {
            throw new InputException(run + "/" + FILE + ": cannot be read: " + e.getMessage(), e);
        }
        if (last != null && kept.get(kept.size() - 1).step() != last.step()) {
            kept.add(last);
        }
        return List.copyOf(kept);
    }

    private static List<Point> everySecond(List<Point> points) {
        List<Point> some = new ArrayList<>();
        for (int i = 0; i < points.size(); i += 2) {
            some.add(points.get(i));
        }
        return some;
    }

    private static Point point(String place, String line, int parameters) throws IOException {
        JsonNode node = Json.read(line.getBytes(StandardCharsets.UTF_8));
        JsonNode weights = node == null ? null : node.path("weights");
        if (weights == null || !weights.isArray() || !node.path("step").isIntegralNumber()) {
            throw new InputException(place + ": expected an object with a step and weights");
        }
        if (weights.size() != parameters) {
            throw new InputException(place + ": has " + weights.size() + " weights, and the model has " + parameters);
        }
        double[] values = new double[parameters];
        for (int i = 0; i < parameters; i++) {
            values[i] = weights.get(i).asDouble(Double.NaN);
        }
        return new Point(node.path("step").asLong(), Vector.wrap(values));
    }
}
