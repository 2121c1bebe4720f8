package dev.lockstep.distributed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.distributed.Request.RowSet;
import dev.lockstep.linalg.Vector;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What Spark's page says of jobs. */
class PurposeTest {
    /** Requests for purposes such as {@code run: epoch 1}; a dash says nothing. */
    private static List<Request> requests(String... purposes) {
        return Arrays.stream(purposes)
                .map(text -> Request.metrics(RowSet.TRAINING, 1, Vector.zeros(1))
                        .withPurpose(text.equals("-") ? null : purpose(text)))
                .toList();
    }

    private static Purpose purpose(String text) {
        int colon = text.indexOf(": ");
        return new Purpose(text.substring(0, colon), text.substring(colon + 2));
    }

    @Test
    void one_run_is_named_with_what_it_is_at() {
        assertThat(Purpose.describe(requests("mnist: epoch 3, step 118"))).isEqualTo("mnist: epoch 3, step 118");
        assertThat(Purpose.describe(requests("mnist: epoch 3", "mnist: epoch 3", "-")))
                .as("trials of one line search")
                .isEqualTo("mnist: epoch 3");
        assertThat(Purpose.describeResidents(requests("mnist: epoch 0, step 0"), 1))
                .isEqualTo("mnist: resident tasks");
    }

    @Test
    void several_runs_are_counted() {
        List<Request> requests = requests("adam: epoch 1, step 7", "rprop: epoch 1, step 1", "rprop: epoch 1, step 1");
        assertThat(Purpose.describe(requests)).isEqualTo("2 runs: adam: epoch 1, step 7; …");
        assertThat(Purpose.describeResidents(requests, 2)).isEqualTo("2 runs: resident tasks, generation 2");
    }

    @Test
    void who_says_nothing_is_not_named() {
        assertThat(Purpose.describe(requests("-"))).isNull();
        assertThat(Purpose.describeResidents(requests("-"), 1)).isEqualTo("resident tasks");
    }
}
