package dev.lockstep.study;

import java.util.List;

/**
 * Answers questions in SQL about the runs of a study. Its tables are those of {@code claim}: see the guide's page on
 * claims.
 */
@FunctionalInterface
public interface Query {
    /**
     * The rows of an answer.
     *
     * @param sql one SELECT
     * @return a value for each column of each row: a Double (truth is 1 or 0), a String, or null
     * @throws dev.lockstep.InputException if it cannot be answered, in one line
     */
    List<List<Object>> rows(String sql);
}
