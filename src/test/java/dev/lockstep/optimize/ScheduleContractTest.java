package dev.lockstep.optimize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValueFactory;
import dev.lockstep.InputException;
import dev.lockstep.Settings;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every schedule of the registry promises, whichever it is. */
class ScheduleContractTest {
    /** What each schedule cannot do without. */
    private static final Map<String, String> REQUIRED = Map.of(
            "exponential", "initial = 0.5, decay = 0.1",
            "step", "initial = 0.5, every = 3",
            "multi-step", "initial = 0.5, milestones = [3, 5]",
            "one-cycle", "max = 0.5",
            "warmup", "length = 3, then { schedule = one-cycle, max = 0.5 }");

    static List<String> names() {
        return Schedules.names();
    }

    @Test
    void every_schedule_that_needs_more_than_its_initial_rate_is_known_here() {
        assertThat(names()).containsAll(REQUIRED.keySet());
    }

    @ParameterizedTest
    @MethodSource("names")
    void is_a_record_whose_rates_are_finite_and_not_negative_wherever_it_is_asked(String name) {
        Schedule schedule = read(settings(name, ""));
        assertThat(schedule).isInstanceOf(Record.class);
        for (long k : new long[] {0, 1, 2, 3, 5, 8, 13, 19, 20, 21, 40, 1L << 40, 1L << 62, Long.MAX_VALUE}) {
            for (Iteration iteration :
                    List.of(new Iteration(k, 0, 0), new Iteration(k, k / 2, k / 3), new Iteration(k, k, k))) {
                double rate = schedule.at(iteration);
                assertThat(rate).as("%s", iteration).isBetween(0.0, 0.5);
                assertThat(schedule.at(iteration)).isEqualTo(rate);
                schedule.momentum(iteration)
                        .ifPresent(momentum ->
                                assertThat(momentum).isGreaterThanOrEqualTo(0).isLessThan(1));
            }
        }
        assertThat(schedule.at(new Iteration(1, 1))).isPositive();
    }

    @ParameterizedTest
    @MethodSource("names")
    void what_was_used_is_written_down_and_stays_when_the_run_becomes_longer(String name) {
        for (String per : name.equals("plateau") ? List.of("") : List.of("", "learning-rate.per = epoch")) {
            Settings root = settings(name, per);
            Schedule schedule = read(root);
            Config longer = root.resolved().withValue("stop.epochs", ConfigValueFactory.fromAnyRef(500));
            assertThat(Schedules.read(Settings.of(longer), "learning-rate")).isEqualTo(schedule);
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void names_a_bad_number_and_its_value(String name) throws Exception {
        Record schedule = (Record) read(settings(name, ""));
        RecordComponent[] components = schedule.getClass().getRecordComponents();
        for (int i = 0; i < components.length; i++) {
            List<Object> bad = List.of();
            if (components[i].getType() == double.class) {
                bad = List.of(-0.5, Double.NaN, Double.POSITIVE_INFINITY);
            } else if (components[i].getType() == long.class) {
                bad = List.of(-1L);
            }
            String key = schedule instanceof ConstantRate ? "learning-rate" : "learning-rate." + key(components[i]);
            for (Object value : bad) {
                Object[] values = values(schedule);
                values[i] = value;
                assertThatThrownBy(() -> construct(schedule.getClass(), values))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContainingAll(key + " must be", String.valueOf(value));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void asks_for_every_number_under_its_own_name(String name) {
        for (RecordComponent component : read(settings(name, "")).getClass().getRecordComponents()) {
            String key = "learning-rate." + key(component);
            Settings root = settings(name, key + " = no-such-value");
            assertThatThrownBy(() -> read(root))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining(key + " = no-such-value");
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void refuses_an_unknown_key_and_names_the_nearest(String name) {
        assertThatThrownBy(() -> read(settings(name, "learning-rate.schedul = 1")))
                .isInstanceOf(InputException.class)
                .hasMessageContainingAll("unknown key learning-rate.schedul", "did you mean schedule?");
    }

    private static Schedule read(Settings root) {
        Schedule schedule = Schedules.read(root, "learning-rate");
        root.refuseUnknown();
        return schedule;
    }

    private static Settings settings(String name, String more) {
        return Settings.of(ConfigFactory.parseString("learning-rate { schedule = " + name + ", "
                + REQUIRED.getOrDefault(name, "initial = 0.5") + " }\n" + more));
    }

    /** The key of a component; {@code final} cannot be the name of one. */
    private static String key(RecordComponent component) {
        String name = component.getName().equals("finalRate") ? "final" : component.getName();
        return name.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
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
