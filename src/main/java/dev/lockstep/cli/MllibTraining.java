package dev.lockstep.cli;

import dev.lockstep.data.Block;
import dev.lockstep.data.Shard;
import dev.lockstep.data.ShardRange;
import dev.lockstep.network.Layer;
import dev.lockstep.network.Network;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.ml.classification.MultilayerPerceptronClassifier;
import org.apache.spark.ml.linalg.VectorUDT;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * MLlib's perceptron on the rows that a run of ours has packed, in as many partitions as that run has tasks: the same
 * widths, sigmoid units as it has no others, double precision as it has no other, its default solver and block size.
 *
 * <p>What is timed is a gradient pass. Each is one job, whichever solver asks for it and however often, so the time from
 * the start of such a job to the start of the next is a pass with all that MLlib does between two of them.
 */
final class MllibTraining {
    private static final String GRADIENT_JOB = "treeAggregate";
    private static final long LISTENER_MILLIS = 50;
    private static final int LISTENER_LOOKS = 100;

    private final SparkContext spark;
    private final Dataset<Row> table;
    private final int[] widths;

    MllibTraining(MeasuredTraining ours) {
        spark = ours.session().spark().sc();
        Network network = ours.network();
        widths = Stream.concat(
                        Stream.of(network.inputs()), network.layers().stream().map(Layer::outputs))
                .mapToInt(Integer::intValue)
                .toArray();
        int inputs = network.inputs();
        JavaRDD<Row> rows = ours.rows().ranges().flatMap(range -> rows(range, inputs));
        StructType schema = new StructType(new StructField[] {
            new StructField("label", DataTypes.DoubleType, false, Metadata.empty()),
            new StructField("features", new VectorUDT(), false, Metadata.empty())
        });
        table = SparkSession.builder().getOrCreate().createDataFrame(rows, schema);
    }

    private static Iterator<Row> rows(ShardRange range, int inputs) {
        return range.shards().stream()
                .map(Shard::blocks)
                .flatMap(List::stream)
                .flatMap(block -> rows(block, inputs))
                .iterator();
    }

    private static Stream<Row> rows(Block block, int inputs) {
        return Stream.iterate(0, row -> row < block.rows(), row -> row + 1).map(row -> {
            double[] features = new double[inputs];
            for (int j = 0; j < inputs; j++) {
                features[j] = block.features().get(row * inputs + j);
            }
            return RowFactory.create((double) block.labels()[row], Vectors.dense(features));
        });
    }

    /**
     * Trains anew for some iterations.
     *
     * @return seconds of each gradient pass but the last; the first has MLlib stack and cache the rows
     */
    List<Double> passes(int iterations) {
        Jobs jobs = new Jobs();
        spark.addSparkListener(jobs);
        try {
            new MultilayerPerceptronClassifier()
                    .setLayers(widths)
                    .setMaxIter(iterations)
                    .setTol(0)
                    .setSeed(1)
                    .fit(table);
            return jobs.awaitIntervals(iterations);
        } finally {
            spark.removeSparkListener(jobs);
        }
    }

    /** Remembers when jobs of a gradient started. */
    private static final class Jobs extends SparkListener {
        private final List<Long> starts = new ArrayList<>();

        @Override
        public synchronized void onJobStart(SparkListenerJobStart start) {
            String names = scala.jdk.javaapi.CollectionConverters.asJava(start.stageInfos()).stream()
                    .map(stage -> stage.name())
                    .collect(Collectors.joining(" "));
            if (names.contains(GRADIENT_JOB)) {
                starts.add(start.time());
            }
        }

        /** Spark tells its listeners late, so this waits until there are as many passes as there must be at least. */
        synchronized List<Double> awaitIntervals(int least) {
            try {
                for (int look = 0; look < LISTENER_LOOKS && starts.size() < least; look++) {
                    wait(LISTENER_MILLIS);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while MLlib was measured", e);
            }
            List<Double> intervals = new ArrayList<>();
            for (int i = 1; i < starts.size(); i++) {
                intervals.add((starts.get(i) - starts.get(i - 1)) * 1e-3);
            }
            return intervals;
        }
    }
}
