/**
 * Data: from a source of rows to packed shards in the memory of the executors.
 *
 * <pre>
 *   Table ──► TableSource ──► RowReader ──► Scan ──────────────► Packing ───────────► Dataset
 *   cells     roles of        good and      numbers the rows,    one shuffle,         shards of blocks,
 *             columns         bad rows      learns Classes       learns Preparation   cached
 *                                 │         and Encoding
 *                                 └───────► PreparedRows: one row after the other, to be predicted
 * </pre>
 *
 * <p>A tour of half an hour:
 *
 * <ol>
 *   <li>{@link dev.lockstep.data.Source} is a format with its settings: listed and cut into slices on the driver, opened on
 *       executors. {@link dev.lockstep.data.Sources} is the registry. Formats whose rows are cells under columns (CSV,
 *       Parquet, ORC, JSON, tables of Spark's catalogs) are a {@code Table} each, and one {@code TableSource} knows which
 *       column is label, feature, category or weight, and what is wrong with a row; LIBSVM, IDX and generators are sources
 *       of their own. {@code FolderTable} adds what the folders' names say of files.
 *   <li>A {@code RowReader} gives the rows of a slice: features, categories, label, weight, or what is wrong with it.
 *   <li>{@link dev.lockstep.data.Scan}, the first pass, counts the good rows of each slice, so that every row has a dense
 *       number, finds the bad ones, and learns what is a set: {@link dev.lockstep.data.Classes} and the categories of an
 *       {@link dev.lockstep.data.Encoding}.
 *   <li>{@link dev.lockstep.data.Packing}, the second pass, sends each row to the shard that its number names, and learns
 *       there what is a sum: the {@link dev.lockstep.data.Preparation}, shard by shard in order. Then it packs blocks.
 *   <li>{@link dev.lockstep.data.Dataset} is the result. Row t of a set lies in shard t mod S, at place t / S; {@link
 *       dev.lockstep.data.EpochOrder} says when an epoch visits it.
 *   <li>{@link dev.lockstep.data.PreparedRows} does the same to rows that are to be predicted, in one pass and keeping
 *       nothing; {@link dev.lockstep.data.TableWriter} writes them.
 * </ol>
 *
 * <p>A row's identity is its place in its source: files in sorted order, position in the file; of a table without files
 * what it holds, in the order of {@code ContentOrder}; never the partition that held it. Pieces are cut however suits the cluster; from a row's number and the seed everything follows. Adding a format
 * is one file that implements {@code Table} or {@code Source}, and one line in {@code Sources}; adding a generator is one
 * that implements {@code Generator}, and one line in {@code SyntheticSource}.
 */
package dev.lockstep.data;
