package dev.lockstep.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import dev.lockstep.InputException;
import dev.lockstep.study.PlannedRun;
import dev.lockstep.study.RunState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.util.Shell;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes wrong because of Ctrl-C is an interruption, and what goes wrong otherwise is not. */
class InterruptionTest {
    private static Throwable bySignal() {
        return new UncheckedIOException(new Shell.ExitCodeException(130, "chmod was ended"));
    }

    private static RunState ended(Throwable wrong, Interruption interruption) {
        StudyRun run = new StudyRun(new PlannedRun("a", "adam", true, Map.of(), ConfigFactory.empty()), null);
        run.ended(wrong, interruption);
        assertThat(run.message().isEmpty()).isEqualTo(run.state() == RunState.STOPPED);
        return run.state();
    }

    @Test
    void what_goes_wrong_after_the_signal_is_the_signal_s() {
        try (Interruption interruption = new Interruption()) {
            Throwable wrong = new InputException("the folder cannot be made", new IOException("Stream closed"));
            assertThat(ended(wrong, interruption)).isEqualTo(RunState.FAILED);
            interruption.tell();
            assertThat(ended(wrong, interruption)).isEqualTo(RunState.STOPPED);
            assertThat(ended(bySignal(), interruption)).isEqualTo(RunState.STOPPED);
        }
    }

    @Test
    void a_command_may_know_of_the_signal_first() {
        try (Interruption interruption = new Interruption()) {
            CompletableFuture.delayedExecutor(200, TimeUnit.MILLISECONDS).execute(interruption::tell);
            assertThat(ended(bySignal(), interruption)).isEqualTo(RunState.STOPPED);
        }
        try (Interruption interruption = new Interruption()) {
            CompletableFuture.delayedExecutor(200, TimeUnit.MILLISECONDS).execute(interruption::tell);
            Throwable notBegun = new UncheckedIOException(new IOException(
                    "Cannot run program \"chmod\": error=0, Failed to exec spawn helper: pid: 5415, signal: 2"));
            assertThat(ended(notBegun, interruption)).isEqualTo(RunState.STOPPED);
        }
    }

    @ParameterizedTest(name = "exit code {0}")
    @ValueSource(ints = {1, 130})
    void without_a_signal_of_its_own_it_has_failed(int exitCode) {
        try (Interruption interruption = new Interruption()) {
            assertThat(ended(new Shell.ExitCodeException(exitCode, "chmod: no permission"), interruption))
                    .isEqualTo(RunState.FAILED);
        }
    }
}
