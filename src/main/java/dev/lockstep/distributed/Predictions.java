package dev.lockstep.distributed;

import dev.lockstep.data.Block;
import dev.lockstep.data.PreparedRow;
import dev.lockstep.linalg.Blas;
import dev.lockstep.linalg.Buffer;
import dev.lockstep.linalg.Precision;
import dev.lockstep.linalg.Vector;
import dev.lockstep.network.Network;
import dev.lockstep.network.Propagation;
import java.io.Serializable;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/**
 * A network over rows that pass by once, in their order, each with what the network says of it. The products are those
 * in Java: OpenBLAS gives a row other bits at another place of the block (measured), and its place depends on how the rows
 * were cut.
 */
public final class Predictions {
    private static final int BLOCK_ROWS = 256;

    private Predictions() {}

    /** What the outputs of a row mean. */
    public interface Meaning extends Serializable {
        /**
         * The values that stand behind a row's own cells.
         *
         * @param outputs of the last layer; null for a bad row
         */
        Object[] of(double[] outputs);
    }

    /**
     * A trained network.
     *
     * @param network its layers
     * @param weights flat parameters
     * @param precision of the products
     */
    public record Trained(Network network, Vector weights, Precision precision) {}

    /** Every row's cells, and behind them what its outputs mean. */
    public static JavaRDD<Row> of(JavaSparkContext spark, JavaRDD<PreparedRow> rows, Trained trained, Meaning meaning) {
        Network network = trained.network;
        Broadcast<Buffer> weights = spark.broadcast(Buffer.of(trained.precision, trained.weights));
        return rows.mapPartitions(partition -> new Rows(partition, network, weights.value(), meaning));
    }

    /** A partition's rows, a block at a time. */
    private static final class Rows implements Iterator<Row> {
        private final Iterator<PreparedRow> rows;
        private final Network network;
        private final Buffer weights;
        private final Meaning meaning;
        private final Propagation propagation;
        private final Buffer features;
        private final double[] outputs;
        private final Deque<Row> ready = new ArrayDeque<>();

        Rows(Iterator<PreparedRow> rows, Network network, Buffer weights, Meaning meaning) {
            this.rows = rows;
            this.network = network;
            this.weights = weights;
            this.meaning = meaning;
            this.propagation = new Propagation(network, weights.precision(), Blas.of(Blas.Kind.JAVA), BLOCK_ROWS);
            this.features = Buffer.allocate(weights.precision(), Math.multiplyExact(BLOCK_ROWS, network.inputs()));
            this.outputs = new double[BLOCK_ROWS * network.outputs()];
        }

        @Override
        public boolean hasNext() {
            if (ready.isEmpty() && rows.hasNext()) {
                predict();
            }
            return !ready.isEmpty();
        }

        @Override
        public Row next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            return ready.remove();
        }

        private void predict() {
            int inputs = network.inputs();
            int width = network.outputs();
            List<PreparedRow> block = new ArrayList<>();
            while (block.size() < BLOCK_ROWS && rows.hasNext()) {
                PreparedRow row = rows.next();
                for (int j = 0; j < inputs; j++) {
                    features.set(block.size() * inputs + j, row.features() == null ? 0 : row.features()[j]);
                }
                block.add(row);
            }
            propagation
                    .outputs(new Block(block.size(), features, null, null, null), weights)
                    .widen(block.size() * width, outputs);
            for (int i = 0; i < block.size(); i++) {
                PreparedRow row = block.get(i);
                double[] own = new double[width];
                System.arraycopy(outputs, i * width, own, 0, width);
                Object[] said = meaning.of(row.features() == null ? null : own);
                Object[] cells = new Object[row.cells().length + said.length];
                System.arraycopy(row.cells(), 0, cells, 0, row.cells().length);
                System.arraycopy(said, 0, cells, row.cells().length, said.length);
                ready.add(RowFactory.create(cells));
            }
        }
    }
}
