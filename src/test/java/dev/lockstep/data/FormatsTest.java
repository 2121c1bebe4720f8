package dev.lockstep.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.InputException;
import dev.lockstep.Settings;
import dev.lockstep.SharedSpark;
import dev.lockstep.distributed.Predictions;
import dev.lockstep.linalg.Precision;
import dev.lockstep.linalg.Vector;
import dev.lockstep.network.Activation;
import dev.lockstep.network.Initialization;
import dev.lockstep.network.Layer;
import dev.lockstep.network.Network;
import dev.lockstep.network.NumberLoss;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The same rows in every format are the same data set, as Spark wrote them; and what is odd about columns. */
class FormatsTest {
    private static final int ROWS = 1200;
    private static final StructType SCALARS = new StructType()
            .add("x", DataTypes.DoubleType)
            .add("whole", DataTypes.LongType)
            .add("flag", DataTypes.BooleanType)
            .add("colour", DataTypes.StringType)
            .add("label", DataTypes.StringType);

    @TempDir
    static Path folder;

    private static SparkSession session;
    private static List<Row> scalars;

    @BeforeAll
    static void write() {
        session = TableWriter.session(SharedSpark.context());
        scalars = IntStream.range(0, ROWS)
                .mapToObj(i -> RowFactory.create(
                        i % 7 == 3 ? null : i / 3.0,
                        (long) i * i,
                        i % 2 == 0,
                        List.of("red", "green", "blue, dark").get(i % 3),
                        i % 5 == 0 ? "no" : "yes"))
                .toList();
        for (String format : List.of("parquet", "orc", "json")) {
            table(scalars, SCALARS)
                    .repartition(1)
                    .sortWithinPartitions("whole")
                    .write()
                    .option("parquet.block.size", 4096)
                    .format(format)
                    .save(folder.resolve(format).toString());
        }
        table(scalars, SCALARS)
                .repartition(1)
                .sortWithinPartitions("whole")
                .write()
                .option("header", true)
                .csv(folder.resolve("csv").toString());
    }

    private static Dataset<Row> table(List<Row> rows, StructType schema) {
        return session.createDataFrame(rows, schema);
    }

    private static String path(String name) {
        return folder.resolve(name).toString();
    }

    private static Source source(String keys) {
        return Sources.read(Settings.of(Settings.inline(keys, "--data")));
    }

    private static Scan scan(String keys, long bytes) {
        return Scan.of(SharedSpark.context(), source(keys), Scan.Rules.strict(true), null, new Source.Cut(bytes, 1000));
    }

    private static Scan scan(String keys) {
        return scan(keys, 1 << 27);
    }

    /** Every row of a packed set, in order: features and label. */
    private static List<String> rows(dev.lockstep.data.Dataset set) {
        String[] rows = new String[(int) set.rows()];
        for (ShardRange range : set.ranges().collect()) {
            for (Shard shard : range.shards()) {
                int place = 0;
                for (Block block : shard.blocks()) {
                    for (int i = 0; i < block.rows(); i++) {
                        StringBuilder row = new StringBuilder();
                        for (int j = 0; j < set.inputs(); j++) {
                            row.append(block.features().get(i * set.inputs() + j))
                                    .append(' ');
                        }
                        rows[(int) shard.rowNumber(place++)] =
                                row.append(block.labels()[i]).toString();
                    }
                }
            }
        }
        return List.of(rows);
    }

    private static List<String> packed(Scan scan, Preparation.Wanted wanted) {
        Packing.Format format = new Packing.Format(new ShardPlan(8, 4), 64, Precision.FLOAT64, 1.0);
        Packing.Split split = Packing.split(SharedSpark.context(), scan, format, 0, scan.rows(), 1, wanted);
        List<String> rows = rows(split.training());
        split.training().release();
        return rows;
    }

    private static final String COLUMNS = ",label=label,categorical=colour,missing=mean";

    @Test
    void every_format_gives_the_same_rows_in_the_same_order_however_it_is_cut() throws IOException {
        Set<String> prints = new TreeSet<>();
        Set<List<String>> contents = new java.util.HashSet<>();
        Path moved = Files.createDirectories(folder.resolve("moved/elsewhere"));
        for (String format : List.of("csv", "parquet", "orc", "json")) {
            // Spark writes truth values into text as true and false, which are no numbers there.
            String keys = ",features=[x,whole,colour]" + COLUMNS + ",format=" + format;
            for (long bytes : new long[] {700, 65536, 1 << 27}) {
                prints.add(scan("path=" + path(format) + keys, bytes).fingerprint());
            }
            Files.move(folder.resolve(format), moved.resolve(format));
            Scan scan = scan("path=" + moved.resolve(format) + keys, 4096);
            prints.add(scan.fingerprint());
            contents.add(packed(scan, new Preparation.Wanted(true, false, false, null)));
            Files.move(moved.resolve(format), folder.resolve(format));
        }
        assertThat(prints).hasSize(1);
        assertThat(contents).hasSize(1);
        // The rows as they were made: x with its mean for missing ones, the square, one feature a colour, the class.
        double mean = scalars.stream()
                .filter(row -> !row.isNullAt(0))
                .mapToDouble(row -> row.getDouble(0))
                .average()
                .orElseThrow();
        List<String> rows = contents.iterator().next();
        for (int i = 0; i < ROWS; i++) {
            String[] cells = rows.get(i).split(" ");
            double x = Double.parseDouble(cells[0]);
            assertThat(x).isCloseTo(i % 7 == 3 ? mean : i / 3.0, org.assertj.core.api.Assertions.within(1e-9));
            assertThat(Double.parseDouble(cells[1])).isEqualTo((double) i * i);
            // Sorted: blue, dark; green; red.
            assertThat(Arrays.asList(cells).subList(2, 5))
                    .containsExactly(
                            i % 3 == 2 ? "1.0" : "0.0", i % 3 == 1 ? "1.0" : "0.0", i % 3 == 0 ? "1.0" : "0.0");
            assertThat(cells[5]).isEqualTo(i % 5 == 0 ? "0" : "1");
        }
    }

    @Test
    void a_parquet_row_is_known_by_its_number_in_the_file() throws IOException {
        String broken = path("broken.parquet");
        List<Row> rows = new ArrayList<>(scalars);
        rows.set(777, RowFactory.create(1.0, 777L * 777, true, null, "yes"));
        table(rows, SCALARS)
                .repartition(1)
                .sortWithinPartitions("whole")
                .write()
                .parquet(broken);
        assertThatThrownBy(() -> scan(
                        "format=parquet,missing=fail,features=[whole,colour],label=label,categorical=colour,path="
                                + broken,
                        700))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("row 777, column \"colour\": the value is missing");
    }

    @Test
    void rows_that_lack_a_value_are_left_out_when_asked() {
        Scan scan = scan("format=parquet,features=[x,whole],label=label,missing=skip,path=" + path("parquet"), 3000);
        long missing = scalars.stream().filter(row -> row.isNullAt(0)).count();
        assertThat(scan.leftOut()).isEqualTo(missing);
        assertThat(scan.rows()).isEqualTo(ROWS - missing);
        assertThat(packed(scan, new Preparation.Wanted(false, false, false, null)))
                .hasSize((int) (ROWS - missing))
                .noneMatch(row -> row.contains("NaN"));
    }

    @Test
    void vectors_and_arrays_become_features() {
        StructType schema = new StructType()
                .add("dense", SQLDataTypes.VectorType())
                .add("list", DataTypes.createArrayType(DataTypes.FloatType))
                .add("label", DataTypes.IntegerType);
        List<Row> rows = List.of(
                RowFactory.create(Vectors.dense(1, 2, 3), List.of(0.5f, 1.5f), 10),
                RowFactory.create(Vectors.sparse(3, new int[] {2}, new double[] {7}), List.of(2f, 3f), 9),
                RowFactory.create(Vectors.dense(4, 5, 6), List.of(4f, 5f), 10));
        for (String format : List.of("parquet", "orc", "json")) {
            String path = path("vectors." + format);
            table(rows, schema)
                    .coalesce(1)
                    .write()
                    .mode(SaveMode.Overwrite)
                    .format(format)
                    .save(path);
            Scan scan = scan("format=" + format + ",label=label,features=[dense,list],path=" + path);
            assertThat(scan.features()).containsExactly("dense[0]", "dense[1]", "dense[2]", "list[0]", "list[1]");
            // Classes are sorted by value: 9 before 10.
            assertThat(packed(scan, new Preparation.Wanted(false, false, false, null)))
                    .containsExactly("1.0 2.0 3.0 0.5 1.5 1", "0.0 0.0 7.0 2.0 3.0 0", "4.0 5.0 6.0 4.0 5.0 1");
        }
    }

    @Test
    void a_vector_of_another_length_is_a_bad_row() {
        StructType schema = new StructType()
                .add("list", DataTypes.createArrayType(DataTypes.DoubleType))
                .add("label", DataTypes.IntegerType);
        String path = path("ragged.parquet");
        table(List.of(RowFactory.create(List.of(1.0, 2.0), 0), RowFactory.create(List.of(1.0), 1)), schema)
                .coalesce(1)
                .write()
                .parquet(path);
        assertThatThrownBy(() -> scan("format=parquet,label=label,path=" + path))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("row 1, column \"list\": 1 numbers, where the column has 2");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "when|column \"when\" is a timestamp, which is no number|leave it out",
                "name|column \"name\" is text|list it under categorical",
                "map|column \"map\" is map<string,int>|nothing can be learnt",
            })
    void a_column_that_is_no_number_is_refused_with_what_to_do(String column, String what, String remedy) {
        StructType schema = new StructType()
                .add("when", DataTypes.TimestampType)
                .add("name", DataTypes.StringType)
                .add("map", DataTypes.createMapType(DataTypes.StringType, DataTypes.IntegerType))
                .add("label", DataTypes.IntegerType);
        String path = path("odd-" + column + ".parquet");
        table(List.of(RowFactory.create(new Timestamp(0), "a", java.util.Map.of("k", 1), 0)), schema)
                .write()
                .parquet(path);
        assertThatThrownBy(() -> scan("format=parquet,label=label,features=[" + column + "],path=" + path))
                .isInstanceOf(InputException.class)
                .hasMessageContaining(what)
                .hasMessageContaining(remedy);
    }

    @Test
    void a_column_may_have_another_number_type_in_another_file() {
        StructType whole = new StructType().add("x", DataTypes.IntegerType).add("label", DataTypes.StringType);
        StructType real = new StructType().add("label", DataTypes.StringType).add("x", DataTypes.DoubleType);
        String path = path("mixed");
        table(List.of(RowFactory.create(1, "a"), RowFactory.create(2, "b")), whole)
                .coalesce(1)
                .write()
                .parquet(path + "/1");
        table(List.of(RowFactory.create("a", 3.5)), real).write().parquet(path + "/2");
        Scan scan = scan("format=parquet,label=label,path=" + path);
        assertThat(packed(scan, new Preparation.Wanted(false, false, false, null)))
                .containsExactly("1.0 0", "2.0 1", "3.5 0");
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"parquet", "orc"})
    void what_is_no_such_file_is_named(String format) throws IOException {
        Path text = folder.resolve("text-as-" + format);
        Files.writeString(text, "a,b\n1,2\n");
        assertThatThrownBy(() -> scan("format=" + format + ",label=b,path=" + text))
                .isInstanceOf(InputException.class)
                .hasMessageContaining(text.toString())
                .hasMessageContaining("check format");
        try (var files = Files.list(folder.resolve(format))) {
            Path part = files.filter(file -> file.getFileName().toString().startsWith("part-"))
                    .findFirst()
                    .orElseThrow();
            byte[] bytes = Files.readAllBytes(part);
            Path cut = folder.resolve("cut." + format);
            Files.write(cut, Arrays.copyOf(bytes, bytes.length / 2));
            assertThatThrownBy(() -> scan("format=" + format + ",label=label,path=" + cut))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining(cut.toString())
                    .hasMessageContaining("cut short or damaged");
            assertThatThrownBy(() -> scan("format=csv,label=label,path=" + part))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("set format = " + format);
        }
    }

    @Test
    void libsvm_learns_its_width_and_reads_what_spark_wrote() throws IOException {
        List<Row> rows = List.of(
                RowFactory.create(1.0, Vectors.sparse(9, new int[] {0, 8}, new double[] {0.5, -2})),
                RowFactory.create(0.0, Vectors.sparse(9, new int[] {}, new double[] {})));
        StructType schema =
                new StructType().add("label", DataTypes.DoubleType).add("features", SQLDataTypes.VectorType());
        String path = path("sparse.libsvm");
        table(rows, schema).coalesce(1).write().format("libsvm").save(path);
        Scan scan = scan("format=libsvm,path=" + path);
        assertThat(scan.features()).hasSize(9);
        assertThat(packed(scan, new Preparation.Wanted(false, false, false, null)))
                .containsExactly("0.5 0.0 0.0 0.0 0.0 0.0 0.0 0.0 -2.0 1", "0.0 0.0 0.0 0.0 0.0 0.0 0.0 0.0 0.0 0");
        assertThat(scan("format=libsvm,features=20,path=" + path).features()).hasSize(20);
        assertThatThrownBy(() -> scan("format=libsvm,features=4,path=" + path))
                .hasMessageContaining("line 1, \"9:-2.0\": the index is above the number of features, 4");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "1 2:1 1:3|the index does not rise",
                "1 0:1|an index from 1",
                "1 1:x|a finite number",
                "1 qid:3 1:2|rankings",
                "1:2 3:4|expected a label",
            })
    void a_bad_line_of_libsvm_is_named(String line, String problem) throws IOException {
        Path file = folder.resolve("bad.svm");
        Files.writeString(file, "1 1:1\n\n# a remark\n" + line + "\n0 2:1\n");
        assertThatThrownBy(() -> scan("format=libsvm,path=" + file))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("bad.svm, line 4")
                .hasMessageContaining(problem);
    }

    @Test
    void what_is_kept_beside_a_prediction_has_one_type_in_all_files() {
        StructType first = new StructType()
                .add("x", DataTypes.IntegerType)
                .add("list", DataTypes.createArrayType(DataTypes.IntegerType))
                .add("when", DataTypes.TimestampType);
        StructType second = new StructType()
                .add("x", DataTypes.DoubleType)
                .add("list", DataTypes.createArrayType(DataTypes.DoubleType))
                .add("when", DataTypes.TimestampType);
        String path = path("kept");
        table(List.of(RowFactory.create(1, List.of(1, 2), new Timestamp(0))), first)
                .write()
                .parquet(path + "/1");
        table(List.of(RowFactory.create(2.5, List.of(0.5), new Timestamp(0))), second)
                .write()
                .parquet(path + "/2");
        PreparedRows.Treatment treatment =
                new PreparedRows.Treatment(Encoding.plain(List.of(Column.number("x"))), 1.0, Preparation.NONE);
        PreparedRows rows = PreparedRows.of(
                SharedSpark.context(),
                Sources.read(
                        Settings.of(Settings.inline("format=parquet,features=[x],path=" + path, "--data")),
                        new Sources.Use(false, Missing.FAIL)),
                treatment,
                Scan.Rules.strict(false));
        String out = path("kept-out.parquet");
        TableWriter.write(session, rows.rows().map(row -> RowFactory.create(row.cells())), rows.schema(), out, false);
        List<Row> written = session.read().parquet(out).collectAsList();
        assertThat(written.get(0).getDouble(0)).isEqualTo(1.0);
        assertThat(written.get(0).getList(1)).isEqualTo(List.of(1.0, 2.0));
        assertThat(written.get(1).getList(1)).isEqualTo(List.of(0.5));
        table(
                        List.of(RowFactory.create(1, List.of(1), "yesterday")),
                        new StructType()
                                .add("x", DataTypes.IntegerType)
                                .add("list", DataTypes.createArrayType(DataTypes.IntegerType))
                                .add("when", DataTypes.StringType))
                .write()
                .parquet(path + "/3");
        assertThatThrownBy(() -> PreparedRows.of(
                        SharedSpark.context(),
                        Sources.read(
                                Settings.of(Settings.inline("format=parquet,features=[x],path=" + path, "--data")),
                                new Sources.Use(false, Missing.FAIL)),
                        treatment,
                        Scan.Rules.strict(false)))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("column \"when\" is string")
                .hasMessageContaining("give files of one kind");
    }

    @Test
    void a_column_of_vectors_that_begins_with_none_is_refused() throws IOException {
        StructType schema = new StructType()
                .add("list", DataTypes.createArrayType(DataTypes.DoubleType))
                .add("label", DataTypes.IntegerType);
        table(List.of(RowFactory.create(null, 0), RowFactory.create(null, 1)), schema)
                .write()
                .parquet(path("no-lists.parquet"));
        Path json = folder.resolve("no-lists.json");
        Files.writeString(json, "{\"list\": [], \"label\": 0}\n{\"list\": [], \"label\": 1}\n");
        for (String keys : List.of("format=parquet,path=" + path("no-lists.parquet"), "format=json,path=" + json)) {
            assertThatThrownBy(() -> scan(keys + ",label=label"))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("column \"list\" holds no numbers in its first rows");
        }
    }

    /** More rows than are looked at first, in which a list is null or its key is not there. */
    @Test
    void a_list_that_comes_late_has_its_width() throws IOException {
        StructType schema = new StructType()
                .add("list", DataTypes.createArrayType(DataTypes.DoubleType))
                .add("label", DataTypes.IntegerType);
        List<Row> rows = IntStream.range(0, 1300)
                .mapToObj(i -> RowFactory.create(i < 1200 ? null : List.of(1.0, 2.0, (double) i), i % 2))
                .toList();
        table(rows, schema).coalesce(1).write().parquet(path("late.parquet"));
        StringBuilder nulls = new StringBuilder();
        StringBuilder absent = new StringBuilder();
        for (Row row : rows) {
            String label = "\"label\": " + row.getInt(1) + "}\n";
            String list = String.valueOf(row.get(0));
            nulls.append("{\"list\": ").append(list).append(", ").append(label);
            absent.append(row.isNullAt(0) ? "{" : "{\"list\": " + list + ", ").append(label);
        }
        Path json = folder.resolve("late-nulls.json");
        Files.writeString(json, nulls);
        Path other = folder.resolve("late-keys.json");
        Files.writeString(other, absent);
        for (String keys : List.of(
                "format=parquet,path=" + path("late.parquet"),
                "format=json,path=" + json,
                "format=json,path=" + other)) {
            Scan scan = scan(keys + ",label=label,features=list,missing=skip", 5000);
            assertThat(scan.features()).as(keys).containsExactly("list[0]", "list[1]", "list[2]");
            assertThat(scan.rows()).as(keys).isEqualTo(100);
        }
    }

    @Test
    void a_key_that_comes_late_is_kept_beside_a_prediction() throws IOException {
        Path json = folder.resolve("late-kept.json");
        Files.writeString(json, "{\"x\": 1}\n".repeat(1500) + "{\"x\": 2, \"name\": \"last\"}\n");
        PreparedRows rows = PreparedRows.of(
                SharedSpark.context(),
                Sources.read(
                        Settings.of(Settings.inline("format=json,features=[x],path=" + json, "--data")),
                        new Sources.Use(false, Missing.FAIL)),
                new PreparedRows.Treatment(Encoding.plain(List.of(Column.number("x"))), 1.0, Preparation.NONE),
                Scan.Rules.strict(false),
                new Source.Cut(4000, 1000));
        assertThat(rows.schema().fieldNames()).containsExactly("x", "name");
        List<String> last = rows.rows().map(row -> (String) row.cells()[1]).collect();
        assertThat(last).hasSize(1501).endsWith("last");
    }

    @Test
    void a_key_that_json_s_first_rows_lack_is_not_left_out_without_a_word() throws IOException {
        Path json = folder.resolve("late.json");
        StringBuilder rows = new StringBuilder();
        for (int i = 0; i < 1000; i++) {
            rows.append("{\"x\": ")
                    .append(i)
                    .append(", \"label\": ")
                    .append(i % 2)
                    .append("}\n");
        }
        Files.writeString(json, rows + "{\"x\": 1, \"late\": 2, \"label\": 1}\n");
        assertThatThrownBy(() -> scan("format=json,label=label,path=" + json))
                .isInstanceOf(InputException.class)
                .hasMessageContaining(
                        "late.json, line 1001, the key \"late\" is not among those of the first 1000 rows")
                .hasMessageContaining("list the columns under features");
        assertThat(scan("format=json,label=label,features=[x],path=" + json).rows())
                .isEqualTo(1001);
    }

    /** The layers are ones for which OpenBLAS gives other bits to few rows, and to a row at another place of a block. */
    @Test
    void a_prediction_does_not_depend_on_how_rows_are_cut() {
        Network network = new Network(
                List.of(
                        new Layer(2, WIDE, Activation.TANH, true),
                        new Layer(WIDE, WIDE, Activation.TANH, true),
                        new Layer(WIDE, 1, Activation.IDENTITY, true)),
                new NumberLoss(NumberLoss.Kind.SQUARED_ERROR, 1),
                0);
        Vector weights = new Initialization(Initialization.Scheme.GLOROT, 1).draw(network, 3);
        Predictions.Trained trained = new Predictions.Trained(network, weights, Precision.FLOAT32);
        PreparedRows.Treatment treatment = new PreparedRows.Treatment(
                Encoding.plain(List.of(Column.number("whole"), Column.number("x"))),
                0.001,
                new Preparation(new double[] {0, 2}, null, null, null));
        Set<List<Row>> all = new java.util.HashSet<>();
        for (long bytes : new long[] {150, 5000, 1 << 20}) {
            PreparedRows rows = PreparedRows.of(
                    SharedSpark.context(),
                    Sources.read(
                            Settings.of(Settings.inline(
                                    "format=csv,features=[whole,x],missing=mean,path=" + path("csv"), "--data")),
                            new Sources.Use(false, Missing.FAIL)),
                    treatment,
                    Scan.Rules.strict(false),
                    new Source.Cut(bytes, 1000));
            all.add(Predictions.of(
                            SharedSpark.context(),
                            rows.rows(),
                            trained,
                            outputs -> Arrays.stream(outputs).boxed().toArray())
                    .collect());
        }
        assertThat(all).hasSize(1);
        List<Row> rows = all.iterator().next();
        assertThat(rows).hasSize(ROWS);
        for (int i : new int[] {0, 3, 700, ROWS - 1}) {
            double[] x = {0.001 * i * i, i % 7 == 3 ? 2 : 0.001 * (i / 3.0)};
            double byHand = layer(weights, 3 * WIDE + WIDE * WIDE + WIDE, 1, hidden(weights, x))[0];
            assertThat(rows.get(i).getDouble(rows.get(i).size() - 1))
                    .isCloseTo(byHand, org.assertj.core.api.Assertions.within(1e-4));
        }
    }

    private static final int WIDE = 301;

    /** The second layer's outputs by hand, in double precision. */
    private static double[] hidden(Vector weights, double[] x) {
        double[] y = Arrays.stream(layer(weights, 0, WIDE, x)).map(Math::tanh).toArray();
        return Arrays.stream(layer(weights, 3 * WIDE, WIDE, y)).map(Math::tanh).toArray();
    }

    /** A layer whose weights, [outputs, inputs], and biases begin at a place of the parameters. */
    private static double[] layer(Vector weights, int from, int outputs, double[] x) {
        double[] z = new double[outputs];
        for (int j = 0; j < outputs; j++) {
            z[j] = weights.get(from + outputs * x.length + j);
            for (int k = 0; k < x.length; k++) {
                z[j] += weights.get(from + j * x.length + k) * x[k];
            }
        }
        return z;
    }
}
