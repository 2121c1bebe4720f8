package dev.lockstep.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.InputException;
import dev.lockstep.Settings;
import dev.lockstep.SharedSpark;
import dev.lockstep.linalg.Mixing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What is written is read back as it was, in the order of the partitions; nothing that is no table is ever replaced.
 */
class TableWriterTest {
    private static final StructType SCHEMA = new StructType()
            .add("number", DataTypes.DoubleType)
            .add("single", DataTypes.FloatType)
            .add("count", DataTypes.LongType)
            .add("a \"name\", quoted", DataTypes.StringType);

    private static final List<String> TEXTS = List.of(
            "plain",
            "with, comma",
            "say \"yes\"",
            "\"quoted\"",
            "\"",
            "back\\slash",
            "ends in \\",
            "\\\"",
            "# no comment",
            "a b",
            "tab\tinside",
            "äöü €",
            "1.50");

    @TempDir
    Path folder;

    private static SparkSession spark() {
        return TableWriter.session(SharedSpark.context());
    }

    private String path(String name) {
        return folder.resolve(name).toString();
    }

    private static List<Row> rows(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> {
                    double number = Mixing.normal(i) * Math.pow(10, i % 40 - 20);
                    return RowFactory.create(number, (float) number, (long) i, TEXTS.get(i % TEXTS.size()));
                })
                .toList();
    }

    private static void write(String path, List<Row> rows, int partitions, boolean overwrite) {
        TableWriter.write(spark(), SharedSpark.context().parallelize(rows, partitions), SCHEMA, path, overwrite);
    }

    /** Names of all files of a table, hidden ones too. */
    private static List<String> names(Path table) throws IOException {
        try (Stream<Path> files = Files.list(table)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"t.csv", "t.parquet"})
    void spark_reads_back_what_was_written_in_its_order(String name) throws IOException {
        List<Row> rows = rows(60);
        write(path(name), rows, 4, false);
        List<String> parts = names(folder.resolve(name)).stream()
                .filter(p -> p.startsWith("part-"))
                .toList();
        assertThat(parts).hasSize(4);
        List<Row> read = new ArrayList<>();
        for (String part : parts) {
            read.addAll(spark().read()
                    .schema(SCHEMA)
                    .option("header", true)
                    .option("escape", "\"")
                    .format(name.substring(2))
                    .load(path(name + "/" + part))
                    .collectAsList());
        }
        assertThat(read).isEqualTo(rows);
        assertThat(names(folder.resolve(name))).contains("_SUCCESS");
    }

    @Test
    void our_own_reader_reads_back_the_same_texts_and_numbers() throws IOException {
        List<Row> rows = rows(60);
        write(path("t.csv"), rows, 3, false);
        Source source = Sources.read(Settings.of(
                Settings.inline("format=csv,features=[number,single,count],label=-1,path=" + path("t.csv"), "--data")));
        List<Row> read = new ArrayList<>();
        Configuration hadoop = new Configuration();
        for (Slice slice : source.list(hadoop, new Source.Cut(1 << 20, 1)).slices()) {
            try (RowReader reader = source.open(slice, hadoop, true)) {
                while (reader.next()) {
                    assertThat(reader.problem()).isNull();
                    double[] x = reader.features();
                    read.add(RowFactory.create(x[0], (float) x[1], (long) x[2], reader.label()));
                }
            }
        }
        assertThat(read).isEqualTo(rows);
    }

    @Test
    void missing_values_are_empty_and_so_is_a_table_without_rows() throws IOException {
        write(path("none.csv"), List.of(RowFactory.create(null, null, null, null)), 1, false);
        write(path("empty.csv"), List.of(), 2, false);
        assertThat(text("none.csv")).isEqualTo("number,single,count,\"a \"\"name\"\", quoted\"\n,,,\n");
        assertThat(text("empty.csv")).isEqualTo("number,single,count,\"a \"\"name\"\", quoted\"\n");
    }

    private String text(String table) throws IOException {
        StringBuilder text = new StringBuilder();
        for (String name : names(folder.resolve(table))) {
            text.append(
                    name.startsWith("part-")
                            ? Files.readString(folder.resolve(table).resolve(name))
                            : "");
        }
        return text.toString();
    }

    /** Our own reader takes outer blanks off. */
    @Test
    void spark_reads_back_outer_blanks() {
        List<Row> rows = Stream.of(" before", "after ", " ", "\tx\t")
                .map(text -> RowFactory.create(1.0, 1f, 1L, text))
                .toList();
        write(path("t.csv"), rows, 1, false);
        assertThat(spark().read()
                        .schema(SCHEMA)
                        .option("header", true)
                        .csv(path("t.csv"))
                        .collectAsList())
                .isEqualTo(rows);
    }

    @ParameterizedTest
    @ValueSource(strings = {"two\nlines", "two\rlines", "ends\n"})
    void a_line_break_is_refused_in_csv_and_kept_in_parquet(String text) {
        List<Row> rows = new ArrayList<>(rows(20));
        rows.add(RowFactory.create(1.0, 1f, 1L, text));
        assertThatThrownBy(() -> write(path("t.csv"), rows, 1, false))
                .hasStackTraceContaining("InputException")
                .hasStackTraceContaining("quoted holds a line break")
                .hasStackTraceContaining("write .parquet");
        assertThat(folder.resolve("t.csv")).doesNotExist();
        write(path("t.parquet"), rows, 2, false);
        assertThat(spark().read().parquet(path("t.parquet")).collectAsList().stream()
                        .map(row -> row.getString(3)))
                .contains(text);
    }

    @Test
    void the_session_is_that_of_the_running_application() {
        assertThat(spark().sparkContext()).isSameAs(SharedSpark.context().sc());
        assertThat(spark().sparkContext().uiWebUrl().isEmpty()).isTrue();
        assertThat(Path.of("spark-warehouse")).doesNotExist();
    }

    @Test
    void a_limit_of_the_session_cuts_no_files() throws IOException {
        spark().conf().set("spark.sql.files.maxRecordsPerFile", "7");
        try {
            write(path("t.csv"), rows(50), 2, false);
        } finally {
            spark().conf().unset("spark.sql.files.maxRecordsPerFile");
        }
        assertThat(TableWriter.parts(path("t.csv"), new Configuration())).isEqualTo(2);
    }

    @Test
    void an_overwritten_table_holds_the_new_rows_only() throws IOException {
        write(path("t.csv"), rows(50), 3, false);
        TableWriter.check(path("t.csv"), true, new Configuration());
        write(path("t.csv"), rows(5), 1, true);
        assertThat(text("t.csv").lines()).hasSize(6);
        assertThat(TableWriter.parts(path("t.csv"), new Configuration())).isEqualTo(1);
    }

    private void assertRefused(String path, boolean overwrite, String part) {
        assertThatThrownBy(() -> TableWriter.check(path, overwrite, new Configuration()))
                .isInstanceOf(InputException.class)
                .hasMessageContaining(part)
                .hasMessageNotContaining("\n");
    }

    @Test
    void a_path_that_cannot_be_written_is_refused_and_nothing_is_changed() throws IOException {
        assertRefused(path("t.txt"), false, "expected .csv, .parquet");
        assertRefused(path("t.libsvm"), false, "expected .csv, .parquet");
        assertRefused("", false, "no path");
        assertRefused("nowhere://host/t.csv", false, "nowhere");
        TableWriter.checkWithLibsvm(path("t.libsvm"), false, new Configuration());
        TableWriter.check(path("new/newer/t.CSV"), false, new Configuration());
        assertThat(folder.resolve("new")).doesNotExist();

        Files.writeString(folder.resolve("file.csv"), "x\n1\n");
        assertRefused(path("file.csv"), true, "is a file");
        assertRefused(path("file.csv/t.csv"), true, "file.csv is a file");

        Path table = Files.createDirectory(folder.resolve("old.csv"));
        Files.writeString(table.resolve("part-00000-1.csv"), "x\n1\n");
        Files.writeString(table.resolve(".part-00000-1.csv.crc"), "");
        Files.writeString(table.resolve("_SUCCESS"), "");
        assertRefused(path("old.csv"), false, "--overwrite to replace it");
        TableWriter.check(path("old.csv"), true, new Configuration());
        Files.writeString(table.resolve("thesis.txt"), "years of work");
        assertRefused(path("old.csv"), true, "holds thesis.txt");
        Files.delete(table.resolve("thesis.txt"));
        Files.createDirectory(table.resolve("part-00001"));
        assertRefused(path("old.csv"), true, "holds part-00001");
        assertThat(names(table)).hasSize(4);
    }
}
