package dev.lockstep.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.SharedSpark;
import dev.lockstep.data.TableWriter;
import dev.lockstep.observe.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tables and views of Spark's catalogs: a row is known by what it holds, so how they lie there does not matter. */
class CatalogTableTest {
    private static final int ROWS = 600;
    private static final StructType SCHEMA = new StructType()
            .add("id", DataTypes.LongType)
            .add("x", DataTypes.DoubleType)
            .add("whole", DataTypes.IntegerType)
            .add("price", DataTypes.createDecimalType(10, 2))
            .add("colour", DataTypes.StringType)
            .add("point", SQLDataTypes.VectorType())
            .add("when", DataTypes.TimestampType)
            .add("label", DataTypes.StringType);

    private static final String ROLES =
            "label = label, features = [x, whole, price, colour, point], categorical = colour, missing = mean";

    @TempDir
    static Path folder;

    private static SparkSession session;
    private static Path run;
    private static byte[] expectedWeights;
    private static JsonNode expected;

    @BeforeAll
    static void save() throws IOException {
        session = TableWriter.session(SharedSpark.context());
        List<Row> rows = new ArrayList<>(
                IntStream.range(0, ROWS).mapToObj(CatalogTableTest::row).toList());
        // Every row of the second hundred stands twice, but for its id.
        IntStream.range(100, 200)
                .mapToObj(i -> RowFactory.create(
                        (long) ROWS + i,
                        row(i).get(1),
                        row(i).get(2),
                        row(i).get(3),
                        row(i).get(4),
                        row(i).get(5),
                        row(i).get(6),
                        row(i).get(7)))
                .forEach(rows::add);
        view(rows, 1, "in_one");
        List<Row> shuffled = new ArrayList<>(rows);
        Collections.shuffle(shuffled, new Random(4));
        view(shuffled, 3, "shuffled");
        table(shuffled).repartition(5).write().parquet(path());
        List<Row> changed = new ArrayList<>(rows);
        changed.set(17, RowFactory.create(17L, 0.5, 17, row(17).get(3), "red", row(17).get(5), null, "no"));
        view(changed, 1, "changed");
        view(rows.subList(0, 300), 2, "some");
        run = train("in_one");
        expectedWeights = Files.readAllBytes(run.resolve("model/weights.safetensors"));
        expected = CommandLineRun.json(run.resolve("run.json"));
    }

    private static Row row(int i) {
        return RowFactory.create(
                (long) i,
                i % 7 == 3 ? null : Math.sin(i) * 3,
                i % 11,
                java.math.BigDecimal.valueOf(i % 13, 2),
                List.of("red", "green", "blue").get(i * i % 3),
                i % 2 == 0
                        ? Vectors.dense(i % 5, 1, Math.cos(i))
                        : Vectors.sparse(3, new int[] {2}, new double[] {i % 3}),
                new Timestamp(i),
                Math.sin(i) > 0.3 ? "yes" : "no");
    }

    private static Dataset<Row> table(List<Row> rows) {
        return session.createDataFrame(rows, SCHEMA);
    }

    private static void view(List<Row> rows, int partitions, String name) {
        table(rows).repartition(partitions).createOrReplaceTempView(name);
    }

    private static String path() {
        return folder.resolve("table.parquet").toString();
    }

    private static String configuration(String source) {
        return """
                data {
                  train { %s }
                  validation { fraction = 0.2 }
                  test { format = table, table = some, %s }
                  standardize = true
                }
                network { hidden = [5], activation = tanh, loss = cross-entropy }
                optimizer { name = momentum, momentum = 0.9 }
                batch = 64
                learning-rate = 0.1
                stop { epochs = 2 }
                """.formatted(source, ROLES);
    }

    private static Path train(String table, String... more) throws IOException {
        Path own = Files.createTempDirectory(folder, "run");
        CommandLineRun trained =
                CommandLineRun.train(own, configuration("format = table, table = \"" + table + "\", " + ROLES), more);
        assertThat(trained.complaints()).isEmpty();
        assertThat(trained.exitCode()).isZero();
        return own.resolve("run");
    }

    private static String fingerprint(JsonNode run) {
        return run.at("/data/training/fingerprint").asText();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({"shuffled", "a path"})
    void however_a_table_lies_there_the_weights_are_the_same(String name) throws IOException {
        Path other = train(name.equals("a path") ? "parquet.`" + path() + "`" : name);
        JsonNode summary = CommandLineRun.json(other.resolve("run.json"));
        assertThat(fingerprint(summary)).isEqualTo(fingerprint(expected)).hasSize(16);
        assertThat(Files.readAllBytes(other.resolve("model/weights.safetensors")))
                .isEqualTo(expectedWeights);
        assertThat(Files.readAllLines(other.resolve("epochs.jsonl")))
                .hasSameSizeAs(Files.readAllLines(run.resolve("epochs.jsonl")));
    }

    @Test
    void what_the_rows_hold_does_matter() throws IOException {
        Path other = train("changed");
        assertThat(fingerprint(CommandLineRun.json(other.resolve("run.json")))).isNotEqualTo(fingerprint(expected));
        assertThat(Files.readAllBytes(other.resolve("model/weights.safetensors")))
                .isNotEqualTo(expectedWeights);
    }

    @Test
    void columns_are_those_of_parquet() throws IOException {
        Path own = Files.createTempDirectory(folder, "run");
        CommandLineRun trained = CommandLineRun.train(
                own, configuration("format = parquet, path = \"" + path() + "\", " + ROLES), "--set", "stop.epochs=1");
        assertThat(trained.complaints()).isEmpty();
        JsonNode model = CommandLineRun.json(own.resolve("run/model/model.json"));
        JsonNode ofTable = CommandLineRun.json(run.resolve("model/model.json"));
        for (String part : List.of("/features", "/classes", "/encoding")) {
            assertThat(ofTable.at(part)).as(part).isEqualTo(model.at(part));
        }
    }

    @Test
    void a_table_is_evaluated_and_predicted_with_all_its_columns() throws IOException {
        CommandLineRun evaluated =
                CommandLineRun.of("evaluate", "--model", run.toString(), "--data", "table=some", "--json", "--quiet");
        assertThat(evaluated.complaints()).isEmpty();
        assertThat(Json.MAPPER.readTree(evaluated.out()).get("rows").asInt()).isEqualTo(300);
        List<List<Row>> written = new ArrayList<>();
        for (String name : List.of("in_one", "shuffled")) {
            String out = folder.resolve("predicted-" + name + ".parquet").toString();
            CommandLineRun predicted = CommandLineRun.of(
                    "predict", "--model", run.toString(), "--data", "table=" + name, "--output", out, "--quiet");
            assertThat(predicted.complaints()).isEmpty();
            List<Row> rows = new ArrayList<>();
            try (var files = Files.list(Path.of(out))) {
                for (Path file : files.filter(part -> part.toString().endsWith(".parquet"))
                        .sorted()
                        .toList()) {
                    rows.addAll(session.read().parquet(file.toString()).collectAsList());
                }
            }
            written.add(rows);
        }
        assertThat(written.get(0)).hasSize(ROWS + 100).isEqualTo(written.get(1));
        assertThat(written.get(0).get(0).schema().fieldNames())
                .startsWith(SCHEMA.fieldNames())
                .contains("prediction");
        assertThat(written.get(0).stream().map(row -> row.getLong(0)))
                .containsExactlyInAnyOrderElementsOf(session.table("in_one").collectAsList().stream()
                        .map(row -> row.getLong(0))
                        .toList());
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "table=nobody|table nobody: Spark's catalogs have no such table or view|check table",
                "table=nowhere.at.all|table nowhere.at.all: Spark's catalogs have no such table or view|spark.sql.catalog",
                "table=two words|table two words: Spark cannot read it|check table",
                "features=[x,wide]|table in_one: there is no column wide; its columns are id, x, whole|check features",
                "features=[x,colour,when]|table in_one: column \"when\" is a timestamp, which is no number|leave it out",
                "missing=fail|table in_one, one of its rows, column \"x\": the value is missing|set missing",
                "table=random|table random: the view draws random numbers|save them as a table",
                "table=empty|table empty: the data has no rows|no rows",
            })
    void a_mistake_is_one_line(String key, String what, String remedy) {
        session.sql("SELECT rand() AS x, 1 AS label").createOrReplaceTempView("random");
        table(List.of())
                .selectExpr("*", "x AS number")
                .drop("point")
                .withColumnRenamed("number", "point")
                .createOrReplaceTempView("empty");
        CommandLineRun refused = CommandLineRun.train(
                folder, configuration("format = table, table = in_one, " + ROLES), "--set", "data.train." + key);
        refused.assertRefused(what, remedy);
        assertThat(folder.resolve("run")).doesNotExist();
    }

    @Test
    void a_vector_has_as_many_numbers_as_most_rows_have() {
        StructType schema = new StructType()
                .add("list", DataTypes.createArrayType(DataTypes.DoubleType))
                .add("label", DataTypes.IntegerType);
        List<Row> rows = List.of(
                RowFactory.create(null, 0),
                RowFactory.create(List.of(1.0, 2.0, 3.0), 1),
                RowFactory.create(List.of(1.0, 2.0), 0),
                RowFactory.create(List.of(3.0, 2.0), 1));
        session.createDataFrame(rows, schema).createOrReplaceTempView("ragged");
        CommandLineRun.train(
                        folder,
                        configuration("format = table, table = ragged, label = label, missing = mean")
                                .replaceAll("(?m)^ *test .*$", ""))
                .assertRefused("table ragged, one of its rows, column \"list\": 3 numbers, where the column has 2");
    }
}
