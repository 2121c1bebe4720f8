package dev.lockstep.data;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.linalg.Buffer;
import dev.lockstep.linalg.Precision;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which rows a shard holds, and when an epoch visits them. */
public class ShardTest {
    private static final int ROWS = 53;

    /** The shards of a set of rows whose only feature and whose label are their number; for other tests too. */
    public static List<Shard> shards(int rows, int shards, int blockRows, Precision precision) {
        ShardPlan plan = new ShardPlan(shards, 1);
        List<Shard> result = new ArrayList<>();
        for (int s = 0; s < shards; s++) {
            List<Block> blocks = new ArrayList<>();
            long count = plan.rows(s, rows);
            for (long from = 0; from < count; from += blockRows) {
                int n = (int) Math.min(blockRows, count - from);
                Buffer features = Buffer.allocate(precision, n);
                int[] labels = new int[n];
                for (int i = 0; i < n; i++) {
                    long number = (from + i) * shards + s;
                    features.set(i, (double) number);
                    labels[i] = (int) number;
                }
                blocks.add(new Block(n, features, labels, null, null));
            }
            result.add(new Shard(s, plan, blockRows, blocks));
        }
        return result;
    }

    /** The shards of any rows with classes; for other tests. */
    public static List<Shard> shards(
            double[][] x, int[] classes, double[] weights, ShardPlan plan, Precision precision) {
        return shards(x, classes, weights, plan, precision, 4);
    }

    /** The shards of any rows, in blocks of so many; for other tests. */
    public static List<Shard> shards(
            double[][] x, int[] classes, double[] weights, ShardPlan plan, Precision precision, int blockRows) {
        return shards(x, classes, null, weights, plan, precision, blockRows);
    }

    /** The shards of any rows with numbers as targets; for other tests. */
    public static List<Shard> shards(double[][] x, double[][] targets, ShardPlan plan, Precision precision) {
        return shards(x, null, targets, null, plan, precision, 4);
    }

    private static List<Shard> shards(
            double[][] x,
            int[] classes,
            double[][] targets,
            double[] weights,
            ShardPlan plan,
            Precision precision,
            int blockRows) {
        List<Shard> result = new ArrayList<>();
        for (int s = 0; s < plan.shards(); s++) {
            List<Block> blocks = new ArrayList<>();
            int count = (int) plan.rows(s, x.length);
            for (int from = 0; from < count; from += blockRows) {
                int n = Math.min(blockRows, count - from);
                int width = x[0].length;
                Buffer features = Buffer.allocate(precision, n * width);
                int[] labels = classes == null ? null : new int[n];
                int outputs = targets == null ? 0 : targets[0].length;
                double[] numbers = targets == null ? null : new double[n * outputs];
                double[] own = weights == null ? null : new double[n];
                for (int i = 0; i < n; i++) {
                    int number = (from + i) * plan.shards() + s;
                    for (int j = 0; j < width; j++) {
                        features.set(i * width + j, x[number][j]);
                    }
                    if (labels != null) {
                        labels[i] = classes[number];
                    }
                    if (numbers != null) {
                        System.arraycopy(targets[number], 0, numbers, i * outputs, outputs);
                    }
                    if (own != null) {
                        own[i] = weights[number];
                    }
                }
                blocks.add(new Block(n, features, labels, numbers, own));
            }
            result.add(new Shard(s, plan, blockRows, blocks));
        }
        return result;
    }

    private static Batch batch(int from, int to, long key, boolean shuffled) {
        return new Batch(ROWS, from, to, key, shuffled);
    }

    private static Set<Long> rowsOf(Batch batch, int shards) {
        Set<Long> rows = new TreeSet<>();
        for (Shard shard : shards(ROWS, shards, 5, Precision.FLOAT64)) {
            Shard.Visits visits = shard.visits(batch);
            for (int i = visits.from(); i < visits.to(); i++) {
                assertThat(rows.add(shard.rowNumber(visits.places()[i]))).isTrue();
            }
        }
        return rows;
    }

    @ParameterizedTest(name = "{0} shards")
    @ValueSource(ints = {1, 2, 3, 7, 53})
    void an_epoch_visits_every_row_once_and_a_batch_is_the_same_rows_for_every_number_of_shards(int shards) {
        Set<Long> all = new TreeSet<>();
        for (int from = 0; from < ROWS; from += 10) {
            Batch batch = batch(from, Math.min(ROWS, from + 10), 8, true);
            Set<Long> rows = rowsOf(batch, shards);
            assertThat(rows).hasSize((int) batch.rows()).isEqualTo(rowsOf(batch, 1));
            all.addAll(rows);
        }
        assertThat(all).hasSize(ROWS);
    }

    @Test
    void epochs_differ_and_without_shuffling_rows_keep_their_order() {
        assertThat(rowsOf(batch(0, 10, 1, true), 4)).isNotEqualTo(rowsOf(batch(0, 10, 2, true), 4));
        assertThat(rowsOf(batch(10, 13, 0, false), 4)).containsExactly(10L, 11L, 12L);
    }

    @Test
    void the_order_of_a_shard_is_that_of_the_epoch() {
        Shard only = shards(ROWS, 1, 7, Precision.FLOAT32).get(0);
        dev.lockstep.linalg.Permutation permutation = new dev.lockstep.linalg.Permutation(ROWS, 8);
        Shard.Visits visits = only.visits(batch(20, 30, 8, true));
        for (int i = visits.from(); i < visits.to(); i++) {
            assertThat(permutation.at(visits.places()[i])).isEqualTo(i);
        }
    }

    /** Large shards and tiny ones, of epochs that shuffle and that do not: each row once, the next one visited later. */
    @ParameterizedTest(name = "{0} rows in {1} shards")
    @CsvSource({"1, 1", "2, 1", "5, 3", "1000, 1", "1003, 7", "4096, 512", "9999, 2"})
    void each_shard_visits_its_rows_in_the_order_of_the_epoch(int rows, int count) {
        for (boolean shuffled : new boolean[] {true, false}) {
            dev.lockstep.linalg.Permutation permutation = new dev.lockstep.linalg.Permutation(rows, 99);
            for (Shard shard : shards(rows, count, 64, Precision.FLOAT32)) {
                Shard.Visits visits = shard.visits(new Batch(rows, 0, rows, 99, shuffled));
                assertThat(visits.from()).isZero();
                assertThat(visits.to()).isEqualTo(shard.rows());
                assertThat(visits.places()).hasSize(shard.rows());
                long before = -1;
                for (int place : visits.places()) {
                    long row = shard.rowNumber(place);
                    long visit = shuffled ? permutation.at(row) : row;
                    assertThat(visit).isGreaterThan(before);
                    before = visit;
                }
            }
        }
    }

    @Test
    void gathering_copies_the_rows_with_their_numbers() {
        Shard shard = shards(ROWS, 3, 4, Precision.FLOAT32).get(2);
        Shard.Gathered gathered = new Shard.Gathered(Precision.FLOAT32, 6, 1, 0);
        int[] places = {9, 0, 16, 5};
        shard.gather(places, 1, 3, gathered);
        Block block = gathered.block();
        assertThat(block.rows()).isEqualTo(3);
        assertThat(block.weights()).isNull();
        assertThat(Arrays.copyOf(gathered.rowNumbers(), 3)).containsExactly(2, 50, 17);
        for (int i = 0; i < 3; i++) {
            assertThat((long) block.features().get(i)).isEqualTo(gathered.rowNumbers()[i]);
            assertThat(block.labels()[i]).isEqualTo((int) gathered.rowNumbers()[i]);
        }
    }

    @ParameterizedTest(name = "{0} shards")
    @ValueSource(ints = {1, 2, 7, 8, 13})
    void plans_share_out_every_shard_once(int shards) {
        for (int slots = 1; slots <= 20; slots++) {
            ShardPlan plan = ShardPlan.forSlots(shards, slots);
            int sum = 0;
            for (int task = 0; task < plan.tasks(); task++) {
                assertThat(plan.count(task)).isPositive();
                for (int i = 0; i < plan.count(task); i++) {
                    assertThat(plan.task(plan.first(task) + i)).isEqualTo(task);
                }
                sum += plan.count(task);
            }
            assertThat(sum).isEqualTo(shards);
            assertThat(plan.tasks()).as("at least a task a slot").isGreaterThanOrEqualTo(Math.min(slots, shards) / 2);
        }
        assertThat(ShardPlan.forSlots(8, 2)).isEqualTo(new ShardPlan(8, 4));
        assertThat(ShardPlan.forSlots(8, 100).tasks()).isEqualTo(8);
    }

    @Test
    void classes_are_sorted_by_value_if_all_are_numbers_and_else_as_text() {
        assertThat(Classes.of(List.of("10", "2", "-1")).names()).containsExactly("-1", "2", "10");
        assertThat(Classes.of(List.of("10", "2", "x")).names()).containsExactly("10", "2", "x");
        Classes spelt = Classes.of(List.of("1.0", "1", "2.50"));
        assertThat(spelt.names()).containsExactly("1", "2.5");
        assertThat(spelt.indexOf("2.5")).isEqualTo(1);
        assertThat(spelt.indexOf("1e0")).isZero();
        assertThat(spelt.indexOf("3")).isEqualTo(-1);
        assertThat(spelt.indexOf("one")).isEqualTo(-1);
        assertThat(Classes.of(List.of("12345678901234567891", "12345678901234567892"))
                        .count())
                .isEqualTo(2);
    }

    @ParameterizedTest(name = "\"{0}\"")
    @ValueSource(strings = {"", " 1", "1e999", "0x1p3", "1d", "1f", "NaN", "Infinity", "-", "1,5", "1e", "--1"})
    void what_is_no_finite_decimal_number_is_none(String text) {
        assertThat(Numbers.parse(text)).isNaN();
    }

    @Test
    void decimal_numbers_are_numbers() {
        assertThat(Numbers.parse("+1.5e-3")).isEqualTo(1.5e-3);
        assertThat(Numbers.parse("-.5")).isEqualTo(-0.5);
    }

    @Test
    void moments_of_shards_join_to_those_of_all_rows_and_a_constant_stays_constant() {
        Standardization.Moments all = new Standardization.Moments(2);
        for (int part = 0; part < 3; part++) {
            int rows = part == 1 ? 0 : 4;
            double[] values = new double[2 * rows];
            for (int i = 0; i < rows; i++) {
                values[2 * i] = 1e6 + part + i;
                values[2 * i + 1] = 0.1;
            }
            List<Block> blocks =
                    rows == 0 ? List.of() : List.of(new Block(rows, Buffer.wrap(values), new int[rows], null, null));
            all.add(Standardization.Moments.ofFeatures(new Shard(part, new ShardPlan(3, 1), 4, blocks), 2));
        }
        // 0 1 2 3 and 2 3 4 5: mean 2.5, variance (6.25 + 2.25 + .25 + .25) 2 / 8.
        Standardization fitted = all.standardization(8);
        assertThat(fitted.means()[0]).isEqualTo(1e6 + 2.5);
        assertThat(fitted.deviations()[0]).isEqualTo(1.5);
        assertThat(fitted.deviations()[1]).isZero();
        assertThat(fitted.apply(1e6 + 4, 0)).isEqualTo(1.0);
        assertThat(fitted.apply(0.1, 1)).isZero();
        assertThat(fitted.apply(7, 1)).isZero();
    }

    @Test
    void gathered_rows_bring_their_zeros_along_where_these_are_known() {
        int width = 20;
        double[][] x = new double[ROWS][width];
        for (int i = 0; i < ROWS; i++) {
            x[i][i % width] = 1 + i;
        }
        Shard unknown = shards(x, new int[ROWS], null, new ShardPlan(1, 1), Precision.FLOAT32, 8)
                .get(0);
        List<Block> blocks = unknown.blocks().stream()
                .map(block -> block.withNonzeros(width))
                .toList();
        Shard known = new Shard(0, new ShardPlan(1, 1), 8, blocks);
        Shard.Gathered gathered = new Shard.Gathered(Precision.FLOAT32, 10, width, 0);
        int[] places = {50, 3, 17, 4, 29, 41, 8, 0, 11};
        known.gather(places, 0, 4, gathered);
        known.gather(places, 2, 7, gathered);
        Block block = gathered.block();
        for (int i = 0; i < 7; i++) {
            for (int j = 0; j < width; j++) {
                assertThat(block.nonzeros().has(i, j))
                        .isEqualTo(block.features().get(i * width + j) != 0);
            }
        }
        unknown.gather(places, 2, 7, gathered);
        assertThat(gathered.block().nonzeros()).isNull();
    }
}
