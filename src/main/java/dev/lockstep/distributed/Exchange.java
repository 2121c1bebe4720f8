package dev.lockstep.distributed;

import dev.lockstep.linalg.Hands;
import java.io.IOException;
import java.io.Serializable;
import java.util.concurrent.locks.LockSupport;

/** How resident tasks reach their driver: question and answer, the answer whenever the driver likes. */
interface Exchange extends AutoCloseable {
    /** Where one question is to be answered, by any thread, once. */
    interface ReplyTo {
        void send(Message.Reply reply);

        /**
         * Has work done by the calling thread on behalf of the task, if the task lets it; else sends it.
         *
         * @return whether the work was done here; the report has been given, and the task waits for more
         */
        default boolean doOrSend(Message.Work work) {
            send(work);
            return false;
        }
    }

    /** What a task does with work. */
    interface Worker {
        Message.Report report(Message.Work work) throws IOException, InterruptedException;
    }

    /** The driver's end. */
    interface Listener {
        /** A task asks. Called by threads of the transport: must be quick, and may be called by several at once. */
        void asked(Message.Call call, ReplyTo replyTo);
    }

    /** A task's end. */
    interface Line extends AutoCloseable {
        /**
         * Asks and waits for the reply. The message belongs to the receiver from now on: in one process it is not copied.
         *
         * @throws IOException if no reply came
         * @throws InterruptedException if the task was told to stop
         */
        Message.Reply ask(Message.Call call) throws IOException, InterruptedException;

        /**
         * As {@link #ask(Message.Call)}, but while the task waits the driver may have work done by its own thread.
         *
         * @param worker does what the task itself does with a reply that is work
         */
        default Message.Reply ask(Message.Report report, Worker worker) throws IOException, InterruptedException {
            return ask(report);
        }

        @Override
        default void close() {}
    }

    /**
     * Where a driver is to be found.
     *
     * @param name of the run in the application
     * @param socket null if there is only Spark's RPC
     */
    record Address(String name, SocketExchange.Door socket) implements Serializable {}

    Address address();

    /** After how long without a reply a task's question may be given up by the transport, in nanoseconds. */
    long patienceNanos();

    @Override
    void close();

    /** Where one reply is put down by the driver and picked up by the one thread that waits for it. */
    class Slot implements ReplyTo {
        private static final long GLANCE_NANOS = 1_000_000_000L;

        private final Thread waiter = Thread.currentThread();
        private volatile Message.Reply reply;
        private volatile Throwable failure;

        @Override
        public void send(Message.Reply sent) {
            reply = sent;
            LockSupport.unpark(waiter);
        }

        /** Nothing will be sent any more. */
        void fail(Throwable why) {
            failure = why;
            LockSupport.unpark(waiter);
        }

        /**
         * @param spinNanos how long to wait without letting go of the processor, which then need not be woken and helps
         *     the driver's loops
         */
        Message.Reply await(long patienceNanos, long spinNanos) throws IOException, InterruptedException {
            long begun = System.nanoTime();
            if (spinNanos > 0) {
                Hands.lend(() -> reply != null || failure != null, spinNanos);
            }
            while (reply == null && failure == null) {
                LockSupport.parkNanos(this, GLANCE_NANOS);
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
                if (reply == null && System.nanoTime() - begun > patienceNanos) {
                    throw new IOException("the driver did not reply");
                }
            }
            if (failure != null) {
                throw new IOException("the task's work failed on the driver's thread: " + failure, failure);
            }
            return reply;
        }
    }
}
