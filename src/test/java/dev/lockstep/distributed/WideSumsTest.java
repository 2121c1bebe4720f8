package dev.lockstep.distributed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.data.Batch;
import dev.lockstep.data.Shard;
import dev.lockstep.data.ShardPlan;
import dev.lockstep.data.ShardRange;
import dev.lockstep.data.ShardTest;
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
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Questions that share products get what they get alone, but for rounding, and the same bits however shards are hosted. */
class WideSumsTest {
    private static final int ROWS = 1100;
    private static final int INPUTS = 20;

    private static List<Shard> shards(int count, Precision precision) {
        double[][] x = new double[ROWS][INPUTS];
        int[] classes = new int[ROWS];
        double[] weights = new double[ROWS];
        for (int i = 0; i < ROWS; i++) {
            for (int j = 0; j < INPUTS; j++) {
                x[i][j] = Mixing.normal(Mixing.mix(11, i, j));
            }
            classes[i] = i % 3;
            weights[i] = 1 + i % 4;
        }
        return ShardTest.shards(x, classes, weights, new ShardPlan(count, 16), precision);
    }

    private static Network network(int hidden, boolean bias) {
        Layer last = new Layer(hidden == 0 ? INPUTS : hidden, 3, Activation.IDENTITY, bias);
        return new Network(
                hidden == 0
                        ? List.of(last)
                        : List.of(
                                new Layer(INPUTS, hidden, hidden % 2 == 0 ? Activation.TANH : Activation.GELU, bias),
                                last),
                ClassLoss.CROSS_ENTROPY,
                hidden == 0 ? 0 : 0.25);
    }

    private static Vector point(Network network, long seed) {
        double[] values = new double[network.parameters()];
        for (int i = 0; i < values.length; i++) {
            values[i] = 0.5 * Mixing.normal(Mixing.mix(seed, i));
        }
        return Vector.wrap(values);
    }

    /** Gradients over all rows, over a batch of many rows and over one of so few that shards differ in who has few. */
    private static List<Request> requests(Network network, int points) {
        List<Request> requests = new ArrayList<>();
        List<Batch> batches =
                List.of(Batch.all(ROWS), new Batch(ROWS, 30, 1000, 5, true), new Batch(ROWS, 100, 612, 6, true));
        for (int i = 0; i < points; i++) {
            for (int b = 0; b < batches.size(); b++) {
                Dropout dropout = network.dropout() > 0 && i % 2 == 0 ? Dropout.of(3, i, network.dropout()) : null;
                Vector point = point(network, 10L * i + b);
                requests.add(new Request(RowSet.TRAINING, batches.get(b), point, i != 3, i % 3 == 0, dropout));
            }
        }
        return requests;
    }

    private static ShardTask.Setting setting(Network network, Precision precision, Blas.Kind blas, boolean exact) {
        return new ShardTask.Setting(network, 3, precision, blas, 16, exact);
    }

    private static List<Question> questions(List<Request> requests, Precision precision) {
        return requests.stream().map(request -> Question.of(request, precision)).toList();
    }

    private static void assertAlike(Sums actual, Sums expected, double tolerance) {
        assertThat(actual.rows()).isEqualTo(expected.rows());
        assertThat(actual.weight()).isEqualTo(expected.weight());
        assertThat(actual.loss()).isCloseTo(expected.loss(), offset(tolerance * expected.loss()));
        assertThat(actual.tally() == null).isEqualTo(expected.tally() == null);
        if (expected.gradient() == null) {
            assertThat(actual.gradient()).isNull();
            return;
        }
        double largest = 0;
        for (double one : expected.gradient()) {
            largest = Math.max(largest, Math.abs(one));
        }
        for (int i = 0; i < expected.gradient().length; i++) {
            assertThat(actual.gradient()[i])
                    .as("derivative %s", i)
                    .isCloseTo(expected.gradient()[i], offset(tolerance * largest));
        }
    }

    private static org.assertj.core.data.Offset<Double> offset(double value) {
        return org.assertj.core.data.Offset.offset(value);
    }

    @ParameterizedTest(name = "hidden {0}, bias {1}, {2} shards, {3}, {4}")
    @CsvSource({
        "32,true,8,FLOAT64,NATIVE",
        "32,true,8,FLOAT32,NATIVE",
        "7,false,5,FLOAT32,NATIVE",
        "1,true,8,FLOAT64,JAVA",
        "40,true,3,FLOAT64,JAVA",
        "0,true,8,FLOAT64,NATIVE",
        "0,false,2,FLOAT32,JAVA"
    })
    void they_get_what_they_get_alone_but_for_rounding(
            int hidden, boolean bias, int count, Precision precision, Blas.Kind blas) {
        Network network = network(hidden, bias);
        ShardRange range = new ShardRange(0, shards(count, precision));
        List<Question> questions = questions(requests(network, 9), precision);
        ShardTask.Setting sharing = setting(network, precision, blas, false);
        assertThat(WideSums.groups(sharing, questions)).hasSizeGreaterThanOrEqualTo(3);
        for (int repetition = 0; repetition < 2; repetition++) {
            ShardTask.Answer together = ShardTask.answer(range, sharing, questions, "here");
            List<Sums> alone = ShardTask.answer(range, setting(network, precision, blas, true), questions, "here")
                    .sums();
            for (int i = 0; i < questions.size(); i++) {
                assertAlike(together.sums().get(i), alone.get(i), precision == Precision.FLOAT64 ? 1e-14 : 2e-6);
                assertThat(together.taken().ofQuestion(i)).isPositive();
            }
        }
    }

    /** One question after the other is what there is without a list. */
    @Test
    void a_question_without_company_has_the_bits_that_it_gets_alone() {
        Network network = network(16, true);
        ShardRange range = new ShardRange(0, shards(8, Precision.FLOAT32));
        ShardTask.Setting sharing = setting(network, Precision.FLOAT32, Blas.Kind.NATIVE, false);
        ShardTask.Setting exact = setting(network, Precision.FLOAT32, Blas.Kind.NATIVE, true);
        for (Question question : questions(requests(network, 2), Precision.FLOAT32)) {
            assertThat(ShardTask.answer(range, sharing, List.of(question), "here")
                            .sums()
                            .get(0)
                            .gradient())
                    .isEqualTo(ShardTask.answer(range, exact, List.of(question), "here")
                            .sums()
                            .get(0)
                            .gradient());
        }
    }

    @ParameterizedTest(name = "{0} shards, at most {1} a task")
    @CsvSource({"8,4", "8,2", "8,1", "16,8", "7,2", "7,1", "13,4"})
    void the_bits_do_not_depend_on_how_shards_are_hosted(int count, int width) {
        Network network = network(24, true);
        List<Shard> shards = shards(count, Precision.FLOAT32);
        ShardTask.Setting setting = setting(network, Precision.FLOAT32, Blas.Kind.NATIVE, false);
        List<Question> questions = questions(requests(network, 7), Precision.FLOAT32);
        List<Sums> whole = ShardTask.answer(new ShardRange(0, shards), setting, questions, "here")
                .sums();
        for (int i = 0; i < questions.size(); i++) {
            int question = i;
            Sums parts = SumTree.sum(
                    0,
                    count,
                    width,
                    from -> ShardTask.answer(
                                    new ShardRange(from, shards.subList(from, Math.min(count, from + width))),
                                    setting,
                                    questions,
                                    "there")
                            .sums()
                            .get(question));
            assertThat(parts.loss()).isEqualTo(whole.get(i).loss());
            assertThat(parts.correct()).isEqualTo(whole.get(i).correct());
            assertThat(parts.gradient()).isEqualTo(whole.get(i).gradient());
        }
    }

    /** A run that diverges has the others for neighbours until it is noticed. */
    @Test
    void what_is_not_a_number_stays_with_its_question() {
        Network network = network(8, true);
        ShardRange range = new ShardRange(0, shards(4, Precision.FLOAT64));
        List<Request> requests = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            Vector point = i == 2 ? Vector.filled(network.parameters(), Double.NaN) : point(network, i);
            requests.add(new Request(RowSet.TRAINING, Batch.all(ROWS), point, true, false, null));
        }
        List<Question> questions = questions(requests, Precision.FLOAT64);
        List<Sums> together = ShardTask.answer(
                        range, setting(network, Precision.FLOAT64, Blas.Kind.NATIVE, false), questions, "here")
                .sums();
        List<Sums> alone = ShardTask.answer(
                        range, setting(network, Precision.FLOAT64, Blas.Kind.NATIVE, true), questions, "here")
                .sums();
        assertThat(together.get(2).gradient()).containsOnly(Double.NaN);
        for (int i : List.of(0, 1, 3, 4)) {
            assertAlike(together.get(i), alone.get(i), 1e-14);
        }
    }

    @Test
    void gradients_over_the_same_rows_share_in_equal_parts_as_wide_as_pays() {
        Batch all = Batch.all(ROWS);
        Batch some = new Batch(ROWS, 0, 500, 1, true);
        Network network = network(32, true);
        Vector point = point(network, 1);
        List<Request> requests = new ArrayList<>();
        IntStream.range(0, 20)
                .forEach(i -> requests.add(new Request(RowSet.TRAINING, all, point, i != 5, false, null)));
        requests.add(new Request(RowSet.TRAINING, some, point, true, false, null));
        requests.add(new Request(RowSet.TRAINING, some, point, true, false, null));
        requests.add(new Request(RowSet.TRAINING, new Batch(ROWS, 0, 500, 2, true), point, true, false, null));
        requests.add(Request.mixing(all, point, null, 0.1));
        List<Question> questions = questions(requests, Precision.FLOAT32);
        assertThat(WideSums.groups(setting(network, Precision.FLOAT32, Blas.Kind.JAVA, false), questions))
                .containsExactly(
                        List.of(0, 1, 2, 3, 4, 6, 7, 8, 9),
                        List.of(10, 11, 12, 13, 14, 15, 16, 17, 18, 19),
                        List.of(20, 21));
        assertThat(WideSums.groups(setting(network, Precision.FLOAT32, Blas.Kind.JAVA, true), questions))
                .isEmpty();
        Network broad = network(65, true);
        assertThat(WideSums.groups(setting(broad, Precision.FLOAT32, Blas.Kind.JAVA, false), questions))
                .isEmpty();
    }
}
