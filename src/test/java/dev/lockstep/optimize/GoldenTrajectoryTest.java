package dev.lockstep.optimize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lockstep.linalg.Vector;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * PyTorch 1.13's optimizers, in double precision on one thread, step by step.
 *
 * <p>The trajectories (hex doubles, written by their {@code scripts/gen_golden.py}) lie in {@code golden} beside the
 * folder that the environment variable {@code LOCKSTEP_DATA} names; without it these tests are skipped. Errors are
 * relative to max(1, |w|). Gradient descent is not exact because PyTorch fuses w - eta g into one rounding, momentum
 * because it multiplies by eta after summing; Rprop is, in every bit. NAdam is not here: that of 1.13 is wrong.
 */
class GoldenTrajectoryTest {
    private static final Schedule HUNDREDTH = new ConstantRate(0.01);

    private static final Map<String, Optimizer<?>> OPTIMIZERS = Map.ofEntries(
            Map.entry("sgd", new GradientDescent(new ConstantRate(0.001), 0)),
            Map.entry("adadelta", new Adadelta(new ConstantRate(1), 0.9, 1e-6, 0)),
            Map.entry("sgd_wd", new GradientDescent(new ConstantRate(0.001), 0.1)),
            Map.entry("momentum", new Momentum(new ConstantRate(0.001), 0.9, 0)),
            Map.entry("momentum_damp", outside(new ConstantRate(0.001), 0.5)),
            Map.entry("nesterov", new Nesterov(new ConstantRate(0.001), 0.9, 0)),
            Map.entry("rprop", Rprop.of(Rprop.Variant.IRPROP_MINUS)),
            Map.entry("rprop_clamp", new Rprop(Rprop.Variant.IRPROP_MINUS, 0.01, 1e-3, 0.2, 1.5, 0.4)),
            Map.entry("adagrad", new Adagrad(new ConstantRate(0.05), 0, 0, 1e-10, 0)),
            Map.entry("adagrad_decay", new Adagrad(new ConstantRate(0.05), 0.1, 0.1, 1e-10, 0)),
            Map.entry("rmsprop", new RmsProp(HUNDREDTH, 0.99, 1e-8, false, 0, 0)),
            Map.entry("rmsprop_cm", new RmsProp(HUNDREDTH, 0.9, 1e-8, true, 0.5, 0)),
            Map.entry("adam", new Adam(HUNDREDTH, 0.9, 0.999, 1e-8, false, 0)),
            Map.entry("adam_ams", new Adam(HUNDREDTH, 0.9, 0.999, 1e-8, true, 0.01)),
            Map.entry("adamw", new AdamW(HUNDREDTH, 0.9, 0.999, 1e-8, false, 0.01)),
            Map.entry("radam", new RAdam(HUNDREDTH, 0.9, 0.999, 1e-8, 0, false)),
            Map.entry("adamax", new Adamax(HUNDREDTH, 0.9, 0.999, 1e-8, 0)),
            Map.entry("lbfgs_None", new Lbfgs(new ConstantRate(0.1), 5, new FixedStep())),
            Map.entry("lbfgs_strong_wolfe", new Lbfgs(new ConstantRate(1), 5, StrongWolfe.of(0.9))),
            Map.entry("asgd", new Asgd(new ConstantRate(0.001), 1e-3, 0.75, 5, 0)));

    private static Optimizer<?> outside(Schedule learningRate, double dampening) {
        return new Momentum(learningRate, 0.9, 0, false, Momentum.Form.OUTSIDE, dampening);
    }

    private static final Map<String, Objective> PROBLEMS = Map.of(
            "quad_diag", Problems.quadratic(Vector.of(1, 4, 100), Vector.of(0, 1, -2)),
            "rosenbrock", Problems.rosenbrock());

    @ParameterizedTest(name = "{0} within {1}")
    @CsvSource({
        "sgd, 5e-16",
        "adadelta, 1e-15",
        "sgd_wd, 5e-16",
        "momentum, 2e-15",
        "momentum_damp, 5e-16",
        "nesterov, 2e-15",
        "rprop, 0",
        "rprop_clamp, 0",
        "adagrad, 1e-15",
        "adagrad_decay, 1e-15",
        "rmsprop, 1e-15",
        "rmsprop_cm, 1e-15",
        "adam, 1e-15",
        "adam_ams, 1e-15",
        "adamw, 1e-15",
        "radam, 1e-15",
        "adamax, 1e-15",
        "asgd, 1e-15"
    })
    void given_gradients_lead_where_torch_goes(String name, double tolerance) throws IOException {
        JsonNode golden = golden("open/" + name + ".json");
        List<Vector> gradients = vectors(golden.get("g"));
        List<Vector> expected = vectors(golden.get("w"));
        List<Vector> got = torchPoints(
                OPTIMIZERS.get(name),
                IntStream.range(0, gradients.size())
                        .mapToObj(k -> Objective.of(5, w -> new Evaluation(0, gradients.get(k))))
                        .toList(),
                expected.get(0));
        assertThat(largestError(got, expected)).isLessThanOrEqualTo(tolerance);
    }

    @ParameterizedTest(name = "{0} on {1} within {2}")
    @CsvSource({
        "adadelta, quad_diag, 1e-15",
        "adadelta, rosenbrock, 1e-15",
        "sgd, quad_diag, 5e-16",
        "sgd, rosenbrock, 5e-16",
        "sgd_wd, quad_diag, 5e-16",
        "sgd_wd, rosenbrock, 5e-16",
        "momentum, quad_diag, 2e-15",
        "momentum, rosenbrock, 5e-15",
        "momentum_damp, quad_diag, 1e-16",
        "momentum_damp, rosenbrock, 1e-16",
        "nesterov, quad_diag, 2e-15",
        "nesterov, rosenbrock, 5e-15",
        "rprop, quad_diag, 0",
        "rprop, rosenbrock, 0",
        "rprop_clamp, quad_diag, 0",
        "rprop_clamp, rosenbrock, 0",
        "adagrad, quad_diag, 1e-15",
        "adagrad, rosenbrock, 1e-15",
        "adagrad_decay, quad_diag, 1e-15",
        "adagrad_decay, rosenbrock, 1e-15",
        "rmsprop, quad_diag, 1e-15",
        "rmsprop, rosenbrock, 1e-15",
        "rmsprop_cm, quad_diag, 1e-15",
        "rmsprop_cm, rosenbrock, 1e-15",
        "adam, quad_diag, 1e-15",
        "adam, rosenbrock, 1e-15",
        "adam_ams, quad_diag, 1e-15",
        "adam_ams, rosenbrock, 1e-15",
        "adamw, quad_diag, 1e-15",
        "adamw, rosenbrock, 1e-15",
        "radam, quad_diag, 1e-15",
        "radam, rosenbrock, 5e-15",
        "adamax, quad_diag, 1e-15",
        "adamax, rosenbrock, 1e-15",
        "asgd, quad_diag, 1e-15",
        "asgd, rosenbrock, 1e-15",
        "lbfgs_None, quad_diag, 1e-10",
        "lbfgs_None, rosenbrock, 1e-10",
        "lbfgs_strong_wolfe, quad_diag, 1e-10",
        "lbfgs_strong_wolfe, rosenbrock, 1e-10"
    })
    void a_formula_is_descended_as_torch_does(String name, String problem, double tolerance) throws IOException {
        List<Vector> expected =
                vectors(golden("closed/" + problem + "__" + name + ".json").get("w"));
        Objective objective = PROBLEMS.get(problem);
        List<Vector> got = torchPoints(
                OPTIMIZERS.get(name),
                IntStream.range(1, expected.size()).mapToObj(k -> objective).toList(),
                expected.get(0));
        assertThat(largestError(got, expected)).isLessThanOrEqualTo(tolerance);
    }

    /** The rates and the momentum that PyTorch reports, step by step: one-cycle changes both. */
    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"lin", "quad", "exp", "cos", "step", "onecycle"})
    void the_form_outside_is_torchs_under_every_schedule(String schedule) throws IOException {
        for (String problem : List.of("quad_diag", "rosenbrock")) {
            for (String name : List.of("momentum", "nesterov")) {
                JsonNode golden = golden("closed/" + problem + "__" + name + "_" + schedule + ".json");
                Schedule recorded = new Schedule() {
                    @Override
                    public double at(Iteration k) {
                        return Double.parseDouble(
                                golden.get("lr").get((int) k.step()).asText());
                    }

                    @Override
                    public OptionalDouble momentum(Iteration k) {
                        return OptionalDouble.of(Double.parseDouble(
                                golden.get("mom").get((int) k.step()).asText()));
                    }
                };
                Optimizer<?> optimizer = name.equals("momentum")
                        ? outside(recorded, 0)
                        : new Nesterov(recorded, 0, 0, false, Momentum.Form.OUTSIDE);
                List<Vector> expected = vectors(golden.get("w"));
                Objective objective = PROBLEMS.get(problem);
                List<Vector> got = Trajectory.points(optimizer, objective, expected.get(0), expected.size() - 1);
                assertThat(largestError(got, expected)).as(problem + name).isLessThanOrEqualTo(5e-15);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"momentum", "nesterov"})
    void the_form_outside_takes_given_gradients_where_torch_does(String name) throws IOException {
        JsonNode golden = golden("open/" + name + ".json");
        Schedule rate = new ConstantRate(0.001);
        Optimizer<?> optimizer =
                name.equals("momentum") ? outside(rate, 0) : new Nesterov(rate, 0.9, 0, false, Momentum.Form.OUTSIDE);
        List<Vector> gradients = vectors(golden.get("g"));
        List<Vector> expected = vectors(golden.get("w"));
        List<Vector> got = new ArrayList<>(List.of(expected.get(0)));
        Trajectory.steps(
                        optimizer,
                        k -> Objective.of(5, w -> new Evaluation(0, gradients.get((int) k))),
                        expected.get(0),
                        gradients.size())
                .forEach(step -> got.add(step.point()));
        assertThat(largestError(got, expected)).isLessThanOrEqualTo(5e-16);
    }

    /**
     * What differs in the last two is PyTorch's rounding, see {@link ScheduleTest}. Its cosine rises after 40 steps.
     */
    @ParameterizedTest(name = "{0}: {1} steps within {2}")
    @CsvSource({
        "lin, 60, 5e-16",
        "quad, 60, 5e-16",
        "exp, 60, 5e-16",
        "step, 60, 0",
        "cos, 41, 2.5e-15",
        "onecycle, 60, 7e-15"
    })
    void schedules_give_the_rates_and_momenta_that_torch_reports(String name, int steps, double tolerance)
            throws IOException {
        Map<String, Schedule> schedules = Map.of(
                "lin", new LinearDecay(0.001, Per.STEP),
                "quad", new QuadraticDecay(0.001, Per.STEP),
                "exp", new ExponentialDecay(0.001, 0.05, Per.STEP),
                "step", new StepDecay(0.001, 0.5, 10, Per.STEP),
                "cos", new CosineDecay(0.001, 1e-5, 40, OptionalLong.empty(), Per.STEP),
                "onecycle", OneCycle.of(0.002, 60, Per.STEP));
        for (String optimizer : List.of("momentum", "nesterov")) {
            JsonNode golden = golden("closed/quad_diag__" + optimizer + "_" + name + ".json");
            assertThat(golden.get("lr").size()).isEqualTo(60);
            for (int k = 0; k < steps; k++) {
                Iteration iteration = new Iteration(k, 0);
                double rate = Double.parseDouble(golden.get("lr").get(k).asText());
                double momentum = Double.parseDouble(golden.get("mom").get(k).asText());
                assertThat(schedules.get(name).at(iteration))
                        .as("rate of step %s", k)
                        .isCloseTo(rate, within(tolerance * rate));
                assertThat(schedules.get(name).momentum(iteration).orElse(0.9))
                        .as("momentum of step %s", k)
                        .isCloseTo(momentum, within(tolerance * momentum));
            }
        }
    }

    /**
     * PyTorch's rate is outside the velocity: with beta(k) eta(k)/eta(k-1) for beta(k) this form goes the same way.
     */
    @ParameterizedTest(name = "{0} on {1} within {2}")
    @CsvSource({
        "step, quad_diag, 1e-14",
        "step, rosenbrock, 1e-14",
        "onecycle, quad_diag, 1e-14",
        "onecycle, rosenbrock, 1e-14"
    })
    void momentum_under_a_schedule_goes_where_torch_goes(String name, String problem, double tolerance)
            throws IOException {
        Schedule given =
                name.equals("step") ? new StepDecay(0.001, 0.5, 10, Per.STEP) : OneCycle.of(0.002, 60, Per.STEP);
        Schedule outside = new Schedule() {
            @Override
            public double at(Iteration k) {
                return given.at(k);
            }

            @Override
            public OptionalDouble momentum(Iteration k) {
                double before = given.at(new Iteration(Math.max(0, k.step() - 1), 0));
                return OptionalDouble.of(given.momentum(k).orElse(0.9) * (given.at(k) / before));
            }
        };
        List<Vector> expected = vectors(
                golden("closed/" + problem + "__momentum_" + name + ".json").get("w"));
        List<Vector> got = Trajectory.points(
                new Momentum(outside, 0, 0), PROBLEMS.get(problem), expected.get(0), expected.size() - 1);
        assertThat(largestError(got, expected)).isLessThanOrEqualTo(tolerance);
    }

    /** The points that PyTorch stores, of which Nesterov's are the look-aheads. */
    private static <S extends Record> List<Vector> torchPoints(
            Optimizer<S> optimizer, List<Objective> objectives, Vector start) {
        List<Vector> points = new ArrayList<>(List.of(start));
        for (Step<S> step : Trajectory.steps(optimizer, k -> objectives.get((int) k), start, objectives.size())) {
            points.add(
                    step.state() instanceof Nesterov.State state
                            ? step.point().plus(0.9, state.velocity())
                            : step.point());
        }
        return points;
    }

    private static double largestError(List<Vector> got, List<Vector> expected) {
        assertThat(got).hasSameSizeAs(expected);
        double largest = 0;
        for (int k = 0; k < got.size(); k++) {
            Vector error = got.get(k).zip(expected.get(k), (x, y) -> Math.abs(x - y) / Math.max(1, Math.abs(y)));
            largest = Math.max(largest, error.maxAbs());
        }
        return largest;
    }

    private static JsonNode golden(String file) throws IOException {
        String data = System.getenv("LOCKSTEP_DATA");
        assumeTrue(data != null, "LOCKSTEP_DATA is not set: no trajectories of PyTorch to compare with");
        Path path = Path.of(data).resolveSibling("golden").resolve(file);
        assumeTrue(Files.isReadable(path), path + " is not there");
        return new ObjectMapper().readTree(path.toFile());
    }

    private static List<Vector> vectors(JsonNode rows) {
        List<Vector> vectors = new ArrayList<>();
        for (JsonNode row : rows) {
            double[] values = new double[row.size()];
            for (int i = 0; i < values.length; i++) {
                values[i] = Double.parseDouble(row.get(i).asText());
            }
            vectors.add(Vector.wrap(values));
        }
        return vectors;
    }
}
