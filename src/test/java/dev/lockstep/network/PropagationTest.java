package dev.lockstep.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.lockstep.data.Block;
import dev.lockstep.linalg.Blas;
import dev.lockstep.linalg.Buffer;
import dev.lockstep.linalg.Nonzeros;
import dev.lockstep.linalg.Precision;
import dev.lockstep.linalg.Vector;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Sums over blocks, dropout's masks, first weights, tallies. */
class PropagationTest {
    private static final Network NETWORK = new Network(
            List.of(new Layer(2, 3, Activation.TANH, true), new Layer(3, 2, Activation.IDENTITY, true)),
            ClassLoss.CROSS_ENTROPY,
            0.5);
    private static final Buffer WEIGHTS =
            Buffer.of(Precision.FLOAT64, new Initialization(Initialization.Scheme.GLOROT, 1).draw(NETWORK, 3));
    private static final double[] FEATURES = {1, 2, -1, 0.5, 3, -2, 0, 1, 0.3, 0.4, -0.7, 2, 1, 1};
    private static final int[] LABELS = {0, 1, 1, 0, 1, 0, 1};

    private static Block block(int from, int to, double... weights) {
        return new Block(
                to - from,
                Buffer.wrap(Arrays.copyOfRange(FEATURES, 2 * from, 2 * to)),
                Arrays.copyOfRange(LABELS, from, to),
                null,
                weights.length == 0 ? null : weights);
    }

    private static Sums sums(Propagation propagation, Dropout dropout, Block... blocks) {
        Buffer gradient = Buffer.allocate(Precision.FLOAT64, NETWORK.parameters());
        Sums sums = new Sums(new double[NETWORK.parameters()], Tally.empty(NETWORK.loss(), 2));
        int from = 0;
        for (Block block : blocks) {
            long[] numbers = new long[block.rows()];
            for (int i = 0; i < numbers.length; i++) {
                numbers[i] = from++;
            }
            propagation.add(block, WEIGHTS, dropout, numbers, gradient, sums);
        }
        gradient.widen(sums.gradient());
        return sums;
    }

    private static Propagation propagation() {
        return new Propagation(NETWORK, Precision.FLOAT64, Blas.of(Blas.Kind.NATIVE), 7);
    }

    private static void assertClose(Sums actual, Sums expected) {
        assertThat(actual.loss()).isCloseTo(expected.loss(), within(1e-14));
        assertThat(actual.correct()).isEqualTo(expected.correct());
        assertThat(Vector.of(actual.gradient())
                        .minus(Vector.of(expected.gradient()))
                        .norm())
                .isLessThan(1e-14);
    }

    @Test
    void the_sum_over_a_block_is_the_sum_over_its_parts() {
        for (Dropout dropout : Arrays.asList(null, new Dropout(5, 0.5))) {
            Sums whole = sums(propagation(), dropout, block(0, 7));
            assertClose(sums(propagation(), dropout, block(0, 3), block(3, 7)), whole);
            assertThat(whole.rows()).isEqualTo(7);
            assertThat(whole.weight()).isEqualTo(7);
        }
    }

    @Test
    void reused_buffers_change_no_bit() {
        Propagation used = propagation();
        sums(used, new Dropout(1, 0.5), block(0, 7));
        Sums again = sums(used, null, block(2, 5));
        Sums fresh = sums(propagation(), null, block(2, 5));
        assertThat(again.gradient()).isEqualTo(fresh.gradient());
        assertThat(again.loss()).isEqualTo(fresh.loss());
    }

    /** With a layer large enough for the loops that never hold a block's gradient. */
    @ParameterizedTest
    @EnumSource
    void traced_blocks_give_the_bits_of_whole_gradients(Precision precision) {
        Network network = new Network(
                List.of(
                        new Layer(2, 70, Activation.TANH, true),
                        new Layer(70, 240, Activation.GELU, true),
                        new Layer(240, 2, Activation.IDENTITY, false)),
                ClassLoss.CROSS_ENTROPY,
                0.5);
        Buffer weights = Buffer.of(precision, new Initialization(Initialization.Scheme.GLOROT, 1).draw(network, 3));
        Blas blas = Blas.of(Blas.Kind.NATIVE);
        int[] cuts = {0, 3, 4, 6, 7};
        for (Dropout dropout : Arrays.asList(null, new Dropout(5, 0.5))) {
            for (int count = 1; count <= 4; count++) {
                Propagation whole = new Propagation(network, precision, blas, 7);
                Propagation[] tracing = new Propagation[count];
                double[][] leaves = new double[count][network.parameters()];
                Sums expected = new Sums(null, null);
                Sums actual = new Sums(null, null);
                for (int i = 0; i < count; i++) {
                    Block block = block(precision, cuts[i], cuts[i + 1]);
                    long[] numbers = {9 + i, 20 + i, 35 + i};
                    Buffer gradient = Buffer.allocate(precision, network.parameters());
                    whole.start(block, weights, dropout, numbers, gradient, expected);
                    gradient.widen(leaves[i]);
                    tracing[i] = Propagation.tracing(network, precision, blas, 3);
                    tracing[i].trace(block, weights, dropout, numbers, actual);
                }
                double[] sum = new double[network.parameters()];
                Propagation.sumOfGradients(tracing, count, false, sum);
                for (int i = 0; i < sum.length; i++) {
                    double left = count == 1 ? leaves[0][i] : leaves[0][i] + leaves[1][i];
                    double right = count < 3 ? 0 : count == 3 ? leaves[2][i] : leaves[2][i] + leaves[3][i];
                    assertThat(sum[i]).isEqualTo(count < 3 ? left : left + right);
                }
                assertThat(actual.loss()).isEqualTo(expected.loss());
            }
        }
    }

    /** {@code ProductsTest} shows that they change no bit. */
    @Test
    void products_of_the_first_layer_are_told_of_zeros_and_no_others() {
        int rows = 6;
        int inputs = 9;
        Network network = new Network(
                List.of(new Layer(inputs, 4, Activation.RELU, true), new Layer(4, 2, Activation.IDENTITY, true)),
                ClassLoss.CROSS_ENTROPY,
                0);
        Buffer weights = Buffer.of(Precision.FLOAT64, new Initialization(Initialization.Scheme.HE, 1).draw(network, 3));
        Buffer features = Buffer.allocate(Precision.FLOAT64, rows * inputs);
        for (int i = 0; i < rows; i++) {
            features.set(i * inputs + i, 1 + i);
        }
        Nonzeros nonzeros = Nonzeros.of(rows, inputs, features);
        Block block = new Block(rows, features, new int[rows], null, null, nonzeros);
        Told told = new Told();
        Buffer gradient = Buffer.allocate(Precision.FLOAT64, network.parameters());
        Sums sums = new Sums(null, null);
        new Propagation(network, Precision.FLOAT64, told, rows).start(block, weights, null, null, gradient, sums);
        assertThat(told.nonzeros).containsExactly(nonzeros, null, null, nonzeros);
        told.nonzeros.clear();
        Propagation[] tracing = {Propagation.tracing(network, Precision.FLOAT64, told, rows)};
        tracing[0].trace(block, weights, null, null, sums);
        Propagation.sumOfGradients(tracing, 1, false, new double[network.parameters()]);
        assertThat(told.nonzeros).containsExactly(nonzeros, null, nonzeros, null);
        told.nonzeros.clear();
        FirstLayerSums first = new FirstLayerSums(network, Precision.FLOAT64, told, rows, 1);
        first.take(0, tracing, 1);
        first.sum(tracing, 1, List.of(new double[network.parameters()]));
        assertThat(told.nonzeros).containsExactly(nonzeros);
    }

    /** Remembers what each product with features was told of their zeros. */
    private static final class Told extends Blas {
        private final Blas products = Blas.of(Kind.JAVA);
        private final List<Nonzeros> nonzeros = new ArrayList<>();

        @Override
        public String name() {
            return products.name();
        }

        @Override
        public String kernel() {
            return products.kernel();
        }

        @Override
        public void outputs(int n, int m, int k, Buffer x, Nonzeros zeros, Buffer w, int wFrom, Buffer z, boolean add) {
            nonzeros.add(zeros);
            products.outputs(n, m, k, x, zeros, w, wFrom, z, add);
        }

        @Override
        public void inputs(int n, int m, int k, Buffer d, Buffer w, int wFrom, Buffer e) {
            products.inputs(n, m, k, d, w, wFrom, e);
        }

        @Override
        public void weightGradient(
                int n, int m, int k, Buffer d, Buffer x, Nonzeros zeros, Buffer g, int gFrom, boolean add) {
            nonzeros.add(zeros);
            products.weightGradient(n, m, k, d, x, zeros, g, gFrom, add);
        }

        @Override
        public void sumsOfWeightGradients(
                int sets,
                int[] n,
                int m,
                int k,
                List<Buffer[]> d,
                Buffer[] x,
                Nonzeros[] zeros,
                List<double[]> sums,
                int sumFrom) {
            nonzeros.addAll(Arrays.asList(zeros));
            products.sumsOfWeightGradients(sets, n, m, k, d, x, zeros, sums, sumFrom);
        }
    }

    @Test
    void only_a_tracing_propagation_traces() {
        assertThatThrownBy(() -> propagation().trace(block(0, 2), WEIGHTS, null, new long[2], new Sums(null, null)))
                .isInstanceOf(IllegalStateException.class);
    }

    private static Block block(Precision precision, int from, int to) {
        Buffer features = Buffer.of(precision, Vector.of(Arrays.copyOfRange(FEATURES, 2 * from, 2 * to)));
        return new Block(to - from, features, Arrays.copyOfRange(LABELS, from, to), null, null);
    }

    @Test
    void a_weight_counts_as_often_as_it_says_and_none_at_zero() {
        Sums twice = sums(propagation(), null, block(0, 1), block(0, 1), block(2, 3));
        Sums weighted = sums(propagation(), null, block(0, 3, 2, 0, 1));
        assertThat(weighted.loss()).isCloseTo(twice.loss(), within(1e-14));
        assertThat(weighted.weight()).isEqualTo(3);
        assertThat(Vector.of(weighted.gradient())
                        .minus(Vector.of(twice.gradient()))
                        .norm())
                .isLessThan(1e-14);
        assertThat(weighted.rows()).as("metrics count rows, not weights").isEqualTo(3);
    }

    @Test
    void sums_of_parts_add_up_and_empty_ones_are_neutral() {
        Sums sum = new Sums(new double[NETWORK.parameters()], Tally.empty(NETWORK.loss(), 2));
        sum.add(sums(propagation(), null, block(0, 2)));
        sum.add(new Sums(new double[NETWORK.parameters()], Tally.empty(NETWORK.loss(), 2)));
        sum.add(sums(propagation(), null, block(2, 7)));
        Sums whole = sums(propagation(), null, block(0, 7));
        assertClose(sum, whole);
        Tally.OfClasses tally = (Tally.OfClasses) sum.tally();
        assertThat(tally.actual(0)).isEqualTo(3);
        assertThat(tally.actual(1)).isEqualTo(4);
        assertThat(tally.correct(0) + tally.correct(1)).isEqualTo(whole.correct());
    }

    @Test
    void more_rows_than_the_capacity_are_refused() {
        Propagation small = new Propagation(NETWORK, Precision.FLOAT64, Blas.of(Blas.Kind.NATIVE), 2);
        assertThatThrownBy(() -> small.outputs(block(0, 3), WEIGHTS))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at most 2 rows");
    }

    @Test
    void dropout_keeps_its_share_and_depends_on_every_key() {
        int rows = 200;
        int width = 50;
        long[] numbers = new long[rows];
        Arrays.setAll(numbers, i -> 7L * i);
        Buffer reference = factors(Dropout.of(1, 2, 0.3), 0, numbers, width);
        double zeros = 0;
        for (int i = 0; i < rows * width; i++) {
            assertThat(reference.get(i)).isIn(0.0, 1 / 0.7);
            zeros += reference.get(i) == 0 ? 1 : 0;
        }
        // Five standard deviations of a binomial share.
        assertThat(zeros / (rows * width)).isCloseTo(0.3, within(5 * Math.sqrt(0.21 / (rows * width))));
        List<Buffer> others = List.of(
                factors(Dropout.of(2, 2, 0.3), 0, numbers, width),
                factors(Dropout.of(1, 3, 0.3), 0, numbers, width),
                factors(Dropout.of(1, 2, 0.3), 1, numbers, width));
        for (Buffer other : others) {
            double same = 0;
            for (int i = 0; i < rows * width; i++) {
                same += other.get(i) == reference.get(i) ? 1 : 0;
            }
            assertThat(same / (rows * width))
                    .as("independent masks agree in 0.58")
                    .isBetween(0.55, 0.61);
        }
        Buffer alone = factors(Dropout.of(1, 2, 0.3), 0, new long[] {7 * 5}, width);
        for (int j = 0; j < width; j++) {
            assertThat(alone.get(j)).isEqualTo(reference.get(5 * width + j));
        }
    }

    private static Buffer factors(Dropout dropout, int layer, long[] numbers, int width) {
        Buffer factors = Buffer.allocate(Precision.FLOAT64, numbers.length * width);
        dropout.factors(layer, numbers, numbers.length, width, factors);
        return factors;
    }

    @Test
    void first_weights_have_their_variance_and_are_a_function_of_the_seed() {
        Network wide = new Network(List.of(new Layer(100, 300, Activation.RELU, true)), ClassLoss.CROSS_ENTROPY, 0);
        assertVariance(Initialization.Scheme.HE, wide, 2.0 / 100);
        assertVariance(Initialization.Scheme.GLOROT, wide, 2.0 / 400);
        assertVariance(Initialization.Scheme.LECUN, wide, 1.0 / 100);
        assertVariance(Initialization.Scheme.NORMAL, wide, 0.25);
        assertVariance(Initialization.Scheme.UNIFORM, wide, 1.0 / 300);
        Vector uniform = new Initialization(Initialization.Scheme.UNIFORM, 1).draw(wide, 1);
        assertThat(uniform.maxAbs()).isLessThan(0.1);
        assertThat(Vector.wrap(uniform.slice(30_000, 30_300)).norm())
                .as("biases too")
                .isPositive();
        Initialization he = new Initialization(Initialization.Scheme.HE, 1);
        assertThat(he.draw(wide, 1)).isEqualTo(he.draw(wide, 1)).isNotEqualTo(he.draw(wide, 2));
        assertThat(Vector.wrap(he.draw(wide, 1).slice(30_000, 30_300)).norm())
                .as("biases")
                .isZero();
    }

    private static void assertVariance(Initialization.Scheme scheme, Network network, double expected) {
        Vector weights =
                Vector.wrap(new Initialization(scheme, 0.5).draw(network, 4).slice(0, 30_000));
        assertThat(weights.dot(weights) / 30_000).isCloseTo(expected, within(0.04 * expected));
        assertThat(weights.sum() / 30_000).isCloseTo(0, within(4 * Math.sqrt(expected / 30_000)));
    }
}
