package dev.lockstep.distributed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.linalg.Mixing;
import dev.lockstep.network.Sums;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** One order of adding, whoever hosts which shards. */
class SumTreeTest {
    private static Sums leaf(int shard) {
        return new Sums(
                new double[] {Mixing.normal(shard) * StrictMath.pow(10, shard % 9), 1.0, StrictMath.pow(2, -shard)},
                null);
    }

    @Test
    void hosting_ranges_of_shards_changes_no_bit() {
        for (int shards = 1; shards <= 33; shards++) {
            int last = shards;
            double[] expected = SumTree.sum(0, shards, 1, SumTreeTest::leaf).gradient();
            assertThat(expected[1]).isEqualTo(shards);
            for (int width = 2; width <= 64; width *= 2) {
                int most = width;
                Sums hosted = SumTree.sum(0, shards, width, from -> {
                    assertThat(from % most).isZero();
                    return SumTree.sum(from, Math.min(from + most, last), 1, SumTreeTest::leaf);
                });
                assertThat(hosted.gradient()).isEqualTo(expected);
            }
        }
    }

    @Test
    void the_tree_is_the_one_that_is_written_down() {
        // Seven shards: ((0 1) (2 3)) ((4 5) 6), as parentheses would say it.
        double[] x = new double[7];
        for (int i = 0; i < 7; i++) {
            x[i] = leaf(i).gradient()[0];
        }
        double expected = ((x[0] + x[1]) + (x[2] + x[3])) + ((x[4] + x[5]) + x[6]);
        assertThat(SumTree.sum(0, 7, 1, SumTreeTest::leaf).gradient()[0]).isEqualTo(expected);
    }

    @Test
    void parts_join_in_any_order_and_as_far_as_the_tree_allows() {
        for (int shards = 1; shards <= 17; shards++) {
            int all = shards;
            double[] expected = SumTree.sum(0, shards, 1, SumTreeTest::leaf).gradient();
            List<Partial> parts = new ArrayList<>();
            for (int shard = 0; shard < shards; shard++) {
                parts.add((7 * shard) % 17 % (parts.size() + 1), new Partial(shard, shard + 1, leaf(shard)));
            }
            List<Partial> even = SumTree.join(
                    shards,
                    parts.stream().filter(part -> part.from() / 2 % 2 == 0).toList());
            assertThat(even).allMatch(part -> part.to() - part.from() == Math.min(2, all - part.from()));
            List<Partial> odd = SumTree.join(
                    shards,
                    parts.stream().filter(part -> part.from() / 2 % 2 == 1).toList());
            List<Partial> rest = new ArrayList<>(odd);
            rest.addAll(even);
            List<Partial> joined = SumTree.join(shards, rest);
            assertThat(joined).hasSize(1);
            assertThat(joined.get(0).sums().gradient()).isEqualTo(expected);
        }
    }

    @Test
    void every_shard_is_asked_once() {
        List<Integer> asked = new ArrayList<>();
        SumTree.sum(0, 11, 1, shard -> {
            asked.add(shard);
            return leaf(shard);
        });
        assertThat(asked).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
    }
}
