package dev.lockstep.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.SharedSpark;
import dev.lockstep.data.TableWriter;
import dev.lockstep.observe.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Columns of every kind, from training to prediction. What a setting does is compared with the same thing done to the table
 * by hand: the weights must agree in every bit.
 */
class TablesTest {
    private static final int ROWS = 90;

    @TempDir
    static Path folder;

    @BeforeAll
    static void write() throws IOException {
        StringBuilder table = new StringBuilder("id,size,colour,weight,price,other,kind\n");
        StringBuilder byHand = new StringBuilder("size,blue,green,red,weight,price,other,kind\n");
        StringBuilder gaps = new StringBuilder("id,size,colour,price,other,kind\n");
        for (int i = 0; i < ROWS; i++) {
            double size = i % 10 - 4.5;
            String colour = List.of("red", "green", "blue").get(i % 3);
            String kind = i % 3 == 0 ? "rare" : "usual";
            // 30 rare and 60 usual rows: balanced weights are 90 / (2 * 30) and 90 / (2 * 60).
            double weight = i % 3 == 0 ? 1.5 : 0.75;
            // 5 - 2 and 5 + 2 equally often: mean 5, deviation 2; and 1 - 4, 1 + 4.
            int price = i % 2 == 0 ? 3 : 7;
            int other = i % 4 < 2 && i != 89 ? -3 : 5;
            table.append(
                    String.format(Locale.ROOT, "r%d,%s,%s,%s,%d,%d,%s%n", i, size, colour, weight, price, other, kind));
            byHand.append(String.format(
                    Locale.ROOT,
                    "%s,%d,%d,%d,%s,%s,%s,%s%n",
                    size,
                    colour.equals("blue") ? 1 : 0,
                    colour.equals("green") ? 1 : 0,
                    colour.equals("red") ? 1 : 0,
                    weight,
                    (price - 5) / 2.0,
                    (other - 1) / 4.0,
                    kind));
            gaps.append(String.format(
                    Locale.ROOT, "r%d,%s,%s,%d,%d,%s%n", i, i == 7 ? "NA" : size, colour, price, other, kind));
        }
        Files.writeString(folder.resolve("table.csv"), table);
        Files.writeString(folder.resolve("by-hand.csv"), byHand);
        Files.writeString(folder.resolve("gaps.csv"), gaps);
    }

    /** Trains on a file and gives its weights. */
    private static byte[] weights(String run, String file, String source, String data, String loss) throws IOException {
        return Files.readAllBytes(train(run, file, source, data, loss).resolve("model/weights.safetensors"));
    }

    private static Path train(String run, String file, String source, String data, String loss) throws IOException {
        Path conf = folder.resolve(run + ".conf");
        Files.writeString(conf, """
                data {
                  train { format = csv, path = "%s", %s }
                  %s
                }
                network { hidden = [5], activation = tanh, loss = %s, precision = float64 }
                optimizer { name = momentum }
                learning-rate = 0.1
                batch = 30
                stop { epochs = 5 }
                output = "%s"
                """.formatted(folder.resolve(file), source, data, loss, folder.resolve(run)));
        CommandLineRun trained = CommandLineRun.of("train", conf.toString(), "--quiet", "--overwrite");
        assertThat(trained.exitCode()).as(trained.complaints().toString()).isZero();
        return folder.resolve(run);
    }

    @Test
    void categories_are_features_of_one_and_zero_in_sorted_order() throws IOException {
        byte[] encoded = weights(
                "encoded",
                "table.csv",
                "label = kind, features = [size, colour], categorical = [colour]",
                "",
                "cross-entropy");
        byte[] byHand = weights(
                "by-hand", "by-hand.csv", "label = kind, features = [size, blue, green, red]", "", "cross-entropy");
        assertThat(encoded).isEqualTo(byHand);
        JsonNode model = CommandLineRun.json(folder.resolve("encoded/model/model.json"));
        assertThat(model.get("features").toString())
                .isEqualTo("[\"size\",\"colour=blue\",\"colour=green\",\"colour=red\"]");
    }

    @Test
    void balanced_class_weights_are_row_weights() throws IOException {
        byte[] balanced = weights(
                "balanced",
                "table.csv",
                "label = kind, features = [size]",
                "class-weights = balanced",
                "cross-entropy");
        byte[] given = weights(
                "given",
                "table.csv",
                "label = kind, features = [size]",
                "class-weights { rare = 1.5, usual = 0.75 }",
                "cross-entropy");
        byte[] byRow =
                weights("by-row", "table.csv", "label = kind, features = [size], weight = weight", "", "cross-entropy");
        byte[] none = weights("none", "table.csv", "label = kind, features = [size]", "", "cross-entropy");
        assertThat(balanced).isEqualTo(byRow).isEqualTo(given).isNotEqualTo(none);
        assertThat(CommandLineRun.json(folder.resolve("balanced/run.json"))
                        .at("/data/classWeights")
                        .toString())
                .isEqualTo("[1.5,0.75]");
    }

    @Test
    void several_targets_are_standardized_and_turned_back() throws IOException {
        String features = ", features = [size, colour], categorical = [colour]";
        byte[] standardized = weights(
                "standardized",
                "table.csv",
                "label = [price, other]" + features,
                "standardize-targets = true",
                "squared-error");
        JsonNode model = CommandLineRun.json(folder.resolve("standardized/model/model.json"));
        assertThat(model.at("/targetStandardization/means/0").asDouble()).isEqualTo(5.0);
        assertThat(model.at("/targetStandardization/deviations/0").asDouble()).isEqualTo(2.0);
        // Errors are said in the targets' own units: those of the predictions, which are turned back.
        Path output = folder.resolve("turned-back.csv");
        predict("standardized", "path=" + folder.resolve("table.csv"), output);
        List<String> lines = lines(output);
        assertThat(lines.get(0)).isEqualTo("id,size,colour,weight,price,other,kind,prediction_price,prediction_other");
        double squares = 0;
        for (String line : lines.subList(1, lines.size())) {
            String[] cells = line.split(",", -1);
            squares += Math.pow(Double.parseDouble(cells[4]) - Double.parseDouble(cells[7]), 2);
            squares += Math.pow(Double.parseDouble(cells[5]) - Double.parseDouble(cells[8]), 2);
        }
        JsonNode run = CommandLineRun.json(folder.resolve("standardized/run.json"));
        assertThat(run.at("/metrics/training/rmse").asDouble())
                .isCloseTo(Math.sqrt(squares / (2 * ROWS)), within(1e-12));
        assertThat(standardized).isNotEmpty();
        byte[] one = weights(
                "one-target", "table.csv", "label = price" + features, "standardize-targets = true", "squared-error");
        byte[] byHand = weights(
                "one-by-hand",
                "by-hand.csv",
                "label = price, features = [size, blue, green, red]",
                "",
                "squared-error");
        assertThat(one).isEqualTo(byHand);
    }

    @Test
    void predictions_keep_rows_and_columns_and_agree_with_evaluate() throws IOException {
        Path run = train(
                "predicting",
                "table.csv",
                "label = kind, features = [size, colour], categorical = [colour]",
                "standardize = true",
                "cross-entropy");
        Path csv = folder.resolve("out/predicted.csv");
        Path parquet = folder.resolve("out/predicted.parquet");
        for (Path output : List.of(csv, parquet)) {
            predict("predicting", "path=" + folder.resolve("table.csv"), output);
        }
        List<String> before = Files.readAllLines(folder.resolve("table.csv"));
        List<String> after = lines(csv);
        assertThat(after).hasSameSizeAs(before);
        int right = 0;
        for (int i = 0; i < after.size(); i++) {
            assertThat(after.get(i)).startsWith(before.get(i) + ",");
            String[] cells = after.get(i).split(",", -1);
            if (i > 0) {
                right += cells[6].equals(cells[7]) ? 1 : 0;
                double rare = Double.parseDouble(cells[8]);
                assertThat(rare + Double.parseDouble(cells[9])).isCloseTo(1.0, within(1e-15));
                assertThat(cells[7]).isEqualTo(rare >= 0.5 ? "rare" : "usual");
            }
        }
        CommandLineRun evaluated = CommandLineRun.of(
                "evaluate",
                "--model",
                run.toString(),
                "--data",
                "path=" + folder.resolve("table.csv"),
                "--json",
                "--quiet");
        assertThat(Json.MAPPER.readTree(evaluated.out()).get("errors").asInt()).isEqualTo(ROWS - right);

        List<Row> rows = TableWriter.session(SharedSpark.context())
                .read()
                .parquet(parquet.toString())
                .collectAsList();
        for (int i = 0; i < ROWS; i++) {
            String[] cells = after.get(i + 1).split(",", -1);
            assertThat(rows.get(i).getString(0)).isEqualTo("r" + i);
            assertThat(rows.get(i).getString(7)).isEqualTo(cells[7]);
            assertThat(rows.get(i).getDouble(8)).isEqualTo(Double.parseDouble(cells[8]));
        }
        // And what was written can be predicted in turn, with names of its own for what is new.
        Path again = folder.resolve("out/again.csv");
        assertThat(predicted("predicting", "path=" + csv, again).complaints())
                .singleElement()
                .asString()
                .contains("has a column prediction already", "--prefix");
        assertThat(predicted("predicting", "path=" + csv, again, "--prefix", "second_")
                        .exitCode())
                .isZero();
        assertThat(lines(again).get(1)).startsWith(after.get(1) + ",");
    }

    @Test
    void rows_that_lack_a_value_are_filled_or_have_no_prediction() throws IOException {
        String source = "label = kind, features = [size, colour], categorical = [colour]";
        train("filled", "gaps.csv", source, "missing = mean", "cross-entropy");
        Path output = folder.resolve("filled.csv");
        predict("filled", "path=" + folder.resolve("gaps.csv"), output);
        assertThat(lines(output)).hasSize(ROWS + 1).noneMatch(line -> line.endsWith(",,"));

        train("left-out", "gaps.csv", source, "missing = skip", "cross-entropy");
        assertThat(CommandLineRun.json(folder.resolve("left-out/run.json"))
                        .at("/data/training/missingRows")
                        .asInt())
                .isEqualTo(1);
        Path sparse = folder.resolve("left-out.csv");
        predict("left-out", "path=" + folder.resolve("gaps.csv"), sparse);
        assertThat(lines(sparse)).hasSize(ROWS + 1);
        assertThat(lines(sparse).get(8)).isEqualTo("r7,NA,green,7,5,usual,,,");
    }

    private static void predict(String run, String data, Path output) {
        CommandLineRun predicted = predicted(run, data, output, "--overwrite");
        assertThat(predicted.exitCode()).as(predicted.complaints().toString()).isZero();
    }

    private static CommandLineRun predicted(String run, String data, Path output, String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "predict",
                "--model",
                folder.resolve(run).toString(),
                "--data",
                data,
                "--output",
                output.toString(),
                "--quiet"));
        arguments.addAll(List.of(more));
        return CommandLineRun.of(arguments.toArray(new String[0]));
    }

    /** The lines of all part files, the header once. */
    private static List<String> lines(Path output) throws IOException {
        List<String> lines = new ArrayList<>();
        try (Stream<Path> files = Files.list(output)) {
            for (Path file : files.filter(path -> path.getFileName().toString().startsWith("part-"))
                    .sorted()
                    .toList()) {
                List<String> own = Files.readAllLines(file);
                lines.addAll(lines.isEmpty() ? own : own.subList(1, own.size()));
            }
        }
        return lines;
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "train|data.train.categorical=[]|column \"colour\": \"red\" is not a finite number|list the column under categorical",
                "train|data.class-weights={rara=2}|names the class \"rara\"|rare, usual",
                "train|data.class-weights=even|data.class-weights = even|balanced",
                "train|data.class-weights={rare=-1}|data.class-weights|at least 0",
                "train|data.standardize-targets=true|data.standardize-targets|squared-error",
                "train|data.train.ranges={size=[3]}|data.train.ranges.size|the least and the most",
                "train|data.train.ranges={siz=[0,1]}|there is no column siz|check ranges",
                "train|data.train.ranges={size=[-4,4]}|line 2, column \"size\": -4.5 is outside of its range, -4 to 4|on-bad-row",
                "train|data.missing=median|data.missing = median|fail, skip, mean",
                "train|data.unknown-category=none|data.unknown-category|fail, ignore",
                "train|data.bad-row-limit=2|data.bad-row-limit|from 0 to 1",
                "train|data.train.features=[size,id]|the categorical column colour is no feature|list it under features too",
                "train|data.train.label=[kind,price]|label has 2 columns|squared-error",
                "train|data.train.encoding=UTF-16|data.train.encoding|UTF-8",
                "train|data.train.separator=|data.train.separator|one character or several",
            })
    void a_setting_that_makes_no_sense_is_named(String command, String override, String what, String remedy)
            throws IOException {
        Path conf = folder.resolve("mistake.conf");
        Files.writeString(conf, """
                data { train { format = csv, path = "%s", label = kind, features = [size, colour], categorical = [colour] } }
                network { hidden = [3], loss = cross-entropy }
                optimizer { name = momentum }
                learning-rate = 0.1
                """.formatted(folder.resolve("table.csv")));
        CommandLineRun.of(
                        command,
                        conf.toString(),
                        "--quiet",
                        "--set",
                        override,
                        "--set",
                        "output=" + folder.resolve("mistake"))
                .assertRefused(what, remedy);
        assertThat(folder.resolve("mistake")).doesNotExist();
    }

    @Test
    void data_that_does_not_fit_the_model_is_named() throws IOException {
        train(
                "fitting",
                "table.csv",
                "label = kind, features = [size, colour], categorical = [colour]",
                "",
                "cross-entropy");
        Path output = folder.resolve("not-fitting.csv");
        Path unknown = folder.resolve("unknown.csv");
        Files.writeString(unknown, "size,colour\n1,red\n2,mauve\n");
        predicted("fitting", "path=" + unknown, output)
                .assertRefused(
                        "unknown.csv, line 3",
                        "the category \"mauve\" is none of those of the training rows, blue, green, red",
                        "unknown-category = ignore");
        assertThat(predicted("fitting", "unknown-category=ignore,path=" + unknown, output)
                        .exitCode())
                .isZero();
        assertThat(lines(output)).hasSize(3);
        predicted("fitting", "path=" + unknown, output).assertRefused("not-fitting.csv", "exists", "--overwrite");
        Path other = folder.resolve("other.csv");
        Files.writeString(other, "size,shade\n1,red\n");
        Path fresh = folder.resolve("fresh.csv");
        predicted("fitting", "path=" + other, fresh).assertRefused("other.csv", "there is no column colour");
        predicted("fitting", "features=[size],categorical=[],path=" + other, fresh)
                .assertRefused("trained on 2 features, the data has 1 and lacks \"colour\"");
        predicted("fitting", "categorical=[],path=" + unknown, fresh)
                .assertRefused("the feature \"colour\" is a number, but the network was trained on a category there");
        predicted("fitting", "missing=mean,path=" + unknown, fresh)
                .assertRefused("missing = mean", "trained without it");
        assertThat(fresh).doesNotExist();
        predicted("fitting", "path=" + output, output, "--overwrite")
                .assertRefused("the data lies there", "another output");
        assertThat(lines(output)).hasSize(3);
    }

    @Test
    void text_that_cannot_be_kept_apart_into_rows_is_refused_with_the_reason() throws IOException {
        Path broken = folder.resolve("broken.csv");
        Files.writeString(broken, "size,colour,kind\n1,\"red\",rare\n2,\"gre\nen\",usual\n");
        String[] train = {"train", folder.resolve("text.conf").toString(), "--quiet"};
        Files.writeString(folder.resolve("text.conf"), """
                data { train { format = csv, path = "%s", label = kind, categorical = [colour] }, on-bad-row = skip }
                network { hidden = [3], loss = cross-entropy }
                optimizer { name = momentum }
                learning-rate = 0.1
                output = "%s"
                """.formatted(broken, folder.resolve("text")));
        CommandLineRun.of(train)
                .assertRefused("broken.csv, line 3", "a quoted cell does not end in its line", "Parquet");
        Files.write(broken, new byte[] {'P', 'K', 3, 4, 0, 0});
        CommandLineRun.of(train).assertRefused("broken.csv", "zip", "unpack");
        Files.write(broken, new byte[] {31, (byte) 139, 8, 0});
        CommandLineRun.of(train).assertRefused("broken.csv", "gzipped", ".gz");
        Files.write(broken, new byte[] {(byte) 0xFF, (byte) 0xFE, 'a', 0});
        CommandLineRun.of(train).assertRefused("broken.csv", "UTF-16");
    }

    @Test
    void a_picture_file_that_promises_more_than_it_holds_is_refused_at_once() throws IOException {
        // A header of four billion pictures of 28 x 28, and behind it one; plain and gzipped.
        java.nio.ByteBuffer images = java.nio.ByteBuffer.allocate(16 + 784);
        images.putInt(0x803).putInt(-1).putInt(28).putInt(28);
        java.nio.ByteBuffer labels = java.nio.ByteBuffer.allocate(8 + 1);
        labels.putInt(0x801).putInt(-1);
        Files.write(folder.resolve("images"), images.array());
        Files.write(folder.resolve("labels"), labels.array());
        for (String name : List.of("images", "labels")) {
            try (OutputStream stream = new GZIPOutputStream(Files.newOutputStream(folder.resolve(name + ".gz")))) {
                stream.write(Files.readAllBytes(folder.resolve(name)));
            }
        }
        for (String ending : List.of("", ".gz")) {
            Files.writeString(
                    folder.resolve("idx.conf"), """
                    data { train { format = idx, images = "%s/images%s", labels = "%s/labels%s" } }
                    network { hidden = [3], loss = cross-entropy }
                    optimizer { name = rprop }
                    output = "%s"
                    """.formatted(folder, ending, folder, ending, folder.resolve("idx")));
            CommandLineRun.of("train", folder.resolve("idx.conf").toString(), "--quiet")
                    .assertRefused("images" + ending, "the header says 4294967295 rows", "is it cut short?");
        }
        assertThat(folder.resolve("idx")).doesNotExist();
    }
}
