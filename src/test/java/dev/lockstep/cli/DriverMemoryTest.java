package dev.lockstep.cli;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.InputException;
import org.junit.jupiter.api.Test;

class DriverMemoryTest {
    @Test
    void what_fits_is_let_pass() {
        assertThatCode(() -> new DriverMemory(10_000_000, 10, 2, 0).check(4L << 30))
                .doesNotThrowAnyException();
    }

    @Test
    void what_cannot_fit_is_named_with_the_memory_that_would_do() {
        // 8 bytes x 10,000,000 x (10 + 4 + 3 x 16) are 4,960,000,000 bytes, and 100 MB of rows.
        DriverMemory memory = new DriverMemory(10_000_000, 10, 16, 100L << 20);
        assertThatThrownBy(() -> memory.check(4L << 30))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("10,000,000 parameters need 4,830 MB on the driver (10 vectors of the optimizer")
                .hasMessageContaining("sums of 16 tasks in flight, 100 MB of rows), and it has 4,096 MB")
                .hasMessageContaining("--driver-memory 6g");
        assertThatCode(() -> memory.check(6L << 30)).doesNotThrowAnyException();
    }
}
