package dev.lockstep.study;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;

/**
 * The rate that theory gives a run near a minimum, from the ends m and L of the Hessian's spectrum: the spectral
 * radius of the linear recursion that the method is on a quadratic, over eigenvalues lambda in {m, L}. The radius
 * has no maximum between the ends.
 *
 * <pre>
 *   gradient-descent   |1 - eta lambda|
 *   momentum           largest |z| with z^2 - (1 + beta - eta lambda) z + beta = 0
 *   nesterov           largest |z| with z^2 - (1 + beta)(1 - eta lambda) z + beta (1 - eta lambda) = 0
 * </pre>
 *
 * <p>The smallest eigenvalue that a few products found is an upper bound of the true one, however small its residual:
 * so where the rate hangs on that end, it is a lower bound. It counts as resolved where the residual could not move
 * its first four decimals.
 *
 * <p>Source: Polyak 1964, doi:10.1016/0041-5553(64)90137-5; Lessard, Recht and Packard 2016, doi:10.1137/15M1009597,
 * section 2.2. With a constant rate both forms of momentum are the same recursion.
 *
 * @param value the rate
 * @param isResolved whether the ends of the spectrum are known well enough for its digits
 * @param products with the Hessian that the ends took
 */
record TheoreticalRate(double value, boolean isResolved, int products) {
    private static final double RESOLVED = 5e-5;
    private static final int FEWEST_DECIMALS = 2;
    private static final double LEAST_DISTANCE = 1e-6;

    /**
     * The rate of a run, where all that it takes is known: one of the three optimizers with a constant learning rate,
     * nothing else that changes its steps, and a positive spectrum when it was looked at last.
     *
     * @param configuration of the run, as {@code run.json} has it
     * @param epochs of the run
     */
    static Optional<TheoreticalRate> of(JsonNode configuration, Series epochs) {
        double smallest = epochs.last(Quantity.LAMBDA_MIN);
        double largest = epochs.last(Quantity.LAMBDA_MAX);
        JsonNode optimizer = configuration.path("optimizer");
        JsonNode eta = configuration.path("learning-rate").isObject()
                ? configuration.at("/learning-rate/initial")
                : configuration.path("learning-rate");
        boolean constant = !configuration.path("learning-rate").isObject()
                || configuration.at("/learning-rate/schedule").asText().equals("constant");
        boolean plain = optimizer.path("weight-decay").asDouble(0) == 0
                && optimizer.path("dampening").asDouble(0) == 0
                && configuration.at("/penalty/l1").asDouble(0) == 0
                && configuration.at("/network/dropout").asDouble(0) == 0
                && (configuration.path("clip").isMissingNode()
                        || configuration.path("clip").isEmpty());
        if (!(smallest > 0) || !constant || !plain || !eta.isNumber()) {
            return Optional.empty();
        }
        String name = optimizer.isObject() ? optimizer.path("name").asText() : optimizer.asText();
        double beta = optimizer.path("momentum").asDouble(0.9);
        double atLargest = radius(name, eta.doubleValue() * largest, beta);
        double radius = Math.max(radius(name, eta.doubleValue() * smallest, beta), atLargest);
        if (Double.isNaN(radius)) {
            return Optional.empty();
        }
        double residual = known(epochs.last(Quantity.LAMBDA_MIN_RESIDUAL));
        double lower = Math.max(0, smallest - residual);
        double moved = Math.max(radius(name, eta.doubleValue() * lower, beta), atLargest) - radius;
        return Optional.of(new TheoreticalRate(
                radius, Math.abs(moved) < RESOLVED, (int) known(epochs.last(Quantity.CURVATURE_PRODUCTS))));
    }

    private static double known(double value) {
        return Double.isNaN(value) ? 0 : value;
    }

    /** For people, where it is not resolved: rounded down to a digit or two of its distance from 1. */
    String bound() {
        double distance = Math.max(LEAST_DISTANCE, Math.abs(1 - value));
        int decimals = (int) Math.max(FEWEST_DECIMALS, Math.ceil(-Math.log10(distance)));
        double unit = Math.pow(10, -decimals);
        return "at least about " + Shown.number(Math.floor(value / unit) * unit)
                + " (the smallest eigenvalue is not sharp after " + products + " products)";
    }

    /**
     * The spectral radius of the recursion on one direction.
     *
     * @param optimizer its name
     * @param product learning rate times eigenvalue
     * @param beta momentum; gradient descent does not look at it
     * @return NaN for an optimizer whose recursion is not known
     */
    static double radius(String optimizer, double product, double beta) {
        return switch (optimizer) {
            case "gradient-descent" -> Math.abs(1 - product);
            case "momentum" -> largestRoot(1 + beta - product, beta);
            case "nesterov" -> largestRoot((1 + beta) * (1 - product), beta * (1 - product));
            default -> Double.NaN;
        };
    }

    /** The largest |z| with z^2 - sum z + product = 0. */
    private static double largestRoot(double sum, double product) {
        double discriminant = sum * sum - 4 * product;
        return discriminant < 0 ? Math.sqrt(product) : (Math.abs(sum) + Math.sqrt(discriminant)) / 2;
    }
}
