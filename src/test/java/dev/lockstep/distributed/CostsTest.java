package dev.lockstep.distributed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.data.Batch;
import dev.lockstep.linalg.Blas;
import dev.lockstep.linalg.Precision;
import dev.lockstep.linalg.Vector;
import dev.lockstep.network.Activation;
import dev.lockstep.network.ClassLoss;
import dev.lockstep.network.Layer;
import dev.lockstep.network.Network;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Where time goes, by a clock whose moments are made up where they can be. */
class CostsTest {
    private static final long DAY = 86_400_000_000_000L;

    private static long exchangeNanos(long waitedUntil) {
        Network network = new Network(List.of(new Layer(1, 2, Activation.IDENTITY, false)), ClassLoss.CROSS_ENTROPY, 0);
        ShardTask.Setting setting = new ShardTask.Setting(network, 2, Precision.FLOAT64, Blas.Kind.JAVA, 1);
        Request request = new Request(Request.RowSet.TRAINING, Batch.all(1), Vector.filled(2, 1), true, false, null);
        Costs.Clock clock = new Costs.Clock();
        clock.encoded();
        clock.waitedUntil(waitedUntil);
        // As if the answer had come a day after its tasks were through.
        clock.answered(List.of(Taken.of(-DAY)));
        clock.summed();
        assertThat(Costs.each(clock, List.of(request), setting, 1, 1))
                .extracting(Costs::exchangeNanos)
                .containsExactly(
                        Costs.NONE.plus(clock, List.of(request), setting, 1, 1).exchangeNanos());
        return Costs.NONE.plus(clock, List.of(request), setting, 1, 1).exchangeNanos();
    }

    @Test
    void waiting_until_tasks_are_free_is_no_exchange() {
        assertThat(exchangeNanos(System.nanoTime() + DAY / 2)).isBetween(DAY / 3, DAY * 2 / 3);
        assertThat(exchangeNanos(System.nanoTime() - DAY / 2))
                .as("they were free before they were asked")
                .isBetween(DAY * 2 / 3, DAY * 4 / 3);
    }
}
