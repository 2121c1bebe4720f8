package dev.lockstep.distributed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.data.Batch;
import dev.lockstep.linalg.Buffer;
import dev.lockstep.linalg.Mixing;
import dev.lockstep.network.ClassLoss;
import dev.lockstep.network.Dropout;
import dev.lockstep.network.Sums;
import dev.lockstep.network.Tally;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is sent is what arrives, to the bit. */
class WireTest {
    @Test
    void work_arrives_as_it_was_sent() {
        float[] weights = {1f, -0f, Float.NaN, Float.MIN_VALUE, Float.NEGATIVE_INFINITY};
        Question sent = new Question(
                Request.RowSet.VALIDATION,
                new Batch(9, 2, 5, 77, true),
                Buffer.wrap(weights),
                Wanted.GRADIENT,
                new ArrayList<>(),
                false,
                new Dropout(5, 0.25),
                0.125);
        Message.Work work = (Message.Work) Wire.decode(Wire.encode(new Message.Work(4, 1, List.of(sent))));
        assertThat(work.step()).isEqualTo(4);
        Question arrived = work.questions().get(0);
        assertThat(arrived.batch()).isEqualTo(sent.batch());
        assertThat(arrived.dropout()).isEqualTo(sent.dropout());
        assertThat(arrived.set()).isEqualTo(sent.set());
        assertThat(arrived.rowRate()).isEqualTo(0.125);
        assertThat(((Buffer.Of32) arrived.weights()).array()).isEqualTo(weights);
    }

    @Test
    void sums_arrive_as_they_were_sent() {
        double[] gradient = {1, -0.0, Double.NaN, Double.MIN_VALUE, 0x1.fffffffffffffp1023};
        Sums sums = new Sums(gradient, Tally.empty(ClassLoss.HINGE, 3));
        Message.Report sent = new Message.Report(
                "run",
                2,
                "7",
                9,
                List.of(List.of(new Partial(4, 6, sums), new Partial(6, 7, new Sums(null, null)))),
                List.of(new Taken(3, new long[] {1, 2}), Taken.of(4)));
        Message.Report report = (Message.Report) Wire.decode(Wire.encode(sent));
        assertThat(report.step()).isEqualTo(9);
        assertThat(report.taken()).extracting(Taken::nanos).containsExactly(3L, 4L);
        assertThat(report.taken().get(0).byQuestion()).containsExactly(1, 2);
        Partial first = report.parts().get(0).get(0);
        assertThat(List.of(first.from(), first.to())).containsExactly(4, 6);
        assertThat(first.sums().gradient()).isEqualTo(gradient);
        assertThat(((Tally.OfClasses) first.sums().tally()).classes()).isEqualTo(3);
        assertThat(report.parts().get(0).get(1).sums().gradient()).isNull();
    }

    /** Long arrays take another way than short ones. */
    @ParameterizedTest
    @ValueSource(ints = {1, 255, 256, 257, 100_003})
    void arrays_of_any_length_arrive(int length) {
        double[] gradient = new double[length];
        float[] weights = new float[length];
        for (int i = 0; i < length; i++) {
            gradient[i] = Mixing.normal(i);
            weights[i] = (float) Mixing.normal(-i);
        }
        Partial part = new Partial(0, 1, new Sums(gradient, null));
        Message.Report report = (Message.Report) Wire.decode(Wire.encode(
                new Message.Report("run", 1, "0", 1, List.of(List.of(part, part), List.of(part)), List.of())));
        assertThat(report.parts().get(0).get(1).sums().gradient()).isEqualTo(gradient);
        assertThat(report.parts().get(1).get(0).sums().gradient()).isEqualTo(gradient);
        Question question = new Question(
                Request.RowSet.TRAINING,
                Batch.all(1),
                Buffer.wrap(weights),
                Wanted.GRADIENT,
                new ArrayList<>(),
                false,
                null,
                null);
        Question wide = new Question(
                Request.RowSet.TEST,
                Batch.all(1),
                Buffer.wrap(gradient),
                Wanted.GRADIENT,
                new ArrayList<>(),
                false,
                null,
                null);
        Message.Work work = (Message.Work) Wire.decode(Wire.encode(new Message.Work(1, 0, List.of(question, wide))));
        assertThat(((Buffer.Of32) work.questions().get(0).weights()).array()).isEqualTo(weights);
        assertThat(((Buffer.Of64) work.questions().get(1).weights()).array()).isEqualTo(gradient);
    }
}
