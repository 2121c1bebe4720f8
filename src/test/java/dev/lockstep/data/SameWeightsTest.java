package dev.lockstep.data;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.Settings;
import dev.lockstep.SharedSpark;
import dev.lockstep.distributed.JobEngine;
import dev.lockstep.distributed.Request;
import dev.lockstep.linalg.Blas;
import dev.lockstep.linalg.Mixing;
import dev.lockstep.linalg.Precision;
import dev.lockstep.linalg.Vector;
import dev.lockstep.network.Activation;
import dev.lockstep.network.ClassLoss;
import dev.lockstep.network.Layer;
import dev.lockstep.network.Network;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Weights have the same bits however a source is cut, and wherever it lies: the formats that {@code SameBitsIT} does not train on. */
class SameWeightsTest {
    private static final int ROWS = 900;
    private static final int FEATURES = 4;
    private static final int CLASSES = 3;
    private static final Network NETWORK = new Network(
            List.of(new Layer(FEATURES, 5, Activation.TANH, true), new Layer(5, CLASSES, Activation.IDENTITY, true)),
            ClassLoss.CROSS_ENTROPY,
            0);

    @TempDir
    static Path folder;

    private static final List<int[]> PIXELS = new ArrayList<>();
    private static final List<Integer> LABELS = new ArrayList<>();

    @BeforeAll
    static void draw() {
        for (int i = 0; i < ROWS; i++) {
            int[] row = new int[FEATURES];
            for (int j = 0; j < FEATURES; j++) {
                row[j] = (int) (256 * Mixing.uniform(Mixing.mix(3, i, j)));
            }
            PIXELS.add(row);
            LABELS.add((row[0] + 2 * row[1]) / 257);
        }
    }

    /** The weights after a few steps of gradient descent over batches, with rows set aside and features standardized. */
    private static Vector weights(String keys, Source.Cut cut) {
        Source source = Sources.read(Settings.of(Settings.inline(keys, "--data")));
        Scan scan = Scan.of(SharedSpark.context(), source, Scan.Rules.strict(true), null, cut);
        assertThat(scan.rows()).isEqualTo(ROWS);
        Packing.Split split = Packing.split(
                SharedSpark.context(),
                scan,
                new Packing.Format(new ShardPlan(4, 2), 32, Precision.FLOAT32, 1.0),
                100,
                ROWS - 100,
                7,
                new Preparation.Wanted(false, true, false, null));
        JobEngine engine = new JobEngine(
                SharedSpark.context(),
                new JobEngine.Arithmetic(NETWORK, CLASSES, Precision.FLOAT32, Blas.Kind.JAVA, 32, false),
                Map.of(Request.RowSet.TRAINING, split.training(), Request.RowSet.VALIDATION, split.validation()));
        double[] start = new double[NETWORK.parameters()];
        for (int i = 0; i < start.length; i++) {
            start[i] = 0.5 * Mixing.normal(Mixing.mix(8, i));
        }
        Vector point = Vector.wrap(start);
        for (int step = 0; step < 4; step++) {
            Batch batch = new Batch(ROWS - 100, 150L * step, 150L * step + 150, 5, true);
            Request request = new Request(Request.RowSet.TRAINING, batch, point, true, false, null);
            point = point.minus(
                    Vector.wrap(engine.answer(List.of(request)).get(0).gradient())
                            .times(0.01));
        }
        split.training().release();
        split.validation().release();
        return point;
    }

    private static Source.Cut cut(long bytes) {
        return new Source.Cut(bytes, 1000);
    }

    private static Path move(String name) throws IOException {
        Path moved = Files.createDirectories(folder.resolve("moved-" + name)).resolve("elsewhere");
        return Files.move(folder.resolve(name), moved);
    }

    @Test
    void libsvm() throws IOException {
        Path rows = Files.createDirectory(folder.resolve("libsvm"));
        for (int file = 0; file < 2; file++) {
            StringBuilder lines = new StringBuilder();
            for (int i = 450 * file; i < 450 * file + 450; i++) {
                lines.append(LABELS.get(i));
                for (int j = 0; j < FEATURES; j++) {
                    lines.append(' ').append(j + 1).append(':').append(PIXELS.get(i)[j] / 7.0);
                }
                lines.append('\n');
            }
            Files.writeString(rows.resolve("part-" + file), lines);
        }
        Vector whole = weights("format=libsvm,path=" + rows, cut(1 << 27));
        assertThat(weights("format=libsvm,path=" + rows, cut(3000))).isEqualTo(whole);
        assertThat(weights("format=libsvm,path=" + move("libsvm"), cut(17_000))).isEqualTo(whole);
    }

    @Test
    void idx() throws IOException {
        Path rows = Files.createDirectory(folder.resolve("idx"));
        try (DataOutputStream images = new DataOutputStream(Files.newOutputStream(rows.resolve("images")));
                DataOutputStream labels = new DataOutputStream(Files.newOutputStream(rows.resolve("labels")))) {
            for (int number : new int[] {0x803, ROWS, 2, FEATURES / 2}) {
                images.writeInt(number);
            }
            labels.writeInt(0x801);
            labels.writeInt(ROWS);
            for (int i = 0; i < ROWS; i++) {
                for (int pixel : PIXELS.get(i)) {
                    images.writeByte(pixel);
                }
                labels.writeByte(LABELS.get(i));
            }
        }
        Vector whole = weights(idx(rows), cut(1 << 27));
        assertThat(weights(idx(rows), cut(250))).isEqualTo(whole);
        assertThat(weights(idx(move("idx")), cut(1000))).isEqualTo(whole);
    }

    private static String idx(Path rows) {
        return "format=idx,images=" + rows.resolve("images") + ",labels=" + rows.resolve("labels");
    }

    @Test
    void table() throws IOException {
        StructType schema = new StructType();
        for (int j = 0; j < FEATURES; j++) {
            schema = schema.add("x" + j, DataTypes.IntegerType);
        }
        schema = schema.add("label", DataTypes.IntegerType);
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < ROWS; i++) {
            int[] x = PIXELS.get(i);
            rows.add(RowFactory.create(x[0], x[1], x[2], x[3], LABELS.get(i)));
        }
        SparkSession session = TableWriter.session(SharedSpark.context());
        session.createDataFrame(rows, schema)
                .repartition(5)
                .write()
                .parquet(folder.resolve("table").toString());
        session.createDataFrame(rows, schema).orderBy("x2").createOrReplaceTempView("sorted");
        Vector whole = weights("format=table,label=label,table=sorted", new Source.Cut(1 << 27, 1));
        assertThat(weights("format=table,label=label,table=sorted", new Source.Cut(100, 4)))
                .isEqualTo(whole);
        String moved = "format=table,label=label,table=\"parquet.`" + move("table") + "`\"";
        assertThat(weights(moved, new Source.Cut(5000, 2))).isEqualTo(whole);
    }
}
