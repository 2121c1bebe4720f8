package dev.lockstep.distributed;

import java.io.Serializable;
import java.util.List;

/** What resident tasks and the driver say to each other. Tasks ask; the driver replies, when it has something to say. */
sealed interface Message extends Serializable {
    /** What a task asks with. */
    sealed interface Call extends Message {
        /** Which run the task belongs to. */
        String run();

        /** Which generation of the run's resident tasks. */
        int generation();

        /** The executor that the task lives on. */
        String executor();
    }

    /** What the driver replies. */
    sealed interface Reply extends Message {}

    /**
     * The first words of a task.
     *
     * @param partition which part of the data it holds
     * @param attempt the task's attempt, unique in the application
     * @param host where the executor is
     * @param kernel of its matrix products
     */
    record Hello(String run, int generation, String executor, int partition, long attempt, String host, String kernel)
            implements Call {}

    /**
     * What an executor's tasks have computed; the reply is their next work.
     *
     * @param step of the work that was done; 0 for none
     * @param parts for each of its questions the sums of the nodes that the executor's shards make up; null if nothing is
     *     new, because the driver said {@link Again}
     * @param taken time of each task
     */
    record Report(String run, int generation, String executor, long step, List<List<Partial>> parts, List<Taken> taken)
            implements Call {
        Report waiting() {
            return new Report(run, generation, executor, step, null, null);
        }
    }

    /** The executor is alive, whatever its tasks are at. */
    record Beat(String run, int generation, String executor) implements Call {}

    /**
     * All tasks are there.
     *
     * @param members how many of them live on this executor
     * @param leads whether this one talks to the driver for all of them
     */
    record Welcome(int members, boolean leads) implements Reply {}

    /** Nothing yet: ask again. Said before the transport would lose its patience. */
    record Again() implements Reply {}

    /** Go: the run has ended, or another generation or another copy has taken the task's place. */
    record Leave(String reason) implements Reply {}

    /**
     * The next questions.
     *
     * @param step from 1, one more with each work of a generation
     * @param shift from 0; the arrays of its last answer may be filled again
     */
    record Work(long step, int shift, List<Question> questions) implements Reply {}
}
