package dev.lockstep.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.InputException;
import dev.lockstep.Settings;
import dev.lockstep.SharedSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
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
import org.junit.jupiter.params.provider.ValueSource;

/** What folders' names say of the rows below them is what Spark reads in them, and changes nothing else. */
class FolderTableTest {
    private static final Configuration HADOOP = new Configuration();
    private static final List<String> CITIES = new ArrayList<>(List.of("Köln", "a/b=c d%20", "São Paulo:1"));
    private static final StructType SCHEMA = new StructType()
            .add("x", DataTypes.LongType)
            .add("year", DataTypes.StringType)
            .add("city", DataTypes.StringType)
            .add("share", DataTypes.StringType)
            .add("day", DataTypes.StringType);

    @TempDir
    static Path folder;

    private static SparkSession session;

    @BeforeAll
    static void write() {
        session = TableWriter.session(SharedSpark.context());
        CITIES.add(null);
        List<Row> rows = IntStream.range(0, 48)
                .mapToObj(i -> RowFactory.create(
                        (long) i,
                        i % 2 == 0 ? "2023" : "0024",
                        CITIES.get(i / 2 % 4),
                        i % 3 == 0 ? "0.5" : "2",
                        i % 2 == 0 ? "2024-01-05" : "2024-02-29"))
                .toList();
        for (String format : List.of("parquet", "orc", "json", "csv")) {
            session.createDataFrame(rows, SCHEMA)
                    .coalesce(1)
                    .write()
                    .option("header", true)
                    .partitionBy("year", "city", "share", "day")
                    .format(format)
                    .save(folder.resolve(format).toString());
        }
    }

    private static Source source(String keys, boolean labelled) {
        return Sources.read(Settings.of(Settings.inline(keys, "--data")), new Sources.Use(labelled, Missing.FAIL));
    }

    /** The cells of all rows, in order. */
    private static List<String> cells(String keys) throws IOException {
        List<String> rows = new ArrayList<>();
        Source source = source(keys + ",missing=mean", false);
        for (Slice slice : source.list(HADOOP, new Source.Cut(1 << 20, 1)).slices()) {
            try (RowReader reader = source.open(slice, HADOOP, false)) {
                while (reader.next()) {
                    rows.add(List.of(reader.cells()).toString());
                }
            }
        }
        return rows;
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"parquet", "orc", "json", "csv"})
    void folders_say_what_spark_reads_in_them(String format) throws IOException {
        String keys = "format=" + format + ",path=" + folder.resolve(format);
        List<String> bySpark = new ArrayList<>();
        for (Row row : session.read()
                .option("header", true)
                .format(format)
                .load(folder.resolve(format).toString())
                .select("x", "year", "share", "day")
                .collectAsList()) {
            bySpark.add(List.of(row.get(0), row.get(1), row.get(2), row.get(3)).toString());
        }
        assertThat(bySpark).hasSize(48);
        List<String> ours = cells(keys + ",features=[x,year,share,day],categorical=day");
        assertThat(ours).containsExactlyInAnyOrderElementsOf(bySpark);
        // Named or not, the rows are the same ones in the same order.
        assertThat(cells(keys + ",features=[x]"))
                .containsExactlyElementsOf(ours.stream()
                        .map(row -> row.substring(0, row.indexOf(',')) + "]")
                        .toList());
    }

    @Test
    void names_are_unescaped_and_the_default_folder_is_a_missing_value() throws IOException {
        String keys = "format=parquet,categorical=city,features=[x,city],missing=skip,label=year,path="
                + folder.resolve("parquet");
        Scan scan = Scan.of(SharedSpark.context(), source(keys, true), Scan.Rules.strict(true), null);
        assertThat(scan.features()).containsExactly("x", "city=Köln", "city=São Paulo:1", "city=a/b=c d%20");
        assertThat(scan.leftOut()).isEqualTo(12);
        assertThat(scan.classes().names()).containsExactly("24", "2023");
        List<String> spark =
                session
                        .read()
                        .parquet(folder.resolve("parquet").toString())
                        .select("city")
                        .distinct()
                        .collectAsList()
                        .stream()
                        .map(row -> row.getString(0))
                        .toList();
        assertThat(spark).containsExactlyInAnyOrderElementsOf(CITIES);
    }

    @Test
    void a_column_that_nobody_names_is_none_and_numbers_count_the_files_own() throws IOException {
        Path own = Files.createDirectories(folder.resolve("numbered/year=1/month=2"));
        Files.writeString(own.resolve("a.csv"), "x,y,l\n1,2,p\n");
        Source source = source("format=csv,label=-1,categorical=year,path=" + folder.resolve("numbered"), true);
        Source.Listing listing = source.list(HADOOP, new Source.Cut(1 << 20, 1));
        assertThat(listing.targets()).containsExactly("l");
        assertThat(listing.features()).containsExactly(Column.number("x"), Column.number("y"), Column.category("year"));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "features=[x,city],label=year|column \"city\" is text; list it under categorical",
                "features=[x,day],label=year|column \"day\" is a date, which is no number",
                "features=[x,month],label=year|there is no column month",
            })
    void a_mistake_is_named(String keys, String problem) {
        Source source = source("format=parquet," + keys + ",path=" + folder.resolve("parquet"), true);
        assertThatThrownBy(() -> source.list(HADOOP, new Source.Cut(1 << 20, 1)))
                .isInstanceOf(InputException.class)
                .hasMessageContaining(problem);
    }

    @Test
    void a_file_outside_of_such_folders_is_named() throws IOException {
        Path mixed = Files.createDirectories(folder.resolve("mixed/year=1"));
        Files.writeString(mixed.resolve("a.csv"), "x,l\n1,p\n");
        Files.writeString(folder.resolve("mixed/b.csv"), "x,l\n1,p\n");
        Source source = source("format=csv,label=l,features=[x,year],path=" + folder.resolve("mixed"), true);
        assertThatThrownBy(() -> source.list(HADOOP, new Source.Cut(1 << 20, 1)))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("mixed/b.csv: no folder on its path says \"year\"");
    }
}
