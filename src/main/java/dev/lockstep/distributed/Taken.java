package dev.lockstep.distributed;

import java.io.Serializable;

/**
 * The time of one task for a list of questions.
 *
 * @param nanos from the first to the last
 * @param byQuestion what each would have taken alone: rows that were gathered for several questions count for each
 */
record Taken(long nanos, long[] byQuestion) implements Serializable {
    /** Where nothing is known of single questions. */
    static Taken of(long nanos) {
        return new Taken(nanos, new long[0]);
    }

    /** Of one question, 0 if it is not known. */
    long ofQuestion(int question) {
        return question < byQuestion.length ? byQuestion[question] : 0;
    }
}
