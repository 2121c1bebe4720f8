package dev.lockstep.distributed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.data.Batch;
import dev.lockstep.linalg.Buffer;
import dev.lockstep.linalg.Mixing;
import dev.lockstep.network.Sums;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The socket between driver and executors: what passes, who may, and what happens without one. */
class SocketExchangeTest {
    private static final String LOOPBACK = InetAddress.getLoopbackAddress().getHostAddress();

    private record Asked(Message.Call call, Exchange.ReplyTo replyTo) {}

    private final BlockingQueue<Asked> asked = new LinkedBlockingQueue<>();
    private final Exchange rpc = DirectExchange.open("socket-exchange-test", (call, replyTo) -> {});
    private Exchange exchange = open(0);

    private Exchange open(int port) {
        return SocketExchange.open(
                rpc, (call, replyTo) -> asked.add(new Asked(call, replyTo)), LOOPBACK, LOOPBACK, port);
    }

    /** What is used where there is no socket. */
    private final Exchange.Line line = call -> new Message.Leave("by rpc");

    @AfterEach
    void close() {
        exchange.close();
    }

    private static Message.Report report(int length) {
        double[] gradient = new double[length];
        for (int i = 0; i < length; i++) {
            gradient[i] = Mixing.normal(i);
        }
        Partial part = new Partial(0, 8, new Sums(gradient, null));
        return new Message.Report("run", 1, "0", 3, List.of(List.of(part)), List.of(Taken.of(5)));
    }

    @Test
    void sums_go_one_way_and_weights_the_other() throws Exception {
        try (Exchange.Line socket = SocketExchange.connect(exchange.address(), line)) {
            for (int length : new int[] {3, 100_003, 8192, 20}) {
                CompletableFuture<Message.Reply> reply =
                        CompletableFuture.supplyAsync(() -> ask(socket, report(length)));
                Asked question = asked.poll(10, TimeUnit.SECONDS);
                Message.Report arrived = (Message.Report) question.call();
                assertThat(arrived.parts().get(0).get(0).sums().gradient())
                        .isEqualTo(report(length).parts().get(0).get(0).sums().gradient());
                float[] weights = new float[length];
                weights[length - 1] = -0f;
                question.replyTo()
                        .send(new Message.Work(
                                4,
                                0,
                                List.of(new Question(
                                        Request.RowSet.TRAINING,
                                        Batch.all(7),
                                        Buffer.wrap(weights),
                                        Wanted.GRADIENT,
                                        new ArrayList<>(),
                                        false,
                                        null,
                                        null))));
                Message.Work work = (Message.Work) reply.get(10, TimeUnit.SECONDS);
                assertThat(((Buffer.Of32) work.questions().get(0).weights()).array())
                        .isEqualTo(weights);
            }
        }
    }

    private static Message.Reply ask(Exchange.Line line, Message.Call call) {
        try {
            return line.ask(call);
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void who_does_not_know_the_secret_is_turned_away() throws Exception {
        Exchange.Address right = exchange.address();
        SocketExchange.Door wrong =
                new SocketExchange.Door(LOOPBACK, right.socket().port(), new byte[32]);
        try (Exchange.Line socket = SocketExchange.connect(new Exchange.Address("run", wrong), line)) {
            assertThatThrownBy(() -> socket.ask(report(10))).isInstanceOf(IOException.class);
        }
        assertThat(asked).isEmpty();
        try (Socket silent = new Socket()) {
            silent.connect(new InetSocketAddress(LOOPBACK, right.socket().port()));
            silent.getOutputStream().write(1);
            silent.shutdownOutput();
            assertThat(silent.getInputStream().read()).as("closed").isEqualTo(-1);
        }
    }

    @Test
    void nobody_there_means_rpc() throws Exception {
        Exchange.Address gone = exchange.address();
        exchange.close();
        try (Exchange.Line other = SocketExchange.connect(gone, line)) {
            assertThat(other.ask(report(10))).isEqualTo(new Message.Leave("by rpc"));
        }
        try (Exchange.Line other = SocketExchange.connect(rpc.address(), line)) {
            assertThat(other).as("a driver without a socket").isSameAs(line);
        }
    }

    @Test
    void a_taken_port_means_rpc() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThat(open(taken.getLocalPort())).isSameAs(rpc);
        }
    }

    @Test
    void closing_ends_lines_that_wait() throws Exception {
        try (Exchange.Line socket = SocketExchange.connect(exchange.address(), line)) {
            CompletableFuture<Message.Reply> reply = CompletableFuture.supplyAsync(() -> ask(socket, report(10)));
            assertThat(asked.poll(10, TimeUnit.SECONDS)).isNotNull();
            exchange.close();
            assertThatThrownBy(() -> reply.get(10, TimeUnit.SECONDS)).hasRootCauseInstanceOf(IOException.class);
        }
    }

    @Test
    void a_task_that_is_told_to_stop_stops_waiting() throws Exception {
        try (Exchange.Line socket = SocketExchange.connect(exchange.address(), line)) {
            CountDownLatch ended = new CountDownLatch(1);
            Thread task = new Thread(() -> {
                try {
                    socket.ask(report(10));
                } catch (InterruptedException e) {
                    ended.countDown();
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            });
            task.start();
            assertThat(asked.poll(10, TimeUnit.SECONDS)).isNotNull();
            task.interrupt();
            assertThat(ended.await(10, TimeUnit.SECONDS)).isTrue();
        }
    }
}
