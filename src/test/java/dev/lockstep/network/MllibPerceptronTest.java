package dev.lockstep.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.lockstep.SharedSpark;
import dev.lockstep.data.Block;
import dev.lockstep.linalg.Blas;
import dev.lockstep.linalg.Buffer;
import dev.lockstep.linalg.Mixing;
import dev.lockstep.linalg.Precision;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.ml.classification.MultilayerPerceptronClassificationModel;
import org.apache.spark.ml.classification.MultilayerPerceptronClassifier;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.VectorUDT;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;

/** MLlib's perceptron as an oracle: with its weights, our network gives its probabilities, and the loss that follows. */
class MllibPerceptronTest {
    private static final int ROWS = 60;
    private static final int[] WIDTHS = {4, 5, 3};

    @Test
    void with_mllib_s_weights_our_probabilities_are_mllib_s() {
        Dataset<Row> table = table();
        MultilayerPerceptronClassificationModel theirs = new MultilayerPerceptronClassifier()
                .setLayers(WIDTHS)
                .setMaxIter(15)
                .setSeed(3)
                .fit(table);
        List<Row> predicted =
                theirs.transform(table).select("label", "probability").collectAsList();

        Network ours = new Network(
                List.of(new Layer(4, 5, Activation.SIGMOID, true), new Layer(5, 3, Activation.IDENTITY, true)),
                ClassLoss.CROSS_ENTROPY,
                0);
        Buffer weights = Buffer.wrap(rowByRow(theirs.weights().toArray()));
        Propagation propagation = new Propagation(ours, Precision.FLOAT64, Blas.of(Blas.Kind.NATIVE), ROWS);
        Block block = block();
        Sums sums = new Sums(null, null);
        propagation.add(block, weights, null, null, null, sums);
        Buffer logits = propagation.outputs(block, weights);

        double expectedLoss = 0;
        for (int i = 0; i < ROWS; i++) {
            Vector probability = predicted.get(i).getAs(1);
            double sum = 0;
            for (int j = 0; j < 3; j++) {
                sum += Math.exp(logits.get(3 * i + j));
            }
            for (int j = 0; j < 3; j++) {
                assertThat(Math.exp(logits.get(3 * i + j)) / sum).isCloseTo(probability.apply(j), within(1e-12));
            }
            expectedLoss -= Math.log(probability.apply((int) predicted.get(i).getDouble(0)));
        }
        assertThat(sums.loss()).isCloseTo(expectedLoss, within(1e-10));
    }

    /** MLlib keeps a layer's matrix column by column, then its bias; we keep it row by row. */
    private static double[] rowByRow(double[] theirs) {
        double[] ours = new double[theirs.length];
        int from = 0;
        for (int l = 1; l < WIDTHS.length; l++) {
            int in = WIDTHS[l - 1];
            int out = WIDTHS[l];
            for (int i = 0; i < out; i++) {
                for (int j = 0; j < in; j++) {
                    ours[from + i * in + j] = theirs[from + j * out + i];
                }
                ours[from + out * in + i] = theirs[from + out * in + i];
            }
            from += out * in + out;
        }
        return ours;
    }

    private static double feature(int row, int column) {
        return Mixing.normal(Mixing.mix(11, row, column)) + (column == row % 3 ? 2 : 0);
    }

    private static Block block() {
        double[] features = new double[ROWS * 4];
        int[] labels = new int[ROWS];
        for (int i = 0; i < ROWS; i++) {
            labels[i] = i % 3;
            for (int j = 0; j < 4; j++) {
                features[4 * i + j] = feature(i, j);
            }
        }
        return new Block(ROWS, Buffer.wrap(features), labels, null, null);
    }

    private static Dataset<Row> table() {
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < ROWS; i++) {
            double[] features = {feature(i, 0), feature(i, 1), feature(i, 2), feature(i, 3)};
            rows.add(RowFactory.create((double) (i % 3), Vectors.dense(features)));
        }
        StructType schema = new StructType(new StructField[] {
            new StructField("label", DataTypes.DoubleType, false, Metadata.empty()),
            new StructField("features", new VectorUDT(), false, Metadata.empty())
        });
        SharedSpark.context();
        return SparkSession.builder()
                .getOrCreate()
                .createDataFrame(rows, schema)
                .coalesce(1);
    }
}
