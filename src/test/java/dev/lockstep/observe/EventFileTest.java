package dev.lockstep.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.curvature.Sharpness;
import dev.lockstep.network.Sums;
import dev.lockstep.observe.EventRecords.Read;
import dev.lockstep.train.EpochRecord;
import dev.lockstep.train.Motion;
import dev.lockstep.train.StepRecord;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SortedMap;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Event files, read back by {@link EventRecords}. */
class EventFileTest {
    private static final Sums NO_ROWS = new Sums(null, null);

    @TempDir
    Path temporary;

    private Folder run;

    @BeforeEach
    void folder() {
        run = Folder.of(temporary.toString(), new Configuration());
    }

    private EventFile begin(long steps, String instant) {
        Metrics metrics = new Metrics(5, 0.5, Map.of("accuracy", 0.75), Map.of());
        return EventFile.begin(run, steps, sums -> metrics, Clock.fixed(Instant.parse(instant), ZoneOffset.UTC));
    }

    private static StepRecord step(long step, double loss, OptionalDouble rate) {
        return new StepRecord(step, 0, loss, 2, 0.25, rate, 4, step + 1, 0, Optional.empty());
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(temporary.resolve("tensorboard"))) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private List<Read> only() throws IOException {
        assertThat(names()).hasSize(1);
        return EventRecords.read(temporary.resolve("tensorboard").resolve(names().get(0)));
    }

    /** The check value of CRC-32C, and that of 32 zeros from RFC 3720, B.4. */
    @Test
    void the_parser_s_check_sum_is_that_of_the_standard() {
        assertThat(EventRecords.crc("123456789".getBytes(StandardCharsets.US_ASCII)))
                .isEqualTo(0xe3069283);
        assertThat(EventRecords.crc(new byte[32])).isEqualTo(0x8a9136aa);
    }

    @Test
    void a_file_says_its_version_and_then_what_happened() throws IOException {
        try (EventFile events = begin(0, "2026-11-26T07:32:07.250Z")) {
            events.step(step(0, 2.5, OptionalDouble.of(0.125)));
            events.step(step(300, 0, OptionalDouble.empty()));
            events.epoch(new EpochRecord(0, 301, 1.5, NO_ROWS, 0, Optional.empty(), OptionalDouble.empty(), true));
        }
        double time = 1795678327.25;
        assertThat(only())
                .containsExactly(
                        new Read(time, 0, "brain.Event:2", false, Map.of()),
                        new Read(
                                time,
                                0,
                                null,
                                false,
                                Map.of("loss", 2.5f, "gradient norm", 2f, "step norm", 0.25f, "learning rate", 0.125f)),
                        new Read(time, 300, null, false, Map.of("loss", 0f, "gradient norm", 2f, "step norm", 0.25f)),
                        new Read(
                                time,
                                300,
                                null,
                                false,
                                Map.of("epoch loss", 1.5f, "validation/loss", 0.5f, "validation/accuracy", 0.75f)));
        assertThat(names()).containsExactly("events.out.tfevents.1795678327.lockstep");
    }

    @Test
    void what_is_there_is_told_and_what_is_not_is_left_out() throws IOException {
        Motion motion = new Motion(OptionalDouble.of(0.25), OptionalDouble.empty(), Optional.empty());
        Sharpness sharpness = new Sharpness(8, 1e-3, -2, 1e-3, true, 10);
        try (EventFile events = begin(0, "2026-11-26T07:32:07Z")) {
            events.step(new StepRecord(0, 0, 1, 2, 3, OptionalDouble.empty(), 4, 1, 0, Optional.of(motion)));
            events.epoch(
                    new EpochRecord(0, 1, Double.NaN, null, 0, Optional.of(sharpness), OptionalDouble.of(20), true));
        }
        assertThat(only().get(1).values())
                .isEqualTo(Map.of("loss", 1f, "gradient norm", 2f, "step norm", 3f, "sign changes", 0.25f));
        assertThat(only().get(2).values()).isEqualTo(Map.of("epoch loss", Float.NaN, "sharpness", 8f));
    }

    @Test
    void a_run_that_goes_on_takes_back_what_it_will_tell_again() throws IOException {
        try (EventFile events = begin(0, "2026-11-26T07:32:07Z")) {
            for (int k = 0; k < 5; k++) {
                events.step(step(k, k, OptionalDouble.empty()));
                events.epoch(new EpochRecord(k, k + 1, k, null, 0, Optional.empty(), OptionalDouble.empty(), true));
            }
        }
        // The other machine's clock is behind.
        try (EventFile events = begin(3, "2026-11-26T07:00:00Z")) {
            events.step(step(3, 30, OptionalDouble.empty()));
            events.epoch(new EpochRecord(3, 4, 30, null, 0, Optional.empty(), OptionalDouble.empty(), true));
        }
        assertThat(names())
                .containsExactly("events.out.tfevents.1795678327.lockstep", "events.out.tfevents.1795678328.lockstep");
        List<Read> later = EventRecords.read(temporary.resolve("tensorboard").resolve(names().get(1)));
        assertThat(later.get(0).version()).isEqualTo("brain.Event:2");
        assertThat(later.get(1).start()).isTrue();
        assertThat(later.get(1).step()).isEqualTo(3);
        Map<String, SortedMap<Long, Float>> shown = EventRecords.shown(temporary.resolve("tensorboard"));
        Map<Long, Float> expected = Map.of(0L, 0f, 1L, 1f, 2L, 2f, 3L, 30f);
        assertThat(shown.get("loss")).isEqualTo(expected);
        assertThat(shown.get("epoch loss")).isEqualTo(expected);
    }

    @Test
    void what_was_flushed_can_be_read_while_the_run_goes_on() throws IOException {
        try (EventFile events = begin(0, "2026-11-26T07:32:07Z")) {
            events.step(step(0, 1, OptionalDouble.empty()));
            events.flush();
            assertThat(only()).hasSize(2);
        }
    }
}
