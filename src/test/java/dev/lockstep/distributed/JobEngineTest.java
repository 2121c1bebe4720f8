package dev.lockstep.distributed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.lockstep.InputException;
import dev.lockstep.Settings;
import dev.lockstep.SharedSpark;
import dev.lockstep.data.Batch;
import dev.lockstep.data.Dataset;
import dev.lockstep.data.Packing;
import dev.lockstep.data.Preparation;
import dev.lockstep.data.Scan;
import dev.lockstep.data.ShardPlan;
import dev.lockstep.data.Sources;
import dev.lockstep.distributed.Request.RowSet;
import dev.lockstep.linalg.Blas;
import dev.lockstep.linalg.Mixing;
import dev.lockstep.linalg.Precision;
import dev.lockstep.linalg.Vector;
import dev.lockstep.network.Activation;
import dev.lockstep.network.ClassLoss;
import dev.lockstep.network.Dropout;
import dev.lockstep.network.Layer;
import dev.lockstep.network.Network;
import dev.lockstep.network.Sums;
import dev.lockstep.optimize.Curvature;
import dev.lockstep.optimize.Diagonal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The sums do not depend on division, and their bits not on who computes them. */
class JobEngineTest {
    private static final int ROWS = 131;
    private static final Network NETWORK = new Network(
            List.of(new Layer(5, 7, Activation.TANH, true), new Layer(7, 3, Activation.IDENTITY, true)),
            ClassLoss.CROSS_ENTROPY,
            0.3);

    @TempDir
    static Path folder;

    private static Scan scan;
    private static Vector point;

    @BeforeAll
    static void write() throws IOException {
        StringBuilder csv = new StringBuilder("a,b,c,d,e,weight,label\n");
        for (int i = 0; i < ROWS; i++) {
            for (int j = 0; j < 5; j++) {
                csv.append(Mixing.normal(Mixing.mix(5, i, j))).append(',');
            }
            csv.append(String.format(Locale.ROOT, "%s,%d%n", 0.25 + Mixing.uniform(Mixing.mix(6, i)), i % 3));
        }
        Path file = folder.resolve("rows.csv");
        Files.writeString(file, csv);
        Settings settings = Settings.of(Settings.inline("format=csv,label=label,weight=weight,path=" + file, "--data"));
        scan = Scan.of(SharedSpark.context(), Sources.read(settings), Scan.Rules.strict(true), null);
        double[] values = new double[NETWORK.parameters()];
        for (int i = 0; i < values.length; i++) {
            values[i] = Mixing.normal(Mixing.mix(7, i));
        }
        point = Vector.wrap(values);
    }

    private static Sums sums(
            int shards, int width, int blockRows, Precision precision, Blas.Kind blas, Batch batch, Dropout dropout) {
        Request request = new Request(RowSet.TRAINING, batch, point, true, true, dropout);
        return answer(request, shards, width, blockRows, precision, blas);
    }

    private static Sums answer(
            Request request, int shards, int width, int blockRows, Precision precision, Blas.Kind blas) {
        Dataset set = Packing.whole(
                SharedSpark.context(),
                scan,
                new Packing.Format(new ShardPlan(shards, width), blockRows, precision, 1.0),
                Preparation.NONE);
        JobEngine engine = new JobEngine(
                SharedSpark.context(),
                new JobEngine.Arithmetic(NETWORK, 3, precision, blas, blockRows, false),
                Map.of(RowSet.TRAINING, set));
        Sums sums = engine.answer(List.of(request)).get(0);
        assertThat(engine.kernels()).hasSize(1);
        set.release();
        return sums;
    }

    private static Batch batch(int from, int to) {
        return new Batch(ROWS, from, to, 99, true);
    }

    private static void assertClose(Sums actual, Sums expected, double tolerance) {
        assertThat(actual.rows()).isEqualTo(expected.rows());
        assertThat(actual.correct()).isEqualTo(expected.correct());
        assertThat(actual.weight()).isCloseTo(expected.weight(), within(tolerance * expected.weight()));
        assertThat(actual.loss()).isCloseTo(expected.loss(), within(tolerance * expected.loss()));
        for (int i = 0; i < expected.gradient().length; i++) {
            double scale = Math.max(1, Math.abs(expected.gradient()[i]));
            assertThat(actual.gradient()[i]).isCloseTo(expected.gradient()[i], within(tolerance * scale));
        }
    }

    private static void assertSameBits(Sums actual, Sums expected) {
        assertThat(actual.loss()).isEqualTo(expected.loss());
        assertThat(actual.weight()).isEqualTo(expected.weight());
        assertThat(actual.gradient()).isEqualTo(expected.gradient());
    }

    @ParameterizedTest(name = "{0} shards, blocks of {1}")
    @CsvSource({"1,256", "2,256", "7,256", "64,256", "1,50", "7,3", "5,1", "131,8"})
    void the_sums_of_all_rows_do_not_depend_on_division(int shards, int blockRows) {
        Batch all = Batch.all(ROWS);
        Sums expected = sums(1, 1, ROWS, Precision.FLOAT64, Blas.Kind.NATIVE, all, null);
        Sums actual = sums(shards, 1, blockRows, Precision.FLOAT64, Blas.Kind.NATIVE, all, null);
        assertClose(actual, expected, 1e-13);
    }

    @ParameterizedTest(name = "{0} shards, blocks of {1}")
    @CsvSource({"2,256", "7,5"})
    void products_and_diagonals_do_not_depend_on_division(int shards, int blockRows) {
        List<Vector> directions = List.of(point.times(0.5), point.map(Math::abs));
        for (Request request : List.of(
                Request.products(Curvature.HESSIAN, batch(3, 120), point, directions, Dropout.of(1, 3, 0.3)),
                Request.products(Curvature.GAUSS_NEWTON, Batch.all(ROWS), point, directions, null),
                Request.diagonal(Diagonal.HESSIAN, batch(3, 120), point, null),
                Request.diagonal(Diagonal.SQUARED_GRADIENTS, Batch.all(ROWS), point, null))) {
            Sums expected = answer(request, 1, 1, ROWS, Precision.FLOAT64, Blas.Kind.NATIVE);
            Sums actual = answer(request, shards, 1, blockRows, Precision.FLOAT64, Blas.Kind.NATIVE);
            assertClose(actual, expected, 1e-13);
        }
    }

    @ParameterizedTest(name = "{0} shards, blocks of {1}")
    @CsvSource({"2,256", "7,5", "64,2"})
    void the_sums_of_a_batch_with_dropout_do_not_depend_on_division(int shards, int blockRows) {
        Dropout dropout = Dropout.of(1, 17, NETWORK.dropout());
        Sums expected = sums(1, 1, ROWS, Precision.FLOAT64, Blas.Kind.NATIVE, batch(40, 77), dropout);
        Sums actual = sums(shards, 1, blockRows, Precision.FLOAT64, Blas.Kind.NATIVE, batch(40, 77), dropout);
        assertThat(actual.rows()).isEqualTo(37);
        assertClose(actual, expected, 1e-13);
    }

    @ParameterizedTest
    @EnumSource(Precision.class)
    void the_bits_do_not_depend_on_the_number_of_tasks(Precision precision) {
        for (Blas.Kind blas : Blas.Kind.values()) {
            Dropout dropout = Dropout.of(1, 3, NETWORK.dropout());
            for (int shards : new int[] {7, 8}) {
                Sums expected = sums(shards, 1, 4, precision, blas, batch(0, 90), dropout);
                for (int width : new int[] {2, 4, 8}) {
                    assertSameBits(sums(shards, width, 4, precision, blas, batch(0, 90), dropout), expected);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Precision.class)
    void the_bits_of_mixed_weights_do_not_depend_on_the_number_of_tasks(Precision precision) {
        Request request = Request.mixing(batch(0, 90), point, Dropout.of(1, 3, NETWORK.dropout()), 0.1);
        for (Blas.Kind blas : Blas.Kind.values()) {
            for (int shards : new int[] {7, 8}) {
                Sums expected = answer(request, shards, 1, 4, precision, blas);
                for (int width : new int[] {2, 4, 8}) {
                    assertSameBits(answer(request, shards, width, 4, precision, blas), expected);
                }
            }
        }
    }

    @Test
    void batches_of_an_epoch_sum_to_all_rows() {
        Sums all = sums(3, 1, 16, Precision.FLOAT64, Blas.Kind.NATIVE, Batch.all(ROWS), null);
        Sums sum = sums(3, 1, 16, Precision.FLOAT64, Blas.Kind.NATIVE, batch(0, 50), null);
        sum.add(sums(3, 1, 16, Precision.FLOAT64, Blas.Kind.NATIVE, batch(50, 100), null));
        sum.add(sums(3, 1, 16, Precision.FLOAT64, Blas.Kind.NATIVE, batch(100, ROWS), null));
        assertClose(sum, all, 1e-13);
    }

    @Test
    void several_requests_get_the_bits_that_each_would_get_alone() {
        Dataset set = Packing.whole(
                SharedSpark.context(),
                scan,
                new Packing.Format(new ShardPlan(8, 4), 16, Precision.FLOAT32, 1.0),
                Preparation.NONE);
        JobEngine engine = new JobEngine(
                SharedSpark.context(),
                new JobEngine.Arithmetic(NETWORK, 3, Precision.FLOAT32, Blas.Kind.NATIVE, 16, false),
                Map.of(RowSet.TRAINING, set, RowSet.TEST, set));
        List<Request> requests = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            RowSet which = i % 2 == 0 ? RowSet.TRAINING : RowSet.TEST;
            requests.add(new Request(which, batch(10 * i, 100), point.times(1 + i), i != 2, i == 2, null));
        }
        List<Sums> together = engine.answer(requests);
        for (int i = 0; i < requests.size(); i++) {
            assertSameBits(
                    together.get(i), engine.answer(List.of(requests.get(i))).get(0));
        }
        set.release();
    }

    private static JobEngine engine(Network network, boolean allowMixedKernels) {
        Dataset set = new Dataset(null, new ShardPlan(8, 1), ROWS, network.inputs(), 0, 16);
        return new JobEngine(
                SharedSpark.context(),
                new JobEngine.Arithmetic(network, 3, Precision.FLOAT32, Blas.Kind.NATIVE, 16, allowMixedKernels),
                Map.of(RowSet.TRAINING, set));
    }

    @Test
    void answers_that_would_not_fit_on_the_driver_are_refused_at_the_start() {
        Network wide =
                new Network(List.of(new Layer(10_000, 3_000, Activation.IDENTITY, false)), ClassLoss.CROSS_ENTROPY, 0);
        assertThatThrownBy(() -> engine(wide, false))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("8 tasks x 30000000 parameters")
                .hasMessageContaining("spark.driver.maxResultSize=");
    }

    @Test
    void executors_with_kernels_of_different_bits_are_an_error_that_names_the_hosts() {
        JobEngine strict = engine(NETWORK, false);
        strict.checkKernel("OpenBLAS 1 aa", "host-a");
        assertThatThrownBy(() -> strict.checkKernel("OpenBLAS 1 bb", "host-b"))
                .isInstanceOf(InputException.class)
                .hasMessageContainingAll("host-a", "host-b", "blas = java", "allow-mixed-cpus");
        JobEngine lenient = engine(NETWORK, true);
        lenient.checkKernel("OpenBLAS 1 aa", "host-a");
        lenient.checkKernel("OpenBLAS 1 bb", "host-b");
        assertThat(lenient.kernels()).hasSize(2);
    }
}
