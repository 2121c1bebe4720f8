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
import dev.lockstep.optimize.Curvature;
import dev.lockstep.optimize.Diagonal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Questions that share a list get the bits that each gets alone, whatever the others ask. */
class ShardTaskTest {
    private static final int ROWS = 700;
    private static final Network NETWORK = new Network(
            List.of(new Layer(6, 9, Activation.TANH, true), new Layer(9, 3, Activation.IDENTITY, true)),
            ClassLoss.CROSS_ENTROPY,
            0.25);

    private static List<Shard> shards(ShardPlan plan, Precision precision) {
        double[][] x = new double[ROWS][6];
        int[] classes = new int[ROWS];
        for (int i = 0; i < ROWS; i++) {
            for (int j = 0; j < 6; j++) {
                x[i][j] = Mixing.normal(Mixing.mix(11, i, j));
            }
            classes[i] = i % 3;
        }
        return ShardTest.shards(x, classes, null, plan, precision);
    }

    private static Vector vector(long seed) {
        double[] values = new double[NETWORK.parameters()];
        for (int i = 0; i < values.length; i++) {
            values[i] = 0.5 * Mixing.normal(Mixing.mix(seed, i));
        }
        return Vector.wrap(values);
    }

    /** Batches of few and of many rows, all rows, two epochs; what is wanted of each differs. */
    private static List<Request> requests() {
        List<Batch> batches = List.of(
                new Batch(ROWS, 0, 40, 5, true),
                new Batch(ROWS, 30, 430, 5, true),
                new Batch(ROWS, 30, 430, 6, true),
                new Batch(ROWS, 0, 690, 5, true),
                Batch.all(ROWS));
        List<Request> requests = new ArrayList<>();
        for (int i = 0; i < batches.size(); i++) {
            Batch batch = batches.get(i);
            for (int k = 0; k < 3; k++) {
                Dropout dropout = k == 2 ? Dropout.of(3, i, 0.25) : null;
                requests.add(new Request(RowSet.TRAINING, batch, vector(10L * i + k), k < 2, k == 1, dropout));
            }
            requests.add(Request.products(
                    Curvature.HESSIAN, batch, vector(100 + i), List.of(vector(200 + i), vector(300 + i)), null));
            requests.add(Request.diagonal(Diagonal.SQUARED_GRADIENTS, batch, vector(400 + i), null));
        }
        requests.add(Request.mixing(batches.get(1), vector(500), null, 0.1));
        return requests;
    }

    @ParameterizedTest(name = "{0} shards, blocks of {1} rows, {2}, {3}")
    @CsvSource({
        "3,32,FLOAT64,JAVA",
        "8,32,FLOAT32,JAVA",
        "8,64,FLOAT32,NATIVE",
        "16,256,FLOAT64,NATIVE",
        "2,128,FLOAT32,NATIVE"
    })
    void a_list_gives_each_question_the_bits_that_it_gets_alone(
            int count, int blockRows, Precision precision, Blas.Kind blas) {
        ShardRange range = new ShardRange(0, shards(new ShardPlan(count, 16), precision));
        ShardTask.Setting setting = new ShardTask.Setting(NETWORK, 3, precision, blas, blockRows);
        List<Question> questions = new ArrayList<>(requests().stream()
                .map(request -> Question.of(request, precision))
                .toList());
        Random order = new Random(count);
        for (int repetition = 0; repetition < 4; repetition++) {
            Collections.shuffle(questions, order);
            ShardTask.Answer together = ShardTask.answer(range, setting, questions, "here");
            assertThat(together.taken().byQuestion()).hasSize(questions.size());
            for (int i = 0; i < questions.size(); i++) {
                Sums alone = ShardTask.answer(range, setting, List.of(questions.get(i)), "here")
                        .sums()
                        .get(0);
                Sums shared = together.sums().get(i);
                assertThat(together.taken().ofQuestion(i)).isPositive();
                assertThat(shared.loss()).isEqualTo(alone.loss());
                assertThat(shared.weight()).isEqualTo(alone.weight());
                assertThat(shared.rows()).isEqualTo(alone.rows());
                assertThat(shared.correct()).isEqualTo(alone.correct());
                assertThat(shared.gradient()).isEqualTo(alone.gradient());
            }
        }
    }
}
