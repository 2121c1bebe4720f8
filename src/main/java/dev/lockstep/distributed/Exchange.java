package dev.lockstep.distributed;

/** How resident tasks reach their driver: question and answer, the answer whenever the driver likes. */
interface Exchange extends AutoCloseable {
    /** Where one question is to be answered, by any thread, once. */
    interface ReplyTo {
        void send(Message.Reply reply);
    }

    /** The driver's end. */
    interface Listener {
        /** A task asks. Called by threads of the transport: must be quick, and may be called by several at once. */
        void asked(Message.Call call, ReplyTo replyTo);
    }

    /** A task's end. */
    interface Line {
        /**
         * Asks and waits for the reply. The message belongs to the receiver from now on: in one process it is not copied.
         *
         * @throws java.io.IOException if no reply came
         * @throws InterruptedException if the task was told to stop
         */
        Message.Reply ask(Message.Call call) throws java.io.IOException, InterruptedException;
    }

    /** The name under which {@link RpcExchange#connect} finds this driver. */
    String name();

    /** After how long without a reply a task's question may be given up by the transport, in nanoseconds. */
    long patienceNanos();

    @Override
    void close();
}
