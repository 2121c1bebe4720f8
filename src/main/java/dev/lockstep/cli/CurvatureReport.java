package dev.lockstep.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.curvature.BlockSharpness;
import dev.lockstep.curvature.CriticalPoint;
import dev.lockstep.curvature.LossAlong;
import dev.lockstep.curvature.SpectralDensity;
import dev.lockstep.curvature.Spectrum;
import dev.lockstep.curvature.StabilityLimits;
import dev.lockstep.linalg.Precision;
import dev.lockstep.linalg.Vector;
import dev.lockstep.network.Network;
import dev.lockstep.observe.Json;
import dev.lockstep.observe.LinePlot;
import dev.lockstep.optimize.Curvature;
import dev.lockstep.optimize.DenseCurvature;
import dev.lockstep.optimize.Evaluation;
import dev.lockstep.optimize.Penalty;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What {@code jobs/curvature} says.
 *
 * @param setting whose curvature it is
 * @param here value and gradient at the point
 * @param spectrum eigenvalues, traces
 * @param point its kind
 * @param along the objective along the sharpest direction, and the most negative one if there is any
 * @param cost what it took
 */
record CurvatureReport(
        Setting setting, Evaluation here, Spectrum spectrum, CriticalPoint point, List<LossAlong> along, Cost cost)
        implements CurvatureAnswer {
    /** Places of the plot's axis. */
    private static final int PLACES = 800;

    /** Decades below the highest density that are drawn. */
    private static final double DECADES = 6;

    /**
     * Whose curvature it is.
     *
     * @param folder of the run
     * @param network layers and loss
     * @param trained objective and steps of its training
     * @param matrix which matrix
     * @param precision on the executors
     * @param fraction of the rows that were looked at
     * @param gradientTolerance of a critical point
     */
    record Setting(
            String folder,
            Network network,
            TrainedObjective trained,
            Curvature matrix,
            Precision precision,
            double fraction,
            double gradientTolerance) {
        /** With the run's momentum where it has one. */
        StabilityLimits limits(double lambdaMax) {
            return new StabilityLimits(lambdaMax, trained.momentum().orElse(StabilityLimits.DEFAULT_MOMENTUM));
        }

        String matrixKey() {
            return matrix.name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /**
     * What it took.
     *
     * @param rows that were looked at
     * @param allRows of the data set
     * @param evaluations values, gradients and products
     * @param scans calls that asked for them
     * @param readingSeconds until the rows lay in memory
     * @param seconds since then
     */
    record Cost(long rows, long allRows, int evaluations, int scans, double readingSeconds, double seconds) {
        /** Rows touched, divided by those of the data set. */
        double passes() {
            return (double) evaluations * rows / allRows;
        }
    }

    /** With the run's momentum where it has one. */
    StabilityLimits limits() {
        return setting.limits(spectrum.largest().value());
    }

    /** The kind's word; null of a matrix that cannot tell. */
    String kind() {
        boolean tells = setting.matrix() == Curvature.HESSIAN || point.kind() == CriticalPoint.Kind.NOT_CRITICAL;
        return tells ? point.kind().key() : null;
    }

    @Override
    public ObjectNode json() {
        ObjectNode node = Json.object();
        Json.put(node, "lambdaMax", spectrum.largest().value());
        Json.put(node, "lambdaMin", spectrum.smallest().value());
        Json.put(node, "trace", spectrum.trace().value());
        Json.put(node, "negativeEigenvalues", spectrum.negativeShare());
        Json.put(node, "gradientNorm", here.gradientNorm());
        Json.put(node, "loss", here.value());
        Json.put(node, "bestLearningRate", limits().bestLearningRate());
        ObjectNode stability = node.putObject("stabilityLimit");
        limits().limits().forEach((name, limit) -> Json.put(stability, name, limit));
        node.put("kind", kind());
        Json.put(node, "passes", cost.passes());
        Json.put(node, "seconds", cost.seconds());
        Json.put(node, "readingSeconds", cost.readingSeconds());

        node.put("matrix", setting.matrixKey());
        node.put("exact", spectrum.eigenvalues().isPresent());
        node.put("converged", spectrum.converged());
        Json.put(node, "lambdaMaxResidual", spectrum.largest().residual());
        Json.put(node, "lambdaMinResidual", spectrum.smallest().residual());
        Json.put(node, "traceError", spectrum.trace().standardError());
        Json.put(node, "negativeEigenvaluesError", spectrum.negativeShareError());
        Json.put(node, "negativeEigenvaluesLow", spectrum.negativeShareBounds().low());
        Json.put(node, "negativeEigenvaluesHigh", spectrum.negativeShareBounds().high());
        node.put("index", spectrum.index());
        Spectrum.Condition condition = spectrum.condition();
        Json.put(node, "conditionNumber", condition.value());
        node.put("conditionNumberOf", conditionOf(condition));
        Json.put(node, "frobeniusNorm", Math.sqrt(spectrum.trace().squares()));
        ObjectNode thresholds = node.putObject("thresholds");
        Json.put(thresholds, "gradientNorm", point.gradientThreshold());
        Json.put(thresholds, "eigenvalue", point.eigenvalueThreshold());
        Json.put(node, "learningRate", setting.trained().learningRate().orElse(Double.NaN));
        Json.put(node, "momentum", limits().beta());
        putSetting(node);
        putTensors(node);
        // One number for each parameter: an estimate, unless it is exact.
        if (setting.network().parameters() <= DenseCurvature.MOST_PARAMETERS) {
            putNumbers(node, "diagonal", spectrum.trace().diagonal());
        }
        putDensity(node.putObject("density"), spectrum.density());
        ObjectNode profiles = node.putObject("along");
        for (int i = 0; i < along.size(); i++) {
            putProfile(profiles.putObject(i == 0 ? "sharpest" : "mostNegative"), along.get(i));
        }
        spectrum.eigenvalues().ifPresent(values -> {
            Json.put(node, "asymmetry", spectrum.asymmetry());
            putNumbers(node, "eigenvalues", values);
        });
        return node;
    }

    private void putSetting(ObjectNode node) {
        node.put("parameters", setting.network().parameters());
        node.put("precision", setting.precision().key());
        node.put("rows", cost.rows());
        node.put("evaluations", cost.evaluations());
        node.put("scans", cost.scans());
        Penalty penalty = setting.trained().penalty();
        node.putObject("penalty")
                .put("l2", penalty.l2())
                .put("l1", penalty.l1())
                .put("biases", penalty.biases());
    }

    private void putTensors(ObjectNode node) {
        ArrayNode tensors = node.putArray("perTensor");
        List<Network.Tensor> all = setting.network().tensors();
        for (int i = 0; i < all.size(); i++) {
            ObjectNode entry = tensors.addObject().put("name", all.get(i).name());
            Json.put(entry, "trace", spectrum.trace().blocks().get(i));
            Json.put(entry, "traceError", spectrum.trace().blockErrors().get(i));
        }
        ArrayNode layers = node.putArray("perLayer");
        for (BlockSharpness layer : spectrum.layers()) {
            ObjectNode entry = layers.addObject().put("parameters", layer.to() - layer.from());
            Json.put(entry, "lambdaMax", layer.lambdaMax());
            Json.put(entry, "residual", layer.residual());
        }
    }

    private static void putDensity(ObjectNode node, SpectralDensity density) {
        ArrayNode nodes = node.putArray("nodes");
        ArrayNode weights = node.putArray("weights");
        for (SpectralDensity.Probe probe : density.probes()) {
            for (int i = 0; i < probe.nodes().size(); i++) {
                nodes.add(probe.nodes().get(i));
                weights.add(probe.weights().get(i) / density.probes().size());
            }
        }
    }

    private static void putProfile(ObjectNode node, LossAlong profile) {
        Json.put(node, "eigenvalue", profile.pair().value());
        putNumbers(node, "distances", vector(profile.distances()));
        putNumbers(node, "losses", vector(profile.values()));
        putNumbers(node, "parabola", vector(profile.parabola()));
    }

    private static Vector vector(List<Double> numbers) {
        return Vector.wrap(numbers.stream().mapToDouble(Double::doubleValue).toArray());
    }

    private static void putNumbers(ObjectNode node, String key, Vector numbers) {
        ArrayNode array = node.putArray(key);
        for (int i = 0; i < numbers.size(); i++) {
            double number = numbers.get(i);
            if (Double.isFinite(number)) {
                array.add(number);
            } else {
                array.addNull();
            }
        }
    }

    /** What the condition number is of. */
    static String conditionOf(Spectrum.Condition condition) {
        return switch (condition.of()) {
            case EXTREMES -> "lambdaMax / lambdaMin";
            case RESOLVED -> "largest / smallest resolved magnitude";
        };
    }

    @Override
    public String text() {
        return new CurvatureTables(this).text();
    }

    /** The density of the eigenvalues, smoothed over a hundredth of their range. */
    LinePlot plot() {
        double low = spectrum.density().smallest();
        double high = spectrum.density().largest();
        double range = high > low ? high - low : Math.max(1e-300, Math.abs(high));
        double width = range / 100;
        List<Double> places = new ArrayList<>();
        List<Double> densities = new ArrayList<>();
        double most = 0;
        for (int i = 0; i <= PLACES; i++) {
            double x = low - 0.05 * range + 1.1 * range * i / PLACES;
            places.add(x);
            densities.add(spectrum.density().density(x, width));
            most = Math.max(most, densities.get(i));
        }
        double least = most * StrictMath.pow(10, -DECADES);
        densities.replaceAll(density -> Math.max(density, least));
        return new LinePlot(
                String.format(
                        Locale.ROOT,
                        "Eigenvalues of the %s: %s, %,d parameters",
                        setting.matrixKey(),
                        setting.network().widths(),
                        setting.network().parameters()),
                LinePlot.Axis.linear("eigenvalue"),
                LinePlot.Axis.logarithmic(
                        String.format(Locale.ROOT, "density, smoothed with a Gaussian of width %.3g", width)),
                List.of(new LinePlot.Line("density", places, densities, null)));
    }
}
