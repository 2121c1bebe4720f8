package dev.lockstep.data;

/**
 * A row that is to be predicted.
 *
 * @param cells all of the source's cells, as they are, of the types of {@link PreparedRows#schema}
 * @param features encoded, scaled and prepared as in training; null if the row is bad
 */
public record PreparedRow(Object[] cells, double[] features) {}
