package dev.lockstep.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.InputException;
import dev.lockstep.linalg.Vector;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PathFileTest {
    @TempDir
    Path temporary;

    private Folder run;

    @BeforeEach
    void folder() {
        run = Folder.of(temporary.toString(), new Configuration());
    }

    private void write(long steps, long every, long from, long to) {
        try (PathFile file = PathFile.begin(run, steps, every)) {
            for (long k = from; k <= to; k++) {
                file.weights(k, Vector.of((double) k, (double) -k));
            }
        }
    }

    private List<Long> steps(int most) {
        return PathFile.read(run, 2, most).stream().map(PathFile.Point::step).toList();
    }

    /** 2^-44 is one of the doubles that Java 17 itself writes with a digit too many. */
    @Test
    void numbers_come_back_to_the_bit_and_are_short() throws IOException {
        Vector weights = Vector.of(
                0.1,
                1.0 / 3,
                -0.0,
                Double.MIN_VALUE,
                Double.MAX_VALUE,
                Math.scalb(1.0, -44),
                Double.parseDouble("2e23"));
        try (PathFile file = PathFile.begin(run, 0, 1)) {
            file.weights(7, weights);
        }
        assertThat(Files.readString(temporary.resolve("path.jsonl")))
                .startsWith("{\"step\":7,\"weights\":[0.1,0.3333333333333333,-0.0,4.9E-324,")
                .endsWith(",5.684341886080802E-14,2.0E23]}\n");
        assertThat(PathFile.read(run, 7, 10)).containsExactly(new PathFile.Point(7, weights));
    }

    @Test
    void a_run_that_goes_on_cuts_the_file_back_to_its_checkpoint() throws IOException {
        write(0, 1, 0, 9);
        String whole = Files.readString(temporary.resolve("path.jsonl"));
        write(4, 1, 4, 9);
        assertThat(Files.readString(temporary.resolve("path.jsonl"))).isEqualTo(whole);
        // Of every third step those before step 4 are two: 0 and 3.
        write(4, 3, 6, 6);
        assertThat(steps(10)).containsExactly(0L, 1L, 6L);
    }

    @Test
    void a_long_path_is_thinned_and_keeps_its_ends() {
        write(0, 1, 0, 100);
        assertThat(steps(200)).hasSize(101);
        assertThat(steps(102)).hasSize(101);
        for (int most = 2; most < 101; most++) {
            List<Long> steps = steps(most);
            assertThat(steps)
                    .hasSizeBetween((most + 1) / 2, most)
                    .startsWith(0L)
                    .endsWith(100L);
            long stride = steps.get(1);
            assertThat(steps.subList(0, steps.size() - 1)).allMatch(step -> step % stride == 0);
        }
    }

    @Test
    void a_line_that_is_being_written_is_left_out_and_others_are_refused() throws IOException {
        assertThat(PathFile.read(run, 2, 10)).isEmpty();
        write(0, 1, 0, 2);
        Path file = temporary.resolve("path.jsonl");
        String whole = Files.readString(file);
        Files.writeString(file, whole + "{\"step\":3,\"weights\":[3.0,-");
        assertThat(steps(10)).containsExactly(0L, 1L, 2L);
        assertThatThrownBy(() -> PathFile.read(run, 3, 10))
                .isInstanceOf(InputException.class)
                .hasMessageEndingWith("path.jsonl, line 1: has 2 weights, and the model has 3");
        Files.writeString(file, whole + "{\"loss\":3}\n");
        assertThatThrownBy(() -> PathFile.read(run, 2, 10))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("line 4: expected an object with a step and weights");
    }

    @Test
    void a_file_that_is_gone_is_named() {
        assertThatThrownBy(() -> PathFile.begin(run, 5, 2))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("path.jsonl: is gone, but the checkpoint was written after 3 lines");
    }
}
