package dev.lockstep.linalg;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.ToLongFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** When vectors take the place of what is scalar. The forms are words here, and what a sample takes is made up. */
class GateTest {
    private static final Duration MILLISECOND = Duration.ofMillis(1);

    /** The scalar form always takes 10; the vectors take 100 until they have been tried so many times, then 5. */
    private static ToLongFunction<String> compiledAfter(int tries, AtomicInteger tried) {
        return form -> form.equals("scalar") ? 10 : tried.incrementAndGet() > tries ? 5 : 100;
    }

    private static String await(Gate<String> gate, String wanted) throws InterruptedException {
        String form = gate.of(1);
        while (!form.equals(wanted)) {
            Thread.sleep(1);
            form = gate.of(1);
        }
        return form;
    }

    @Test
    void nothing_is_tried_before_there_has_been_enough_to_do() {
        AtomicInteger tried = new AtomicInteger();
        Gate<String> gate = new Gate<>("words", "scalar", () -> "vectors", () -> compiledAfter(0, tried), 1000);
        for (int i = 0; i < 9; i++) {
            assertThat(gate.of(100)).isEqualTo("scalar");
        }
        assertThat(tried).hasValue(0);
    }

    @Test
    @Timeout(60)
    void vectors_come_once_they_are_the_faster_ones() throws InterruptedException {
        AtomicInteger tried = new AtomicInteger();
        Gate<String> gate = new Gate<>("words", "scalar", () -> "vectors", () -> compiledAfter(50, tried), 1);
        assertThat(await(gate, "vectors")).isEqualTo("vectors");
        assertThat(tried).hasValue(51);
    }

    @Test
    @Timeout(60)
    void vectors_that_are_compiled_late_come_late_and_not_never() throws InterruptedException {
        AtomicInteger tried = new AtomicInteger();
        Gate<String> gate = new Gate<>(
                "words", "scalar", () -> "vectors", () -> compiledAfter(5, tried), 1, Duration.ZERO, MILLISECOND);
        assertThat(await(gate, "vectors")).isEqualTo("vectors");
        assertThat(tried).hasValue(6);
    }

    @Test
    void without_vectors_the_scalar_form_stays() {
        Gate<String> gate = new Gate<>(
                "words",
                "scalar",
                () -> "scalar",
                () -> {
                    throw new AssertionError("there is nothing to be tried");
                },
                1);
        assertThat(gate.of(1)).isEqualTo("scalar");
        assertThat(gate.of(1)).isEqualTo("scalar");
    }
}
