/**
 * Data: from a source of rows to packed shards in the memory of the executors.
 *
 * <pre>
 *   Source ──► Slice, … ──► RowReader ──► Scan ──────────────► Packing ──► Dataset
 *   one file   pieces in    good and      rows of each piece,   one        shards of blocks,
 *   a format   row order    bad rows      labels, bad rows      shuffle    cached
 * </pre>
 *
 * <p>A row's identity is its place in its source: files in sorted order, position in the file, never the partition that
 * held it. Pieces are cut however suits the cluster; {@link dev.lockstep.data.Scan} counts the rows of each, so every row
 * has a dense number, and from that number and the seed everything follows: whether it is a validation row, which shard it
 * lies in, when an epoch visits it ({@link dev.lockstep.data.EpochOrder}).
 *
 * <p>Row t of a set lies in shard t mod S, at place t / S. Adding a format is one file that implements {@link
 * dev.lockstep.data.Source} and one line in {@link dev.lockstep.data.Sources}.
 */
package dev.lockstep.data;
