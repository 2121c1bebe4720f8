package dev.lockstep.distributed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.network.Sums;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What the driver replies to resident tasks, message by message, at times that the test chooses. */
class GenerationTest {
    private static final long SECOND = 1_000_000_000L;

    private final List<String> greeted = new ArrayList<>();
    private final Generation generation = new Generation("run", 3, 2, hello -> greeted.add(hello.kernel()));

    /** Collects what a task is told. */
    private static final class Ear implements Exchange.ReplyTo {
        private final List<Message.Reply> heard = new ArrayList<>();

        @Override
        public synchronized void send(Message.Reply reply) {
            heard.add(reply);
        }

        synchronized Message.Reply last() {
            return heard.isEmpty() ? null : heard.get(heard.size() - 1);
        }
    }

    private Ear hello(int partition, long attempt, String executor) {
        return ask(new Message.Hello("run", 3, executor, partition, attempt, "host", "kernel"), 0);
    }

    private Ear ask(Message.Call call, long now) {
        Ear ear = new Ear();
        generation.asked(call, ear, now);
        return ear;
    }

    private static Message.Report ready(String executor) {
        return new Message.Report("run", 3, executor, 0, null, null);
    }

    private static Message.Report report(String executor, long step, int from, int to, double value) {
        Sums sums = new Sums(new double[] {value}, null);
        return new Message.Report(
                "run",
                3,
                executor,
                step,
                List.of(new ArrayList<>(List.of(new Partial(from, to, sums)))),
                List.of(Taken.of(5)));
    }

    private CompletableFuture<Generation.Reports> exchange() {
        return exchange(0);
    }

    private CompletableFuture<Generation.Reports> exchange(int shift) {
        Question question = new Question(
                Request.RowSet.TRAINING, null, null, Wanted.GRADIENT, new ArrayList<>(), false, null, null);
        return CompletableFuture.supplyAsync(() -> {
            try {
                return generation.exchange(shift, List.of(question));
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private static void await(Ear ear, Class<?> reply) throws InterruptedException {
        for (int i = 0; i < 2000 && !reply.isInstance(ear.last()); i++) {
            Thread.sleep(1);
        }
        assertThat(ear.last()).isInstanceOf(reply);
    }

    @Test
    void nobody_is_welcome_before_all_are_there_and_one_task_of_each_executor_leads() throws InterruptedException {
        Ear first = hello(0, 10, "a");
        assertThat(first.heard).isEmpty();
        assertThat(generation.awaitAll(SECOND / 100)).isFalse();
        Ear second = hello(1, 11, "a");
        assertThat(first.last()).isEqualTo(new Message.Welcome(2, true));
        assertThat(second.last()).isEqualTo(new Message.Welcome(2, false));
        assertThat(generation.awaitAll(SECOND)).isTrue();
        assertThat(greeted).containsExactly("kernel", "kernel");
    }

    @Test
    void the_first_hello_owns_its_part_and_other_copies_wait_because_spark_would_count_their_end_as_success() {
        hello(0, 10, "a");
        Ear early = hello(0, 12, "b");
        hello(1, 11, "a");
        Ear late = hello(1, 13, "b");
        assertThat(early.heard).isEmpty();
        assertThat(late.heard).isEmpty();
        assertThat(ask(ready("b"), 0).last()).isInstanceOf(Message.Leave.class);
        generation.tick(3 * SECOND, 2 * SECOND);
        assertThat(late.last()).isInstanceOf(Message.Again.class);
        generation.tick(6 * SECOND, 2 * SECOND);
        assertThat(late.heard).as("a reply is sent once").hasSize(1);
        Ear again = hello(1, 13, "b");
        generation.end("done");
        assertThat(again.last()).isInstanceOf(Message.Leave.class);
    }

    @Test
    void a_failed_copy_ends_nothing_and_a_failed_owner_does() {
        hello(0, 10, "a");
        hello(1, 11, "b");
        hello(1, 13, "c");
        generation.failed(13, "another attempt succeeded");
        generation.lost("c", "killed");
        assertThat(generation.ended()).isNull();
        generation.failed(11, "out of memory");
        assertThat(generation.ended()).contains("out of memory");
    }

    @Test
    void a_task_that_fails_before_all_are_there_ends_it() {
        hello(0, 10, "a");
        generation.failed(11, "the executor is gone");
        assertThat(generation.ended()).contains("the executor is gone");
    }

    @Test
    void a_hello_after_the_end_is_told_to_leave() {
        hello(0, 10, "a");
        generation.end("too late");
        assertThat(hello(1, 11, "b").last()).isEqualTo(new Message.Leave("too late"));
        assertThat(ask(new Message.Beat("run", 3, "a"), 0).last()).isInstanceOf(Message.Leave.class);
    }

    @Test
    void other_runs_and_other_generations_are_told_to_leave() {
        assertThat(ask(new Message.Hello("run", 2, "a", 0, 1, "host", "kernel"), 0)
                        .last())
                .isInstanceOf(Message.Leave.class);
        assertThat(ask(new Message.Hello("walk", 3, "a", 0, 1, "host", "kernel"), 0)
                        .last())
                .isInstanceOf(Message.Leave.class);
    }

    @Test
    void a_report_counts_once_and_work_follows_at_once() throws Exception {
        hello(0, 10, "a");
        hello(1, 11, "b");
        Ear a = ask(ready("a"), 0);
        Ear b = ask(ready("b"), 0);
        CompletableFuture<Generation.Reports> first = exchange();
        await(a, Message.Work.class);
        await(b, Message.Work.class);
        Ear again = ask(report("a", 1, 0, 4, 2), 0);
        ask(report("a", 1, 0, 4, 2), 0);
        assertThat(first.isDone()).isFalse();
        Ear next = ask(report("b", 1, 4, 8, 3), 0);
        Generation.Reports reports = first.get(5, TimeUnit.SECONDS);
        assertThat(reports.parts().get(0)).hasSize(2);
        assertThat(SumTree.join(8, reports.parts().get(0)).get(0).sums().gradient())
                .containsExactly(5);
        assertThat(reports.taken()).extracting(Taken::nanos).containsExactly(5L, 5L);
        CompletableFuture<Generation.Reports> second = exchange();
        await(next, Message.Work.class);
        ask(report("a", 1, 0, 4, 7), 0);
        ask(report("b", 2, 4, 8, 1), 0);
        assertThat(second.isDone())
                .as("the report of an old step counts for nothing")
                .isFalse();
        ask(report("a", 2, 0, 4, 1), 0);
        assertThat(second.get(5, TimeUnit.SECONDS).parts().get(0)).hasSize(2);
        assertThat(again.heard).as("a reply is sent once").hasSize(0);
    }

    @Test
    void an_executor_goes_on_with_the_other_shift_s_work_while_the_rest_are_at_the_first() throws Exception {
        hello(0, 10, "a");
        hello(1, 11, "b");
        Ear a = ask(ready("a"), 0);
        Ear b = ask(ready("b"), 0);
        CompletableFuture<Generation.Reports> first = exchange(0);
        await(a, Message.Work.class);
        await(b, Message.Work.class);
        Ear next = ask(report("a", 1, 0, 4, 2), 0);
        CompletableFuture<Generation.Reports> second = exchange(1);
        await(next, Message.Work.class);
        assertThat(((Message.Work) next.last()).step()).isEqualTo(2);
        assertThat(((Message.Work) next.last()).shift()).isEqualTo(1);
        Ear waiting = ask(report("a", 2, 0, 4, 20), 0);
        assertThat(waiting.heard).as("both are reported").isEmpty();
        assertThat(first.isDone()).isFalse();
        assertThat(second.isDone()).isFalse();
        long late = System.nanoTime() + SECOND;
        Ear slow = ask(report("b", 1, 4, 8, 3), late);
        assertThat(((Message.Work) slow.last()).step()).isEqualTo(2);
        assertThat(sum(first)).isEqualTo(5);
        assertThat(second.isDone()).isFalse();
        ask(report("b", 2, 4, 8, 30), late);
        assertThat(sum(second)).isEqualTo(50);
        assertThat(second.get().begun()).as("when the last one could begin").isEqualTo(late);
    }

    private static double sum(CompletableFuture<Generation.Reports> reports) throws Exception {
        List<Partial> parts = reports.get(5, TimeUnit.SECONDS).parts().get(0);
        return SumTree.join(8, parts).get(0).sums().gradient()[0];
    }

    @Test
    void a_lost_executor_ends_the_work_of_both_shifts() throws Exception {
        hello(0, 10, "a");
        hello(1, 11, "b");
        Ear a = ask(ready("a"), 0);
        CompletableFuture<Generation.Reports> first = exchange(0);
        await(a, Message.Work.class);
        CompletableFuture<Generation.Reports> second = exchange(1);
        await(ask(report("a", 1, 0, 4, 2), 0), Message.Work.class);
        generation.lost("b", "killed");
        assertThat(first.get(5, TimeUnit.SECONDS)).isNull();
        assertThat(second.get(5, TimeUnit.SECONDS)).isNull();
    }

    @Test
    void a_lost_executor_ends_it_and_whoever_waits_is_told() throws Exception {
        hello(0, 10, "a");
        hello(1, 11, "b");
        Ear a = ask(ready("a"), 0);
        ask(ready("b"), 0);
        CompletableFuture<Generation.Reports> first = exchange();
        await(a, Message.Work.class);
        Ear waiting = ask(report("a", 1, 0, 4, 2), 0);
        generation.lost("c", "never had a part");
        assertThat(generation.ended()).isNull();
        generation.lost("b", "killed");
        assertThat(first.get(5, TimeUnit.SECONDS)).isNull();
        assertThat(waiting.last()).isInstanceOf(Message.Leave.class);
        assertThat(ask(report("b", 1, 4, 8, 3), 0).last()).isInstanceOf(Message.Leave.class);
        assertThat(exchange().get(5, TimeUnit.SECONDS)).isNull();
        assertThat(generation.ended()).contains("executor b", "killed");
    }

    @Test
    void an_executor_that_is_silent_for_too_long_ends_it_and_beats_keep_it_alive() {
        hello(0, 10, "a");
        hello(1, 11, "b");
        long late = Generation.LEASE_NANOS * 3 / 4;
        ask(new Message.Beat("run", 3, "a"), late);
        ask(new Message.Beat("run", 3, "b"), late);
        generation.tick(late * 2, SECOND);
        assertThat(generation.ended()).isNull();
        ask(new Message.Beat("run", 3, "a"), late * 2);
        generation.tick(late + Generation.LEASE_NANOS + 1, SECOND);
        assertThat(generation.ended()).contains("executor b was not heard of");
    }

    @Test
    void who_waits_for_long_is_told_to_ask_again_before_the_transport_gives_up() {
        hello(0, 10, "a");
        hello(1, 11, "b");
        Ear a = ask(ready("a"), 0);
        generation.tick(SECOND, 2 * SECOND);
        assertThat(a.heard).isEmpty();
        generation.tick(3 * SECOND, 2 * SECOND);
        assertThat(a.last()).isInstanceOf(Message.Again.class);
        generation.tick(6 * SECOND, 2 * SECOND);
        assertThat(a.heard).hasSize(1);
    }

    @Test
    void a_greeting_that_is_refused_ends_it() {
        Generation picky = new Generation("run", 3, 2, hello -> {
            throw new IllegalStateException("two kernels");
        });
        Ear ear = new Ear();
        picky.asked(new Message.Hello("run", 3, "a", 0, 1, "host", "kernel"), ear, 0);
        assertThat(ear.last()).isInstanceOf(Message.Leave.class);
        assertThat(picky.ended()).isEqualTo("two kernels");
    }
}
