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

/** Questions that want gradients over the same rows get the bits that they get alone, however shards are hosted. */
class SharedRowsTest {
    private static final int ROWS = 1100;
    private static final int INPUTS = 20;

    private static List<Shard> shards(int count, Precision precision, int blockRows) {
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
        return ShardTest.shards(x, classes, weights, new ShardPlan(count, 16), precision, blockRows);
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

    private static ShardTask.Setting setting(Network network, Precision precision, Blas.Kind blas, int blockRows) {
        return new ShardTask.Setting(network, 3, precision, blas, blockRows);
    }

    private static List<Question> questions(List<Request> requests, Precision precision) {
        return requests.stream().map(request -> Question.of(request, precision)).toList();
    }

    /** Each question in a list of its own: nobody to share with. */
    private static List<Sums> alone(ShardRange range, ShardTask.Setting setting, List<Question> questions) {
        return questions.stream()
                .map(question -> ShardTask.answer(range, setting, List.of(question), "here")
                        .sums()
                        .get(0))
                .toList();
    }

    private static void assertSame(Sums actual, Sums expected) {
        assertThat(actual.rows()).isEqualTo(expected.rows());
        assertThat(actual.weight()).isEqualTo(expected.weight());
        assertThat(actual.loss()).isEqualTo(expected.loss());
        assertThat(actual.correct()).isEqualTo(expected.correct());
        assertThat(actual.gradient()).isEqualTo(expected.gradient());
    }

    /** Blocks of 16 rows, so that some shards have more than one, and of 1,000, so that none has. */
    @ParameterizedTest(name = "hidden {0}, bias {1}, {2} shards, {3}, {4}, blocks of {5}")
    @CsvSource({
        "32,true,8,FLOAT64,NATIVE,1000",
        "32,true,8,FLOAT32,NATIVE,1000",
        "7,false,5,FLOAT32,NATIVE,16",
        "1,true,8,FLOAT64,JAVA,1000",
        "40,true,3,FLOAT64,JAVA,1000",
        "40,true,3,FLOAT32,JAVA,1000",
        "33,true,8,FLOAT32,JAVA,16",
        "0,true,8,FLOAT64,JAVA,1000",
        "0,false,2,FLOAT32,NATIVE,16"
    })
    void they_get_the_bits_that_they_get_alone(
            int hidden, boolean bias, int count, Precision precision, Blas.Kind blas, int blockRows) {
        Network network = network(hidden, bias);
        ShardRange range = new ShardRange(0, shards(count, precision, blockRows));
        List<Question> questions = questions(requests(network, 9), precision);
        assertThat(HeldRows.groups(questions, 100)).hasSize(3);
        ShardTask.Setting setting = setting(network, precision, blas, blockRows);
        for (int repetition = 0; repetition < 2; repetition++) {
            ShardTask.Answer together = ShardTask.answer(range, setting, questions, "here");
            List<Sums> alone = alone(range, setting, questions);
            for (int i = 0; i < questions.size(); i++) {
                assertSame(together.sums().get(i), alone.get(i));
                assertThat(together.taken().ofQuestion(i)).isPositive();
            }
        }
    }

    /** Products in Java do not even depend on how rows are cut into blocks. */
    @Test
    void blocks_of_another_size_have_the_same_bits_in_java() {
        Network network = network(32, true);
        List<Question> questions = questions(requests(network, 3), Precision.FLOAT32);
        List<List<Sums>> answers = new ArrayList<>();
        for (int blockRows : new int[] {16, 37, 1000}) {
            ShardRange range = new ShardRange(0, shards(4, Precision.FLOAT32, blockRows));
            ShardTask.Setting setting = setting(network, Precision.FLOAT32, Blas.Kind.JAVA, blockRows);
            answers.add(ShardTask.answer(range, setting, questions, "here").sums());
        }
        for (int i = 0; i < questions.size(); i++) {
            assertThat(answers.get(1).get(i).gradient())
                    .isEqualTo(answers.get(0).get(i).gradient());
            assertThat(answers.get(2).get(i).gradient())
                    .isEqualTo(answers.get(0).get(i).gradient());
        }
    }

    @ParameterizedTest(name = "{0} shards, at most {1} a task")
    @CsvSource({"8,4", "8,2", "8,1", "16,8", "7,2", "7,1", "13,4"})
    void the_bits_do_not_depend_on_how_shards_are_hosted(int count, int width) {
        Network network = network(24, true);
        List<Shard> shards = shards(count, Precision.FLOAT32, 1000);
        ShardTask.Setting setting = setting(network, Precision.FLOAT32, Blas.Kind.JAVA, 1000);
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
        ShardRange range = new ShardRange(0, shards(4, Precision.FLOAT64, 1000));
        List<Request> requests = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            Vector point = i == 2 ? Vector.filled(network.parameters(), Double.NaN) : point(network, i);
            requests.add(new Request(RowSet.TRAINING, Batch.all(ROWS), point, true, false, null));
        }
        List<Question> questions = questions(requests, Precision.FLOAT64);
        ShardTask.Setting setting = setting(network, Precision.FLOAT64, Blas.Kind.JAVA, 1000);
        List<Sums> together =
                ShardTask.answer(range, setting, questions, "here").sums();
        List<Sums> alone = alone(range, setting, questions);
        assertThat(together.get(2).gradient()).containsOnly(Double.NaN);
        for (int i : List.of(0, 1, 3, 4)) {
            assertSame(together.get(i), alone.get(i));
            assertThat(together.get(i).gradient()).doesNotContain(Double.NaN);
        }
    }

    @Test
    void gradients_over_the_same_rows_share_in_equal_parts() {
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
        assertThat(HeldRows.groups(questions, 16))
                .containsExactly(
                        List.of(0, 1, 2, 3, 4, 6, 7, 8, 9),
                        List.of(10, 11, 12, 13, 14, 15, 16, 17, 18, 19),
                        List.of(20, 21));
        assertThat(HeldRows.groups(questions, 1)).isEmpty();
    }

    @Test
    void rows_are_held_for_the_next_list_and_gathered_anew_for_another_batch_or_shard() {
        List<Shard> shards = shards(2, Precision.FLOAT64, 1000);
        Batch batch = new Batch(ROWS, 100, 612, 6, true);
        Batch other = new Batch(ROWS, 612, 700, 6, true);
        HeldRows held = new HeldRows(1, () -> new Shard.Gathered(Precision.FLOAT64, 1000, INPUTS, 0), 1000);
        Network network = network(7, true);
        double first = firstFeature(held, network, shards.get(0), batch);
        held.rows(shards.get(0), question(network, batch), shards.get(0).visits(batch), 0)
                .get(0)
                .block()
                .features()
                .set(0, 77);
        assertThat(firstFeature(held, network, shards.get(0), batch))
                .as("as it was left")
                .isEqualTo(77);
        assertThat(firstFeature(held, network, shards.get(0), other)).isNotEqualTo(77);
        assertThat(firstFeature(held, network, shards.get(0), batch)).isEqualTo(first);
        assertThat(firstFeature(held, network, shards.get(1), batch)).isNotEqualTo(first);
    }

    private static Question question(Network network, Batch batch) {
        Request request = new Request(RowSet.TRAINING, batch, point(network, 1), true, false, null);
        return Question.of(request, Precision.FLOAT64);
    }

    private static double firstFeature(HeldRows held, Network network, Shard shard, Batch batch) {
        Question question = question(network, batch);
        shard.begin();
        held.begin(List.of(question, question));
        assertThat(held.holds(question, shard.visits(batch))).isTrue();
        return held.rows(shard, question, shard.visits(batch), 0)
                .get(0)
                .block()
                .features()
                .get(0);
    }
}
