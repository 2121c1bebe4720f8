package dev.lockstep.distributed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.distributed.PlacedHoldings.Place;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which executor a task that stays is sent to. */
class PlacedHoldingsTest {
    private static final List<String> NOWHERE = List.of();

    private final Place a = new Place("north", "1", 1);
    private final Place b = new Place("south", "2", 2);

    private String[] places(List<List<String>> wishes) {
        return PlacedHoldings.places(wishes, List.of(a, b));
    }

    @Test
    void a_task_goes_where_its_data_is_by_executor_or_by_host() {
        assertThat(places(List.of(List.of("executor_south_2"), List.of("north"), List.of("south"))))
                .containsExactly("executor_south_2", "executor_north_1", "executor_south_2");
    }

    @Test
    void two_tasks_whose_data_one_executor_has_rebuilt_do_not_wait_for_its_only_slot() {
        assertThat(places(List.of(List.of("executor_north_1"), List.of("executor_north_1"))))
                .containsExactly("executor_north_1", "executor_south_2");
    }

    @Test
    void a_task_without_data_leaves_the_slot_to_one_that_has_data_there() {
        assertThat(places(List.of(NOWHERE, NOWHERE, List.of("executor_south_2"))))
                .containsExactly("executor_north_1", "executor_south_2", "executor_south_2");
    }

    @Test
    void where_an_executor_is_gone_and_no_slot_is_left_spark_decides() {
        assertThat(places(List.of(List.of("executor_east_0"), NOWHERE, NOWHERE, NOWHERE)))
                .containsExactly("executor_south_2", "executor_north_1", "executor_south_2", null);
    }
}
