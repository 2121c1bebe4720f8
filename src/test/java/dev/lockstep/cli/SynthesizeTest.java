package dev.lockstep.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.Settings;
import dev.lockstep.SharedSpark;
import dev.lockstep.data.RowReader;
import dev.lockstep.data.Slice;
import dev.lockstep.data.Source;
import dev.lockstep.data.Sources;
import dev.lockstep.data.SyntheticTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Files of a generator hold the rows that the generator gives as a source: the same doubles in the same order. */
class SynthesizeTest {
    @TempDir
    Path folder;

    static List<String> generators() {
        return SyntheticTable.generators();
    }

    /** Generators for the formats whose writers, like CSV's, see doubles alone: all kinds of rows are among them. */
    private static final List<String> SOME = List.of(
            "spirals",
            "blobs",
            "quadratic",
            "teacher",
            "separable",
            "xor",
            "rosenbrock-regression",
            "sparse",
            "autoencoder");

    static List<String> someGenerators() {
        return SOME;
    }

    /** Those whose rows have one label: all that LIBSVM can hold. */
    static List<String> generatorsOfOneLabel() {
        return SOME.stream().filter(name -> !name.equals("autoencoder")).toList();
    }

    private CommandLineRun synthesize(String generator, String output, String... more) {
        List<String> arguments = new ArrayList<>(List.of("synthesize", "--quiet", "--generator", generator));
        arguments.addAll(List.of(more));
        arguments.addAll(List.of("--output", folder.resolve(output).toString()));
        return CommandLineRun.of(arguments.toArray(new String[0]));
    }

    /** Rows of a source: features, then the label or the targets. */
    private static List<List<Double>> rows(String source) throws IOException {
        Source read = Sources.read(Settings.of(Settings.inline(source, "--data")));
        Configuration hadoop = new Configuration();
        List<List<Double>> rows = new ArrayList<>();
        Source.Listing listing = read.list(hadoop, new Source.Cut(1L << 30, 1));
        for (Slice slice : listing.slices()) {
            try (RowReader reader = read.open(slice, hadoop, false)) {
                while (reader.next()) {
                    assertThat(reader.problem()).isNull();
                    DoubleStream targets =
                            IntStream.range(0, listing.targets().size()).mapToDouble(reader::target);
                    rows.add(DoubleStream.concat(Arrays.stream(reader.features()), targets)
                            .boxed()
                            .toList());
                }
            }
        }
        return rows;
    }

    private static String size(String generator) {
        return switch (generator) {
            case "quadratic" -> "rows=40";
            case "autoencoder" -> "eigenvalues=" + numbers(18, "");
            case "points" -> "features=[" + numbers(37, "1,") + "],labels=" + numbers(37, "");
            case "sparse" -> "rows=37,features=30,density=0.1";
            default -> "rows=37";
        };
    }

    /** A list of numbers, or of lists that begin with the same. */
    private static String numbers(int count, String each) {
        return IntStream.range(0, count)
                .mapToObj(i -> each.isEmpty() ? Integer.toString(i) : "[" + each + i + "]")
                .collect(Collectors.joining(",", each.isEmpty() ? "[" : "", each.isEmpty() ? "]" : ""));
    }

    private static List<Path> parts(Path table) throws IOException {
        try (Stream<Path> files = Files.list(table)) {
            return files.filter(file -> file.getFileName().toString().startsWith("part-"))
                    .sorted()
                    .toList();
        }
    }

    /** The source in the line that a command printed for the user. */
    private static String printedSource(CommandLineRun run) {
        return run.out().replaceAll("(?s).*--data '([^']*)'.*", "$1");
    }

    @ParameterizedTest
    @MethodSource("generators")
    void csv_holds_the_rows_of_the_generator_bit_for_bit(String generator) throws IOException {
        String size = size(generator);
        CommandLineRun run = synthesize(generator, "rows.csv", size, "--rows-per-file", "10");
        assertThat(run.complaints()).isEmpty();
        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).contains("rows, ").contains("4 files");
        assertThat(rows(printedSource(run))).isEqualTo(rows("format=synthetic,generator=" + generator + "," + size));
        assertThat(parts(folder.resolve("rows.csv"))).hasSize(4);
    }

    @ParameterizedTest
    @MethodSource("someGenerators")
    void parquet_holds_the_rows_of_the_generator_bit_for_bit(String generator) throws IOException {
        String size = size(generator);
        CommandLineRun run = synthesize(generator, "rows.parquet", size, "--rows-per-file", "20");
        assertThat(run.exitCode()).isZero();
        List<List<Double>> rows = new ArrayList<>();
        for (Path part : parts(folder.resolve("rows.parquet"))) {
            for (Row row : spark().read().parquet(part.toString()).collectAsList()) {
                rows.add(IntStream.range(0, row.size())
                        .mapToObj(i -> ((Number) row.get(i)).doubleValue())
                        .toList());
            }
        }
        assertThat(rows).isEqualTo(rows("format=synthetic,generator=" + generator + "," + size));
    }

    @ParameterizedTest
    @MethodSource("generatorsOfOneLabel")
    void libsvm_holds_the_rows_of_the_generator_bit_for_bit(String generator) throws IOException {
        String size = size(generator);
        CommandLineRun run = synthesize(generator, "rows.svm", size, "--rows-per-file", "10");
        assertThat(run.exitCode()).isZero();
        List<List<Double>> expected = rows("format=synthetic,generator=" + generator + "," + size);
        List<List<Double>> rows = new ArrayList<>();
        for (Path part : parts(folder.resolve("rows.svm"))) {
            for (String line : Files.readAllLines(part)) {
                rows.add(dense(line, expected.get(0).size() - 1));
            }
        }
        // A zero that is left out has lost its sign.
        List<List<Double>> unsigned = expected.stream()
                .map(row -> row.stream().map(value -> value + 0.0).toList())
                .toList();
        assertThat(rows).isEqualTo(unsigned);
        assertThat(run.out())
                .contains("format=libsvm")
                .contains("features=" + (expected.get(0).size() - 1));
        long read = spark().read()
                .format("libsvm")
                .option("numFeatures", Math.max(2, expected.get(0).size() - 1))
                .load(folder.resolve("rows.svm").toString())
                .count();
        assertThat(read).isEqualTo(expected.size());
    }

    private static List<Double> dense(String line, int features) {
        String[] fields = line.split(" ", -1);
        double[] row = new double[features + 1];
        row[features] = Double.parseDouble(fields[0]);
        int last = 0;
        for (int i = 1; i < fields.length; i++) {
            int colon = fields[i].indexOf(':');
            int index = Integer.parseInt(fields[i].substring(0, colon));
            assertThat(index).isGreaterThan(last);
            last = index;
            row[index - 1] = Double.parseDouble(fields[i].substring(colon + 1));
            assertThat(row[index - 1]).isNotZero();
        }
        return Arrays.stream(row).boxed().toList();
    }

    private static SparkSession spark() {
        return SparkSession.builder().sparkContext(SharedSpark.context().sc()).getOrCreate();
    }

    @Test
    void keys_may_be_given_in_three_ways_and_set_wins() throws IOException {
        CommandLineRun run = synthesize("teacher", "a b.csv", "rows=9,features=3", "hidden=[4,2]", "--set", "rows=7");
        assertThat(run.exitCode()).isZero();
        assertThat(run.out())
                .contains("7 rows, 3 features")
                .contains("1 file\n")
                .contains("a b.csv\"");
        assertThat(rows(printedSource(run)))
                .isEqualTo(rows("format=synthetic,generator=teacher,rows=7,features=3,hidden=[4,2]"));
    }

    @Test
    void classes_that_are_to_be_learnt_as_numbers_are_written_as_numbers() throws IOException {
        CommandLineRun run = synthesize("xor", "x.csv", "rows=4,noise=0,label-values=[0.1,0.9],copies=2");
        assertThat(run.out()).contains("labels are numbers").contains("label=[y0,y1]");
        assertThat(rows(printedSource(run)))
                .isEqualTo(rows("format=synthetic,generator=xor,rows=4,noise=0,label-values=[0.1,0.9],copies=2"))
                .allSatisfy(row -> assertThat(row.get(2)).isIn(0.1, 0.9).isEqualTo(row.get(3)));
    }

    @Test
    void an_existing_data_set_is_replaced_only_on_demand() throws IOException {
        assertThat(synthesize("xor", "x.csv", "rows=8").exitCode()).isZero();
        byte[] before = Files.readAllBytes(parts(folder.resolve("x.csv")).get(0));
        synthesize("xor", "x.csv", "rows=4").assertRefused("x.csv: exists", "--overwrite");
        assertThat(parts(folder.resolve("x.csv")).get(0)).hasBinaryContent(before);
        assertThat(synthesize("xor", "x.csv", "rows=4", "--overwrite").exitCode())
                .isZero();
        assertThat(Files.readAllLines(parts(folder.resolve("x.csv")).get(0))).hasSize(5);
        Files.writeString(folder.resolve("x.csv/thesis.txt"), "years of work");
        synthesize("xor", "x.csv", "rows=4", "--overwrite").assertRefused("holds thesis.txt", "leaves it alone");
        assertThat(parts(folder.resolve("x.csv"))).hasSize(1);
    }

    @ParameterizedTest(name = "{0} {1} {2}")
    @CsvSource(
            delimiter = '|',
            value = {
                "spirls|rows=5|t.csv|generator = spirls|did you mean spirals?",
                "teacher|rws=5|t.csv|--generator teacher: unknown key rws|did you mean rows?",
                "teacher|rows=0|t.csv|--generator teacher: rows = 0|from 1",
                "spirals|rows=0|t.csv|rows = 0|at least 2",
                "teacher|rows|t.csv|rows|expected key.path=value",
                "teacher|rows=5|t.json|t.json|.csv, .parquet, .libsvm, .svm",
                "teacher|rows=5|t.csv.gz|t.csv.gz|.csv, .parquet, .libsvm, .svm",
                "sparse|features=20000|t.csv|20000 features|.libsvm",
                "noise|targets=20000|t.csv|20000 targets|at most 10000",
                "noise|targets=2|t.svm|2 targets|.csv or .parquet",
                "teacher|--rows-per-file=0|t.csv|--rows-per-file 0|at least 1",
                "teacher|--rows-per-file=many|t.csv|--rows-per-file|many",
                "teacher|--set=rows|t.csv|--set rows|expected key.path=value",
                "xor|rows=1000000|t.csv --rows-per-file=9|--rows-per-file 9|at least 10 for 1000000 rows",
            })
    void a_mistake_is_one_line_and_writes_nothing(
            String generator, String key, String output, String what, String remedy) {
        String[] words = output.split(" ", -1);
        String[] more = words.length == 1 ? new String[] {key} : new String[] {key, words[1]};
        synthesize(generator, words[0], more).assertRefused(what, remedy);
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void without_generator_or_output_the_help_is_named() {
        CommandLineRun.of("synthesize", "--output", "x.csv").assertRefused("--generator", "synthesize --help");
        CommandLineRun.of("synthesize", "--generator", "xor").assertRefused("--output", "synthesize --help");
    }

    @Test
    void the_help_names_every_generator() {
        CommandLineRun help = CommandLineRun.of("synthesize", "--help");
        assertThat(help.exitCode()).isZero();
        assertThat(help.out()).contains(generators());
    }
}
