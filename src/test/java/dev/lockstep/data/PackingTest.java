package dev.lockstep.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.lockstep.Settings;
import dev.lockstep.SharedSpark;
import dev.lockstep.linalg.Precision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows keep their identity on the way into shards, however the files and the cluster are cut. */
class PackingTest {
    private static final int ROWS = 211;

    private static final Preparation.Wanted NOTHING = new Preparation.Wanted(false, false, false, null);
    private static final Preparation.Wanted STANDARDIZE = new Preparation.Wanted(false, true, false, null);

    @TempDir
    static Path folder;

    @BeforeAll
    static void write() throws IOException {
        Path one = folder.resolve("a.csv");
        Path two = folder.resolve("b.csv");
        StringBuilder first = new StringBuilder("x,y,weight,label\n");
        StringBuilder second = new StringBuilder("x,y,weight,label\r\n");
        for (int i = 0; i < ROWS; i++) {
            StringBuilder file = i < 150 ? first : second;
            String row = String.format(Locale.ROOT, "%d,%s,%s,c%d", i, 0.1 * i * i, 1 + i % 3, i % 4);
            file.append(row).append(i < 150 ? "\n" : "\r\n");
        }
        Files.writeString(one, first);
        Files.writeString(two, second.toString().stripTrailing());
    }

    private static Source source() {
        return Sources.read(
                Settings.of(Settings.inline("format=csv,label=label,weight=weight,path=" + folder, "--data")));
    }

    private static Scan scan(long bytes) {
        return Scan.of(SharedSpark.context(), source(), Scan.Rules.strict(true), null, new Source.Cut(bytes, 1000));
    }

    private static Packing.Format format(int shards, int width, int blockRows) {
        return new Packing.Format(new ShardPlan(shards, width), blockRows, Precision.FLOAT64, 1.0);
    }

    /** All rows of a set by number: x, y, weight and label. */
    private static Map<Long, List<Double>> rows(Dataset set) {
        TreeMap<Long, List<Double>> rows = new TreeMap<>();
        for (ShardRange range : set.ranges().collect()) {
            for (Shard shard : range.shards()) {
                int place = 0;
                for (Block block : shard.blocks()) {
                    for (int i = 0; i < block.rows(); i++) {
                        rows.put(
                                shard.rowNumber(place++),
                                List.of(
                                        block.features().get(2 * i),
                                        block.features().get(2 * i + 1),
                                        block.weights()[i],
                                        (double) block.labels()[i]));
                    }
                }
            }
        }
        return rows;
    }

    @ParameterizedTest(name = "slices of {0} bytes, {1} shards, {2} a task, blocks of {3}")
    @CsvSource({"1000000,1,1,256", "1000,8,1,16", "97,8,8,7", "40,7,4,3", "900,64,2,1"})
    void every_row_lands_at_its_number_however_the_files_are_cut(long bytes, int shards, int width, int blockRows) {
        Scan scan = scan(bytes);
        Dataset set = Packing.whole(SharedSpark.context(), scan, format(shards, width, blockRows), Preparation.NONE);
        Map<Long, List<Double>> rows = rows(set);
        assertThat(rows).hasSize(ROWS);
        rows.forEach((number, row) -> assertThat(row)
                .containsExactly((double) number, 0.1 * number * number, 1.0 + number % 3, (double) (number % 4)));
        set.release();
    }

    @Test
    void the_fingerprint_depends_on_the_rows_and_not_on_the_cut() {
        Set<String> prints = new TreeSet<>();
        for (long bytes : new long[] {150, 333, 1 << 20}) {
            prints.add(scan(bytes).fingerprint());
        }
        assertThat(prints).hasSize(1);
        Source fewer = Sources.read(Settings.of(
                Settings.inline("format=csv,label=label,weight=weight,path=" + folder + "/a.csv", "--data")));
        assertThat(Scan.of(SharedSpark.context(), fewer, Scan.Rules.strict(true), null)
                        .fingerprint())
                .isNotIn(prints);
    }

    @ParameterizedTest(name = "slices of {0} bytes")
    @ValueSource(longs = {400, 1000000})
    void a_validation_fraction_is_the_same_rows_for_every_cut_and_leaves_the_others_in_order(long bytes) {
        Packing.Split split =
                Packing.split(SharedSpark.context(), scan(bytes), format(4, 2, 32), 42, ROWS - 42, 7, NOTHING);
        List<Double> validation = rows(split.validation()).values().stream()
                .map(row -> row.get(0))
                .toList();
        List<Double> training =
                rows(split.training()).values().stream().map(row -> row.get(0)).toList();
        assertThat(validation).hasSize(42).isSorted();
        assertThat(training).hasSize(ROWS - 42).isSorted();
        Set<Double> all = new TreeSet<>(validation);
        all.addAll(training);
        assertThat(all).hasSize(ROWS);
        Packing.Split again =
                Packing.split(SharedSpark.context(), scan(500), format(3, 1, 10), 42, ROWS - 42, 7, NOTHING);
        assertThat(rows(again.validation())).isEqualTo(rows(split.validation()));
        Packing.Split other =
                Packing.split(SharedSpark.context(), scan(500), format(3, 1, 10), 42, ROWS - 42, 8, NOTHING);
        assertThat(rows(other.validation())).isNotEqualTo(rows(again.validation()));
    }

    @Test
    void fewer_training_rows_are_some_of_more_and_the_validation_rows_stay() {
        Packing.Split all =
                Packing.split(SharedSpark.context(), scan(400), format(4, 2, 32), 42, ROWS - 42, 7, NOTHING);
        Set<List<Double>> more = Set.copyOf(rows(all.training()).values());
        for (int fewer : new int[] {100, 20, 1}) {
            Packing.Split some =
                    Packing.split(SharedSpark.context(), scan(900), format(3, 1, 10), 42, fewer, 7, NOTHING);
            assertThat(rows(some.validation())).isEqualTo(rows(all.validation()));
            Set<List<Double>> used = Set.copyOf(rows(some.training()).values());
            assertThat(used).hasSize(fewer);
            assertThat(more).containsAll(used);
            more = used;
        }
        Packing.Split none = Packing.split(SharedSpark.context(), scan(900), format(3, 1, 10), 0, 20, 7, NOTHING);
        assertThat(none.validation()).isNull();
        assertThat(rows(none.training())).hasSize(20);
    }

    @Test
    void standardization_is_the_population_s_and_has_the_same_bits_for_every_cut() {
        Set<Standardization> fitted = new HashSet<>();
        for (long bytes : new long[] {400, 1000000}) {
            for (int width : new int[] {1, 4}) {
                Packing.Split split = Packing.split(
                        SharedSpark.context(), scan(bytes), format(8, width, 16), 0, ROWS, 1, STANDARDIZE);
                fitted.add(split.preparation().features());
                split.training().release();
            }
        }
        assertThat(fitted).hasSize(1);
        // Mean and variance of 0 … n-1 in closed form.
        Standardization one = fitted.iterator().next();
        assertThat(one.means()[0]).isCloseTo((ROWS - 1) / 2.0, within(1e-12));
        assertThat(one.deviations()[0]).isCloseTo(Math.sqrt((ROWS * ROWS - 1) / 12.0), within(1e-12));
    }

    /** A column of the rows above is never zero, so nothing of them is worth knowing. */
    @Test
    void zeros_are_known_where_there_are_many(@TempDir Path other) throws IOException {
        StringBuilder file = new StringBuilder("a,b,c,d,e,f,g,h,i,label\n");
        for (int i = 0; i < 40; i++) {
            file.append("0,".repeat(i % 9)).append(i + 1).append(",0".repeat(8 - i % 9));
            file.append(",c").append(i % 2).append('\n');
        }
        Files.writeString(other.resolve("sparse.csv"), file);
        Source sparse = Sources.read(
                Settings.of(Settings.inline("format=csv,label=label,path=" + other.resolve("sparse.csv"), "--data")));
        Scan scan = Scan.of(SharedSpark.context(), sparse, Scan.Rules.strict(true), null, new Source.Cut(300, 1000));
        Dataset known = Packing.whole(SharedSpark.context(), scan, format(3, 2, 5), Preparation.NONE);
        for (ShardRange range : known.ranges().collect()) {
            for (Shard shard : range.shards()) {
                for (Block block : shard.blocks()) {
                    for (int i = 0; i < block.rows() * 9; i++) {
                        assertThat(block.nonzeros().has(i / 9, i % 9))
                                .isEqualTo(block.features().get(i) != 0);
                    }
                }
            }
        }
        known.release();
        Dataset unknown = Packing.whole(SharedSpark.context(), scan(1000), format(3, 2, 5), Preparation.NONE);
        assertThat(unknown.ranges().collect().stream()
                        .flatMap(range -> range.shards().stream())
                        .flatMap(shard -> shard.blocks().stream())
                        .map(Block::nonzeros))
                .containsOnlyNulls();
        unknown.release();
    }
}
