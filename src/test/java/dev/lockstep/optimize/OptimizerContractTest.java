package dev.lockstep.optimize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import dev.lockstep.InputException;
import dev.lockstep.Settings;
import dev.lockstep.linalg.Vector;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every optimizer of the registry promises, whichever it is. */
class OptimizerContractTest {
    private static final Vector START = Vector.of(-1.2, 1);

    /** With what an optimizer converges where the rate 0.05 is not for it. */
    private static final Map<String, String> CONVERGING = Map.ofEntries(
            Map.entry("lbfgs", "learning-rate = 1"),
            Map.entry("conjugate-gradient", "learning-rate = 1"),
            Map.entry("polyak", "learning-rate = 0.05, optimizer.minimum = -1"),
            Map.entry("adagrad", "learning-rate = 1"),
            Map.entry("adadelta", falling(100, 0.02)),
            // moves that do not fade by themselves: the rate must
            Map.entry("rmsprop", falling(0.2, 0.01)),
            Map.entry("adam", "learning-rate = 0.1"),
            // where decoupled decay and slope are level is not the minimum
            Map.entry("adamw", "learning-rate = 0.1, optimizer.weight-decay = 1e-7"),
            Map.entry("nadam", falling(0.5, 0.005)),
            Map.entry("radam", falling(0.3, 0.005) + ", optimizer.beta2 = 0.99"),
            Map.entry("adamax", "learning-rate = 0.2"),
            // the minimum is that of E + lambda/2 ||w||^2
            Map.entry("asgd", "learning-rate = 0.08, optimizer.lambda = 1e-6"),
            Map.entry("lion", falling(0.5, 0.04)),
            Map.entry("lars", falling(500, 0.018) + ", optimizer.momentum = 0"),
            // axes that are not the parameters' make steps short of Newton's
            Map.entry("diagonal-newton", "learning-rate = 1"),
            Map.entry("lamb", falling(1, 0.035) + ", optimizer { beta1 = 0.5, beta2 = 0.9 }"));

    private static String falling(double initial, double decay) {
        return "learning-rate { schedule = exponential, initial = " + initial + ", decay = " + decay + " }";
    }

    /** Optimizers with keys that change what they do, beside those with their defaults. */
    private static final List<String> VARIANTS = List.of(
            "gradient-descent weight-decay = 0.1, decoupled-weight-decay = true",
            "momentum weight-decay = 0.1, decoupled-weight-decay = true",
            "momentum form = outside, dampening = 0.5, weight-decay = 0.1",
            "momentum form = outside, weight-decay = 0.1, decoupled-weight-decay = true",
            "nesterov weight-decay = 0.1, decoupled-weight-decay = true",
            "nesterov form = outside",
            "rprop variant = irprop-plus",
            "rprop variant = rprop-minus",
            "rprop variant = rprop-plus",
            "rprop variant = slide",
            "rprop variant = slide-literal",
            "quickprop variant = slide",
            "barzilai-borwein variant = short",
            "lbfgs line-search = backtracking",
            "lbfgs line-search = exact",
            "lbfgs line-search = none, history = 3",
            "conjugate-gradient variant = fletcher-reeves",
            "conjugate-gradient variant = hestenes-stiefel, restart = 3",
            "conjugate-gradient variant = steepest-descent, line-search = backtracking",
            "conjugate-gradient line-search = exact",
            "conjugate-gradient variant = steepest-descent, line-search = none",
            "newton indefinite = shift, damping = 0.1",
            "newton indefinite = absolute, line-search = backtracking",
            "gauss-newton scaling = diagonal",
            "newton-cg matrix = hessian, preconditioned = false",
            "saddle-free-newton exact-up-to = 0, krylov = 2, line-search = none",
            "diagonal-newton matrix = gauss-newton");

    /** What searches along a line: it asks as often as it must, but about no point twice. */
    private static final Set<String> SEARCHING = Set.of(
            "lbfgs",
            "lbfgs line-search = backtracking",
            "lbfgs line-search = exact",
            "conjugate-gradient",
            "conjugate-gradient variant = fletcher-reeves",
            "conjugate-gradient variant = hestenes-stiefel, restart = 3",
            "conjugate-gradient variant = steepest-descent, line-search = backtracking",
            "conjugate-gradient line-search = exact",
            "gauss-newton",
            "gauss-newton scaling = diagonal",
            "newton-cg",
            "newton-cg matrix = hessian, preconditioned = false",
            "saddle-free-newton",
            "newton indefinite = absolute, line-search = backtracking");

    /** Hyper-parameters that may be below 0. */
    private static final Set<String> OF_ANY_SIGN = Set.of("minimum");

    static List<String> names() {
        return Optimizers.names();
    }

    static List<String> variants() {
        return Stream.concat(Optimizers.names().stream(), VARIANTS.stream()).toList();
    }

    @ParameterizedTest
    @MethodSource("variants")
    void is_a_record_and_so_is_its_state_of_vectors_and_numbers(String name) {
        Optimizer<?> optimizer = create(name);
        assertThat(optimizer).isInstanceOf(Record.class);
        for (Record state : List.of(
                optimizer.start(START),
                Trajectory.steps(optimizer, Problems.rosenbrock(), START, 3)
                        .get(2)
                        .state())) {
            assertThat(state.getClass().getRecordComponents())
                    .allSatisfy(component ->
                            assertThat(component.getType()).isIn(Vector.class, List.class, double.class, long.class));
        }
    }

    @ParameterizedTest
    @MethodSource("variants")
    void leaves_its_inputs_untouched_and_gives_the_same_bits_again(String name) {
        verifyPure(create(name));
    }

    private static <S extends Record> void verifyPure(Optimizer<S> optimizer) {
        Step<S> before =
                Trajectory.steps(optimizer, Problems.rosenbrock(), START, 25).get(24);
        double[] point = before.point().toArray();
        String state = before.state().toString();
        Iteration next = Iteration.fullBatch(25);
        Step<S> once = optimizer.step(next, before.point(), before.state(), Problems.rosenbrock());
        Step<S> again = optimizer.step(next, before.point(), before.state(), Problems.rosenbrock());
        assertThat(again).isEqualTo(once);
        assertThat(once.point()).isNotEqualTo(before.point());
        assertThat(before.point()).isEqualTo(Vector.of(point));
        assertThat(before.state()).hasToString(state);
    }

    @ParameterizedTest
    @MethodSource("variants")
    void goes_on_to_the_same_bits_from_a_state_that_was_written_and_read(String name) throws Exception {
        verifyResume(create(name));
    }

    private static <S extends Record> void verifyResume(Optimizer<S> optimizer) throws Exception {
        List<Step<S>> steps = Trajectory.steps(optimizer, Problems.rosenbrock(), START, 40);
        Vector point = (Vector) writtenAndRead(steps.get(14).point());
        S state = rebuilt(steps.get(14).state());
        for (int k = 15; k < 40; k++) {
            Step<S> step = optimizer.step(Iteration.fullBatch(k), point, state, Problems.rosenbrock());
            assertThat(step).isEqualTo(steps.get(k));
            point = step.point();
            state = step.state();
        }
    }

    @ParameterizedTest
    @MethodSource("variants")
    void asks_once_a_step_or_once_a_point_and_reports_what_it_was_told(String name) {
        List<Vector> points = new ArrayList<>();
        List<Evaluation> told = new ArrayList<>();
        Objective listening = new Objective() {
            @Override
            public int dimension() {
                return 2;
            }

            @Override
            public Evaluation evaluate(Vector point) {
                points.add(point);
                told.add(Problems.rosenbrock().evaluate(point));
                return told.get(told.size() - 1);
            }

            @Override
            public List<Vector> products(Curvature matrix, Vector point, List<Vector> directions) {
                return Problems.rosenbrock().products(matrix, point, directions);
            }

            @Override
            public Vector diagonal(Diagonal which, Vector point) {
                return Problems.rosenbrock().diagonal(which, point);
            }
        };
        var steps = Trajectory.steps(create(name), listening, START, 30);
        Evaluation reported = steps.get(29).evaluation();
        if (SEARCHING.contains(name)) {
            assertThat(points).doesNotHaveDuplicates();
            assertThat(reported).isEqualTo(told.get(points.indexOf(steps.get(28).point())));
        } else {
            assertThat(told).hasSize(30);
            assertThat(reported).isEqualTo(told.get(29));
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void converges_on_every_convex_problem(String name) {
        Optimizer<?> optimizer = create(
                name, CONVERGING.getOrDefault(name, Optimizers.takesLearningRate(name) ? "learning-rate = 0.05" : ""));
        Objective bowl = Problems.quadratic(Vector.of(1, 4, 10), Vector.of(1, -2, 0));
        Vector end = Trajectory.end(optimizer, bowl, Vector.of(1, -1, 1), 400);
        assertThat(end.minus(Vector.of(-1, 0.5, 0)).norm()).isLessThan(1e-5);
        assertThat(Trajectory.end(optimizer, Problems.rotated(20), Vector.of(1, -0.5), 600)
                        .norm())
                .isLessThan(1e-5);
        Vector classifier = Trajectory.end(optimizer, Problems.logistic(), Vector.of(0.1, -0.2, 0.3), 5000);
        assertThat(Problems.logistic().evaluate(classifier).gradientNorm()).isLessThan(1e-3);
    }

    @ParameterizedTest
    @MethodSource("variants")
    void shows_a_gradient_that_is_not_finite(String name) {
        for (double bad : new double[] {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY}) {
            Objective broken = Objective.of(2, w -> new Evaluation(1, Vector.of(1, bad)));
            assertThat(Trajectory.steps(create(name), broken, START, 1).get(0).isFinite())
                    .as("with %s", bad)
                    .isFalse();
        }
        assertThat(Trajectory.steps(create(name), Problems.rosenbrock(), START, 1)
                        .get(0)
                        .isFinite())
                .isTrue();
    }

    @ParameterizedTest
    @MethodSource("variants")
    void tells_its_learning_rate_exactly_if_it_takes_one(String name) {
        assertThat(create(name) instanceof ScheduledOptimizer).isEqualTo(Optimizers.takesLearningRate(nameOf(name)));
    }

    @ParameterizedTest
    @MethodSource("names")
    void names_a_bad_hyper_parameter_and_its_value(String name) throws Exception {
        Record optimizer = (Record) create(name);
        RecordComponent[] components = optimizer.getClass().getRecordComponents();
        for (int i = 0; i < components.length; i++) {
            // booleans and enums have no bad values
            List<?> bad = components[i].getType() == double.class
                    ? List.of(-0.5, Double.NaN, Double.POSITIVE_INFINITY)
                    : components[i].getType() == long.class ? List.of(-1L) : List.of();
            String key = components[i].getName().replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
            for (Object value : bad) {
                if (value.equals(-0.5) && OF_ANY_SIGN.contains(key)) {
                    continue;
                }
                Object[] values = values(optimizer);
                values[i] = value;
                assertThatThrownBy(() -> construct(optimizer.getClass(), values))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContainingAll(key, String.valueOf(value));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void refuses_an_unknown_key_and_names_the_nearest(String name) {
        Settings root = settings(name, "optimizer.nane = 1");
        Optimizers.read(root);
        assertThatThrownBy(root::refuseUnknown)
                .isInstanceOf(InputException.class)
                .hasMessageContainingAll("unknown key optimizer.nane", "did you mean name?");
    }

    @ParameterizedTest
    @MethodSource("names")
    void asks_for_every_hyper_parameter_under_its_own_name(String name) {
        Stream<String> components = Arrays.stream(create(name).getClass().getRecordComponents())
                .map(component ->
                        component.getName().replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT))
                .filter(key -> !key.equals("learning-rate"));
        components.forEach(key -> {
            Settings root = settings(name, "optimizer." + key + " = no-such-value");
            assertThatThrownBy(() -> Optimizers.read(root))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("optimizer." + key + " = no-such-value");
        });
    }

    private static Optimizer<?> create(String name) {
        return create(name, "");
    }

    private static Optimizer<?> create(String name, String more) {
        Settings root = settings(name, more);
        Optimizer<?> optimizer = Optimizers.read(root);
        root.refuseUnknown();
        return optimizer;
    }

    private static String nameOf(String variant) {
        return variant.replaceFirst(" .*", "");
    }

    /** Settings of a name, which keys of the optimizer may follow. */
    private static Settings settings(String variant, String more) {
        String name = nameOf(variant);
        String rate = Optimizers.takesLearningRate(name) ? "learning-rate = 0.001\n" : "";
        return Settings.of(ConfigFactory.parseString(
                "optimizer { name = " + name + variant.replaceFirst("^[^ ]*", ",") + " }\n" + rate + more));
    }

    private static Object writtenAndRead(Object value) throws IOException, ClassNotFoundException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(value);
        }
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            return in.readObject();
        }
    }

    @SuppressWarnings("unchecked")
    private static <S extends Record> S rebuilt(S state) throws Exception {
        Object[] values = values(state);
        for (int i = 0; i < values.length; i++) {
            values[i] = writtenAndRead(values[i]);
        }
        return (S) construct(state.getClass(), values);
    }

    private static Object[] values(Record record) throws Exception {
        RecordComponent[] components = record.getClass().getRecordComponents();
        Object[] values = new Object[components.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = components[i].getAccessor().invoke(record);
        }
        return values;
    }

    private static Object construct(Class<?> type, Object[] values) throws Exception {
        Class<?>[] types = Arrays.stream(type.getRecordComponents())
                .map(RecordComponent::getType)
                .toArray(Class<?>[]::new);
        try {
            return type.getDeclaredConstructor(types).newInstance(values);
        } catch (InvocationTargetException e) {
            throw (Exception) e.getCause();
        }
    }
}
