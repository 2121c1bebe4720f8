package dev.lockstep.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.lockstep.InputException;
import dev.lockstep.data.Block;
import dev.lockstep.data.Classes;
import dev.lockstep.data.Column;
import dev.lockstep.data.Encoding;
import dev.lockstep.data.Preparation;
import dev.lockstep.data.Standardization;
import dev.lockstep.linalg.Blas;
import dev.lockstep.linalg.Buffer;
import dev.lockstep.linalg.Precision;
import dev.lockstep.linalg.Vector;
import dev.lockstep.network.Activation;
import dev.lockstep.network.ClassLoss;
import dev.lockstep.network.Initialization;
import dev.lockstep.network.Landscape;
import dev.lockstep.network.Layer;
import dev.lockstep.network.Loss;
import dev.lockstep.network.Network;
import dev.lockstep.network.NumberLoss;
import dev.lockstep.network.Propagation;
import dev.lockstep.network.Sums;
import dev.lockstep.network.Surface;
import dev.lockstep.network.Tally;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is written is what is read; what is no model says so; metrics by hand. */
class SavedModelTest {
    private static final Network NETWORK = new Network(
            List.of(new Layer(2, 3, Activation.LEAKY_RELU, true), new Layer(3, 2, Activation.IDENTITY, false)),
            ClassLoss.CROSS_ENTROPY,
            0.1);
    private static final Vector WEIGHTS = new Initialization(Initialization.Scheme.UNIFORM, 1).draw(NETWORK, 9);
    private static final Configuration HADOOP = new Configuration();

    @TempDir
    Path folder;

    private void save() {
        new SavedModel(
                        NETWORK,
                        WEIGHTS,
                        Precision.FLOAT32,
                        Encoding.plain(List.of(
                                new Column("a", Column.Kind.NUMBER, 1), new Column("b", Column.Kind.NUMBER, 1))),
                        List.of("kind"),
                        Classes.of(List.of("x", "y")),
                        0.5,
                        new Preparation(
                                null,
                                new Standardization(new double[] {0.1, 1.0 / 3}, new double[] {2, 0}),
                                null,
                                null),
                        "{\"format\":\"csv\"}")
                .save(Folder.of(folder.toString(), HADOOP).child("model"));
    }

    @Test
    void a_model_comes_back_in_every_bit() throws IOException {
        save();
        for (String path : List.of(folder.toString(), folder + "/model")) {
            SavedModel read = SavedModel.load(path, HADOOP);
            assertThat(read.network()).isEqualTo(NETWORK);
            assertThat(read.weights()).isEqualTo(WEIGHTS);
            assertThat(read.precision()).isEqualTo(Precision.FLOAT32);
            assertThat(read.classNames()).containsExactly("x", "y");
            assertThat(read.preparation().features().means()).containsExactly(0.1, 1.0 / 3);
            assertThat(read.scale()).isEqualTo(0.5);
        }
        try (var files = Files.list(folder.resolve("model"))) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("model.json", "weights.safetensors");
        }
    }

    @Test
    void a_folder_without_a_model_or_of_another_format_says_so() throws IOException {
        assertThatThrownBy(() -> SavedModel.load(folder.toString(), HADOOP))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("no model there");
        save();
        Path json = folder.resolve("model/model.json");
        Files.writeString(json, Files.readString(json).replace("\"format\" : 2", "\"format\" : 7"));
        assertThatThrownBy(() -> SavedModel.load(folder.toString(), HADOOP))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("reads format 2");
    }

    @ParameterizedTest
    @MethodSource("losses")
    void a_loss_comes_back_as_it_was(Loss loss) {
        Network network = new Network(List.of(new Layer(2, 2, Activation.SIGMOID, false)), loss, 0);
        SavedModel model = new SavedModel(
                network,
                Vector.of(1, 2, 3, 4),
                Precision.FLOAT64,
                Encoding.plain(List.of(new Column("a", Column.Kind.NUMBER, 1), new Column("b", Column.Kind.NUMBER, 1))),
                List.of("y0", "y1"),
                null,
                1,
                Preparation.NONE,
                "{}");
        model.save(Folder.of(folder.resolve("model").toString(), HADOOP));
        assertThat(SavedModel.load(folder.toString(), HADOOP).network()).isEqualTo(network);
    }

    static List<Loss> losses() {
        return List.of(
                new Landscape(Surface.SADDLE_AND_MINIMA, 3),
                new NumberLoss(NumberLoss.Kind.HUBER, 0.25),
                new NumberLoss(NumberLoss.Kind.ONE_SIDED_SQUARED_ERROR, 1, 0.5));
    }

    private static byte[] file(String header, byte... data) {
        byte[] json = header.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(8 + json.length + data.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(json.length)
                .put(json)
                .put(data)
                .array();
    }

    @Test
    void float32_files_that_others_wrote_are_read() {
        Network one = new Network(
                List.of(new Layer(2, 1, Activation.IDENTITY, true)),
                new NumberLoss(NumberLoss.Kind.SQUARED_ERROR, 1),
                0);
        ByteBuffer data = ByteBuffer.allocate(12).order(ByteOrder.LITTLE_ENDIAN);
        data.putFloat(0.25f).putFloat(1.5f).putFloat(-2f);
        // The bias comes first here: places count, not the order of the header.
        String header = "{\"__metadata__\":{\"by\":\"hand\"},"
                + "\"layers.0.bias\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},"
                + "\"layers.0.weight\":{\"dtype\":\"F32\",\"shape\":[1,2],\"data_offsets\":[4,12]}}";
        assertThat(Safetensors.read("w", file(header, data.array()), one)).isEqualTo(Vector.of(1.5, -2, 0.25));
    }

    @Test
    void files_that_lie_are_refused() {
        byte[] good = Safetensors.write(NETWORK, WEIGHTS);
        assertThat((ByteBuffer.wrap(good).order(ByteOrder.LITTLE_ENDIAN).getLong() + 8) % 8)
                .isZero();
        assertThat(Safetensors.read("w", good, NETWORK)).isEqualTo(WEIGHTS);
        assertRefused(Arrays.copyOf(good, good.length - 8), "cut short");
        assertRefused(Arrays.copyOf(good, 4), "4 bytes long");
        assertRefused("no tensors, just text".getBytes(StandardCharsets.UTF_8), "not a safetensors file");
        assertRefused(file("[1, 2]"), "no JSON object");
        assertRefused(file("{\"layers.0.weight\":{}}"), "holds [layers.0.weight]");
        String text = new String(good, StandardCharsets.ISO_8859_1);
        assertRefused(text.replace("[3,2]", "[2,3]").getBytes(StandardCharsets.ISO_8859_1), "shape [2, 3]");
        assertRefused(text.replace("F64", "F16").getBytes(StandardCharsets.ISO_8859_1), "dtype F16");
        byte[] nan = good.clone();
        Arrays.fill(nan, nan.length - 8, nan.length, (byte) 0xFF);
        assertRefused(nan, "NaN");
    }

    private static void assertRefused(byte[] bytes, String part) {
        assertThatThrownBy(() -> Safetensors.read("w.safetensors", bytes, NETWORK))
                .isInstanceOf(InputException.class)
                .hasMessageStartingWith("w.safetensors")
                .hasMessageContaining(part);
    }

    /** The sums of rows whose outputs are their features: a network that is the identity. */
    private static Sums sums(Loss loss, int width, double[] outputs, int[] labels, double[] targets, double[] weights) {
        Network identity = new Network(List.of(new Layer(width, width, Activation.IDENTITY, false)), loss, 0);
        double[] unit = new double[width * width];
        for (int i = 0; i < width; i++) {
            unit[i * width + i] = 1;
        }
        int rows = outputs.length / width;
        Sums sums = new Sums(null, Tally.empty(loss, width));
        new Propagation(identity, Precision.FLOAT64, Blas.of(Blas.Kind.JAVA), rows)
                .add(
                        new Block(rows, Buffer.wrap(outputs), labels, targets, weights),
                        Buffer.wrap(unit),
                        null,
                        null,
                        null,
                        sums);
        return sums;
    }

    @Test
    void metrics_of_classes_by_hand() {
        // Predicted 0 0 1 1 0 for actual 0 1 1 1 0; the third class occurs nowhere.
        double[] outputs = {1, 0, -9, 1, 0, -9, 0, 1, -9, 0, 1, -9, 1, 0, -9};
        Sums sums = sums(
                ClassLoss.CROSS_ENTROPY, 3, outputs, new int[] {0, 1, 1, 1, 0}, null, new double[] {1, 9, 1, 1, 1});
        Metrics metrics = Metrics.of(sums, List.of("p", "q", "r"), null);
        assertThat(metrics.values().get("accuracy")).isEqualTo(0.8);
        assertThat(metrics.values().get("errors")).isEqualTo(1);
        // F1: p 2*2/(2+3) = 0.8, q 2*2/(3+2) = 0.8.
        assertThat(metrics.values().get("macroF1")).isCloseTo(0.8, within(1e-15));
        assertThat(metrics.perClass().get("p").get("precision")).isCloseTo(2 / 3.0, within(1e-15));
        assertThat(metrics.perClass().get("q").get("recall")).isCloseTo(2 / 3.0, within(1e-15));
        assertThat(metrics.json().get("errors").toString()).isEqualTo("1");
    }

    @Test
    void metrics_of_numbers_by_hand() {
        // Outputs 1 2 3 and 0 0 0 for targets 1 2 6 and 1 2 3.
        Sums sums = sums(
                new NumberLoss(NumberLoss.Kind.SQUARED_ERROR, 1),
                2,
                new double[] {1, 0, 2, 0, 3, 0},
                null,
                new double[] {1, 1, 2, 2, 6, 3},
                null);
        Metrics metrics = Metrics.of(sums, List.of(), null);
        assertThat(metrics.loss()).isCloseTo(23 / 6.0, within(1e-15));
        assertThat(metrics.values().get("rmse")).isCloseTo(Math.sqrt(23 / 6.0), within(1e-15));
        assertThat(metrics.values().get("mae")).isCloseTo(9 / 6.0, within(1e-15));
        // Squares 9 and 14; deviations 14 and 2.
        assertThat(metrics.values().get("r2")).isCloseTo((1 - 9 / 14.0 + 1 - 14 / 2.0) / 2, within(1e-14));
    }

    @Test
    void numbers_in_json_come_back_and_what_is_not_finite_is_null() throws IOException {
        var node = Json.object();
        Json.put(node, "third", 1.0 / 3);
        Json.put(node, "none", Double.NaN);
        assertThat(Json.MAPPER.readTree(Json.line(node)).get("third").asDouble())
                .isEqualTo(1.0 / 3);
        assertThat(Json.line(node)).contains("\"none\":null");
    }
}
