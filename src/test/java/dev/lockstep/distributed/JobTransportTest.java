package dev.lockstep.distributed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.SharedSpark;
import dev.lockstep.data.Batch;
import dev.lockstep.linalg.Buffer;
import dev.lockstep.linalg.Precision;
import dev.lockstep.linalg.Vector;
import dev.lockstep.network.Sums;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Tasks see the questions, the driver sees the answers that Spark counted, packed or not. */
class JobTransportTest {
    private static final int PARAMETERS = 1000;

    private static List<Question> questions() {
        double[] values =
                IntStream.range(0, PARAMETERS).mapToDouble(i -> i / 7.0).toArray();
        Request request = new Request(Request.RowSet.TRAINING, Batch.all(10), Vector.wrap(values), true, false, null);
        return List.of(Question.of(request, Precision.FLOAT64));
    }

    /** What a task would answer: the weights times its number. */
    private static ShardTask.Answer answer(List<Question> questions, long attempt) {
        Buffer weights = questions.get(0).weights();
        double[] products = new double[weights.length()];
        weights.widen(products);
        for (int i = 0; i < products.length; i++) {
            products[i] *= attempt;
        }
        return new ShardTask.Answer(List.of(new Sums(products, null)), "kernel", "host", Taken.of(1));
    }

    private static void check(JobTransport transport) {
        List<Object> results = SharedSpark.context()
                .parallelize(List.of(3L, 4L), 2)
                .map(attempt -> (Object) transport.send(answer(transport.questions(), attempt), attempt))
                .collect();
        assertThat(results).hasSize(2);
        for (int i = 0; i < 2; i++) {
            double[] gradient = transport.receive(results.get(i)).sums().get(0).gradient();
            assertThat(gradient).hasSize(PARAMETERS);
            assertThat(gradient[6]).isEqualTo((3 + i) * (6 / 7.0));
            assertThat(gradient[PARAMETERS - 1]).isEqualTo((3 + i) * (999 / 7.0));
        }
        transport.close();
    }

    @Test
    void answers_come_back_from_another_process() {
        check(JobTransport.between(SharedSpark.context(), questions()));
    }

    @Test
    void answers_come_back_within_one_process() {
        check(JobTransport.within(questions()));
    }

    @Test
    void local_mode_is_one_process() {
        try (JobTransport transport = JobTransport.of(SharedSpark.context(), questions())) {
            assertThat(transport.send(answer(transport.questions(), 5), 5)).isEqualTo(5L);
        }
    }

    /** Only the attempt that Spark counted has its answer taken; what is left goes with the job. */
    @Test
    void a_job_that_has_ended_leaves_nothing_behind() {
        JobTransport transport = JobTransport.within(questions());
        transport.send(answer(transport.questions(), 1), 1);
        transport.close();
        assertThatThrownBy(transport::questions).hasMessageContaining("has ended");
        assertThatThrownBy(() -> transport.send(answer(questions(), 2), 2)).hasMessageContaining("has ended");
    }
}
