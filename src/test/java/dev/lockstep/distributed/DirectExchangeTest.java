package dev.lockstep.distributed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** In one process the driver's thread may do a task's work, and the task never notices. */
class DirectExchangeTest {
    private static final Message.Report READY = new Message.Report("run", 1, "driver/0", 0, null, null);
    private static final Message.Work WORK = new Message.Work(7, 0, List.of());

    private record Asked(Message.Call call, Exchange.ReplyTo replyTo) {}

    private final BlockingQueue<Asked> asked = new LinkedBlockingQueue<>();
    private final Exchange exchange =
            DirectExchange.open("direct-exchange-test", (call, replyTo) -> asked.add(new Asked(call, replyTo)));
    private final BlockingQueue<Thread> workers = new LinkedBlockingQueue<>();

    @AfterEach
    void close() {
        exchange.close();
    }

    private CompletableFuture<Message.Reply> wait(Exchange.Worker worker) {
        return CompletableFuture.supplyAsync(() -> {
            try (Exchange.Line line = DirectExchange.connect(exchange.address())) {
                return line.ask(READY, worker);
            } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private Asked next() throws InterruptedException {
        return asked.poll(10, TimeUnit.SECONDS);
    }

    @Test
    void work_is_done_by_the_thread_that_has_it_and_the_task_waits_on() throws Exception {
        CompletableFuture<Message.Reply> reply = wait(work -> {
            workers.add(Thread.currentThread());
            return new Message.Report("run", 1, "driver/0", work.step(), List.of(), List.of(Taken.of(1)));
        });
        Exchange.ReplyTo replyTo = next().replyTo();
        assertThat(replyTo.doOrSend(WORK)).isTrue();
        assertThat(workers).containsExactly(Thread.currentThread());
        Asked report = next();
        assertThat(((Message.Report) report.call()).step()).isEqualTo(7);
        assertThat(report.replyTo()).isSameAs(replyTo);
        assertThat(reply).isNotDone();
        report.replyTo().send(WORK);
        assertThat(reply.get(10, TimeUnit.SECONDS))
                .as("what is sent is the task's own to do")
                .isSameAs(WORK);
        assertThat(workers).hasSize(1);
    }

    @Test
    void a_failure_is_the_tasks_not_the_drivers() throws Exception {
        CompletableFuture<Message.Reply> reply = wait(work -> {
            throw new IllegalArgumentException("a row too many");
        });
        next().replyTo().doOrSend(WORK);
        assertThatThrownBy(() -> reply.get(10, TimeUnit.SECONDS))
                .hasStackTraceContaining("failed on the driver's thread")
                .hasRootCauseMessage("a row too many");
        assertThat(asked).as("no report").isEmpty();
    }

    @Test
    void an_interrupt_of_the_driver_stays_with_it() throws Exception {
        CompletableFuture<Message.Reply> reply = wait(work -> {
            throw new InterruptedException();
        });
        next().replyTo().doOrSend(WORK);
        assertThat(Thread.interrupted()).isTrue();
        assertThatThrownBy(() -> reply.get(10, TimeUnit.SECONDS)).hasRootCauseInstanceOf(InterruptedException.class);
    }

    @Test
    void who_sends_a_socket_or_rpc_does_nothing_itself() {
        BlockingQueue<Message.Reply> sent = new LinkedBlockingQueue<>();
        Exchange.ReplyTo replyTo = sent::add;
        assertThat(replyTo.doOrSend(WORK)).isFalse();
        assertThat(sent).containsExactly(WORK);
    }
}
