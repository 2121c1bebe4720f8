package dev.lockstep.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.linalg.Vector;
import dev.lockstep.network.Activation;
import dev.lockstep.network.ClassLoss;
import dev.lockstep.network.Layer;
import dev.lockstep.network.Network;
import dev.lockstep.observe.Folder;
import dev.lockstep.observe.FolderLock;
import dev.lockstep.observe.Safetensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A mistake is answered in one line that says what, where and how to mend it; exit code 2; nothing is left behind. */
class MistakesTest {
    @TempDir
    Path folder;

    private String good;

    @BeforeEach
    void write() throws IOException {
        StringBuilder csv = new StringBuilder("x,y,label\n");
        for (int i = 0; i < 20; i++) {
            csv.append(i)
                    .append(',')
                    .append(i * i)
                    .append(',')
                    .append(i % 2 == 0 ? "even" : "odd")
                    .append('\n');
        }
        Files.writeString(folder.resolve("rows.csv"), csv);
        Files.writeString(folder.resolve("empty.csv"), "");
        Files.writeString(folder.resolve("text.csv"), "x,y,label\n1,2,even\n3,n.a.,odd\n5,6,odd\n");
        Files.writeString(folder.resolve("nan.csv"), "x,y,label\n1,2,even\n3,NaN,odd\n5,6,odd\n");
        Files.writeString(folder.resolve("word.csv"), "x,y,label\n1,2,even\n3,n/a,odd\n5,6,odd\n");
        Files.writeString(folder.resolve("huge.csv"), "x,y,label\n1,2,even\n3, 1e999,odd\n5,6,odd\n");
        Files.writeString(folder.resolve("hexadecimal.csv"), "x,y,label\n1,2,even\n3, 4,odd\n0x1p3,6,odd\n");
        Files.writeString(folder.resolve("unknown.csv"), "x,y,label\n1,2,even\n3,4,prime\n");
        Files.writeString(folder.resolve("one.csv"), "x,y,label\n1,2,even\n3,4,even\n");
        Files.writeString(folder.resolve("weights.csv"), "x,y,weight,label\n1,2,0,even\n3,4,0,odd\n");
        Files.writeString(folder.resolve("negative.csv"), "x,y,weight,label\n1,2,1,even\n3,4,-1,odd\n");
        good = """
                data { train { format = csv, path = "%s/rows.csv", label = label } }
                network { hidden = [3], activation = tanh, loss = cross-entropy }
                optimizer { name = momentum }
                learning-rate = 0.1
                stop { epochs = 2 }
                """.formatted(folder);
    }

    private void assertRefused(CommandLineRun run, String... parts) {
        run.assertRefused(parts);
        assertThat(folder.resolve("run")).doesNotExist();
    }

    @Test
    void without_a_mistake_it_trains() {
        CommandLineRun run = CommandLineRun.train(folder, good);
        assertThat(run.complaints()).isEmpty();
        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).contains("2-3-2").contains("accuracy");
        assertThat(folder.resolve("run/run.json")).exists();
    }

    @ParameterizedTest(name = "--set {0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "learning-rte=0.1|unknown key learning-rte|did you mean learning-rate?",
                "network.hiden=[3]|unknown key network.hiden|did you mean hidden?",
                "stop.epoch=3|unknown key stop.epoch|did you mean epochs?",
                "hidden=[3]|unknown key hidden|did you mean network.hidden?",
                "optimizer.momentun=0.5|unknown key optimizer.momentun|did you mean momentum?",
                "data.train.headr=true|unknown key data.train.headr|did you mean header?",
                "learning-rate=-1|learning-rate|positive",
                "learning-rate=1e999|learning-rate|finite",
                "learning-rate=fast|learning-rate|not a number",
                "batch=0|batch|full, or a number of rows",
                "batch=21|batch = 21|20 training rows",
                "shards=0|shards = 0|from 1",
                "shards=21|shards = 21|20 training rows",
                "optimizer.momentum=1|optimizer.momentum|[0, 1)",
                "optimizer.name=adm|optimizer.name|expected one of",
                "network.loss=hingee|network.loss|did you mean hinge?",
                "network.activation=relo|network.activation|expected of each one of",
                "network.dropout=1|network.dropout|[0, 1)",
                "stop.epochs=0|stop.epochs|at least 1",
                "data.train.label=lable|no column lable|its columns are x, y, label",
                "data.train.format=cvs|data.train.format|csv",
                "data.test={format=synthetic,generator=spirals,rows=9,missing=mean}|data.test.missing = mean: rows of synthetic|leave it out",
                "data={missing=skip,train={format=libsvm,path=a}}|data.missing = skip: rows of libsvm hold a number|leave it out",
                "data={unknown-category=ignore,train={format=idx,images=a,labels=b}}|data.unknown-category = ignore: rows of idx|leave it out",
                "data.validation.path=rows.csv|data.validation|a fraction of train, or a source of its own with a format",
                "data.validation.fraction=1.5|data.validation.fraction|(0, 1)",
                "network.loss=squared-error|column \"label\"|\"even\" is not a finite number",
                "blas=fast|blas|java, native",
            })
    void a_bad_key_or_value_is_named(String override, String what, String remedy) {
        assertRefused(CommandLineRun.train(folder, good, "--set", override), what, remedy);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "network.loss=hinge|network.loss = hinge: the optimizer perceptron learns from mistakes; expected perceptron",
                "network.hidden=[8]|network.hidden = [8]: the optimizer perceptron teaches units that see the features "
                        + "themselves; expected []",
                "penalty.l2=1|penalty = {\"l2\":1}: the optimizer perceptron learns from mistakes alone; leave this key out",
                "clip.norm=1|clip = {\"norm\":1}: mixing steps from row to row, out of reach of clipping; leave this key out",
                "batch=5|batch = 5: a step of mixing goes through all rows of every shard; expected full",
            })
    void what_the_perceptrons_rule_is_not_for_is_refused(String override, String complaint) {
        assertRefused(CommandLineRun.train(folder, perceptron(), "--set", override), complaint);
    }

    @Test
    void what_the_perceptrons_rule_is_for_trains() {
        CommandLineRun run = CommandLineRun.train(folder, perceptron());
        assertThat(run.complaints()).isEmpty();
        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).contains("2-1");
    }

    private String perceptron() {
        return good.replace("[3], activation = tanh, loss = cross-entropy", "[], loss = perceptron")
                .replace("name = momentum", "name = perceptron, variant = mixing");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "nowhere.csv|nowhere.csv|no such file",
                "empty.csv|empty.csv|no rows",
                "text.csv|text.csv, line 3, column \"y\": \"n.a.\" is not a finite number|on-bad-row = skip",
                "word.csv|word.csv, line 3, column \"y\": the value is missing (\"n/a\")|missing = mean or skip",
                "nan.csv|nan.csv, line 3, column \"y\": the value is missing (\"NaN\")|missing = mean or skip",
                "huge.csv|huge.csv, line 3, column \"y\": \"1e999\" is not a finite number|on-bad-row = skip",
                "hexadecimal.csv|hexadecimal.csv, line 4, column \"x\": \"0x1p3\" is not a finite number|on-bad-row = skip",
                "one.csv|only one class|at least two",
            })
    void bad_data_is_named_with_its_place(String file, String what, String remedy) {
        assertRefused(
                CommandLineRun.train(folder, good, "--set", "data.train.path=" + folder.resolve(file)), what, remedy);
    }

    @Test
    void a_separator_that_is_another_is_suspected() throws IOException {
        Path file = folder.resolve("semicolons.csv");
        Files.writeString(file, "x;y;label\n1;2;even\n");
        assertRefused(
                CommandLineRun.train(folder, good, "--set", "data.train.path=" + file),
                "its columns are x;y;label; check label and separator");
    }

    @Test
    void a_file_system_without_code_is_named_with_what_to_add() {
        assertRefused(
                CommandLineRun.train(folder, good, "--set", "data.train.path=s3a://bucket/rows.csv"),
                "org.apache.hadoop.fs.s3a.S3AFileSystem",
                "--packages org.apache.hadoop:hadoop-aws:3.4.2");
    }

    @Test
    void weights_that_sum_to_nothing_or_are_negative_are_refused() {
        String weighted = "data.train.weight=weight";
        String zero = "data.train.path=" + folder.resolve("weights.csv");
        assertRefused(CommandLineRun.train(folder, good, "--set", weighted, "--set", zero), "weights", "sum to 0");
        String negative = "data.train.path=" + folder.resolve("negative.csv");
        assertRefused(
                CommandLineRun.train(folder, good, "--set", weighted, "--set", negative), "line 3", "is negative");
    }

    @Test
    void a_range_holds_for_weights_too_and_is_refused_where_there_is_no_number() {
        String weighted = "data.train.weight=weight";
        String path = "data.train.path=" + folder.resolve("weights.csv");
        assertRefused(
                CommandLineRun.train(
                        folder, good, "--set", weighted, "--set", path, "--set", "data.train.ranges={weight=[1,2]}"),
                "line 2, column \"weight\": 0 is outside of its range, 1 to 2");
        assertRefused(
                CommandLineRun.train(
                        folder, good, "--set", "data.train.categorical=x", "--set", "data.train.ranges={x=[1,2]}"),
                "ranges names the column x, which does not hold one number a row");
    }

    @Test
    void bad_rows_can_be_skipped_and_are_counted() {
        CommandLineRun run = CommandLineRun.train(
                folder,
                good,
                "--set",
                "data.train.path=" + folder.resolve("text.csv"),
                "--set",
                "data.on-bad-row=skip",
                "--set",
                "data.bad-row-limit=0.5");
        assertThat(run.exitCode()).isZero();
        assertThat(CommandLineRun.json(folder.resolve("run/run.json"))
                        .at("/data/train")
                        .isMissingNode())
                .isTrue();
        assertThat(CommandLineRun.json(folder.resolve("run/run.json"))
                        .at("/data/training/skippedRows")
                        .asLong())
                .isEqualTo(1);
    }

    @Test
    void skipping_stops_where_more_than_a_share_of_the_rows_is_bad() {
        assertRefused(
                CommandLineRun.train(
                        folder,
                        good,
                        "--set",
                        "data.train.path=" + folder.resolve("text.csv"),
                        "--set",
                        "data.on-bad-row=skip"),
                "1 of 3 rows is bad (33.3 %)",
                "bad-row-limit = 0.05",
                "text.csv, line 3");
    }

    @Test
    void a_class_that_training_did_not_know_is_named() {
        String test = "data.test={format = csv, label = label, path = \"" + folder.resolve("unknown.csv") + "\"}";
        assertRefused(
                CommandLineRun.train(folder, good, "--set", test),
                "unknown.csv, line 3",
                "\"prime\" is none of the model's classes even, odd");
    }

    @Test
    void an_existing_run_folder_is_left_alone() throws IOException {
        CommandLineRun.train(folder, good);
        byte[] before = Files.readAllBytes(folder.resolve("run/run.json"));
        CommandLineRun again = CommandLineRun.train(folder, good);
        assertThat(again.exitCode()).isEqualTo(2);
        assertThat(again.complaints()).hasSize(1);
        assertThat(again.complaints().get(0)).contains("exists").contains("--overwrite");
        assertThat(Files.readAllBytes(folder.resolve("run/run.json"))).isEqualTo(before);
        assertThat(CommandLineRun.train(folder, good, "--overwrite").exitCode()).isZero();
    }

    @Test
    void a_run_at_which_somebody_is_at_work_is_left_alone() throws IOException {
        CommandLineRun.train(folder, good);
        byte[] before = Files.readAllBytes(folder.resolve("run/steps.jsonl"));
        String run = folder.resolve("run").toString();
        try (FolderLock other = FolderLock.take(Folder.of(run, new Configuration(false)), "run")) {
            assertThat(other).isNotNull();
            String[] parts = {run + ": someone is at work on this run: ", "wait until it has ended"};
            CommandLineRun.of("train", "--resume", run, "--quiet").assertRefused(parts);
            CommandLineRun.train(folder, good, "--overwrite").assertRefused(parts);
        }
        assertThat(Files.readAllBytes(folder.resolve("run/steps.jsonl"))).isEqualTo(before);
        assertThat(folder.resolve(".run.lock")).doesNotExist();
    }

    @Test
    void overwrite_keeps_what_was_there_until_the_new_run_has_a_step() throws IOException {
        CommandLineRun.train(folder, good);
        byte[] before = Files.readAllBytes(folder.resolve("run/run.json"));
        // Weights of 0 in one batch are noticed at a step only.
        StringBuilder csv = new StringBuilder("x,y,weight,label\n");
        for (int i = 0; i < 20; i++) {
            csv.append(i + ",1," + (i < 10 ? 0 : 1) + "," + (i % 2 == 0 ? "even" : "odd") + "\n");
        }
        Files.writeString(folder.resolve("half.csv"), csv);
        CommandLineRun run = CommandLineRun.train(
                folder,
                good,
                "--overwrite",
                "--set",
                "data.train.path=" + folder.resolve("half.csv"),
                "--set",
                "data.train.weight=weight",
                "--set",
                "batch=10",
                "--set",
                "shuffle=false");
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.complaints()).singleElement().asString().contains("step 0", "weights");
        assertThat(Files.readAllBytes(folder.resolve("run/run.json"))).isEqualTo(before);
        try (var files = Files.list(folder)) {
            assertThat(files.filter(file -> file.getFileName().toString().contains("replaced")))
                    .isEmpty();
        }
    }

    @Test
    void overwrite_never_deletes_what_is_no_run_folder() throws IOException {
        Files.createDirectory(folder.resolve("run"));
        Files.writeString(folder.resolve("run/thesis.txt"), "years of work");
        CommandLineRun run = CommandLineRun.train(folder, good, "--overwrite");
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.complaints()).hasSize(1);
        assertThat(folder.resolve("run/thesis.txt")).exists();
    }

    private CommandLineRun predict(String data, String output) {
        return CommandLineRun.of(
                "predict",
                "--quiet",
                "--model",
                folder.resolve("run").toString(),
                "--data",
                data,
                "--output",
                folder.resolve(output).toString());
    }

    @Test
    void columns_that_differ_in_capital_letters_are_no_parquet() throws IOException {
        Path file = folder.resolve("capitals.csv");
        Files.writeString(file, "x,X,label\n1,2,even\n3,4,odd\n");
        CommandLineRun.train(folder, good, "--set", "data.train.path=" + file);
        CommandLineRun run = predict("path=" + file, "predicted.parquet");
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.complaints()).hasSize(1);
        assertThat(run.complaints().get(0)).contains("two columns `x`", "capital letters", "write .csv");
        assertThat(predict("path=" + file, "predicted.csv").exitCode()).isZero();
    }

    @Test
    void features_of_libsvm_are_not_taken_for_columns_of_a_table() throws IOException {
        Files.writeString(folder.resolve("rows.libsvm"), "1 1:5 2:1\n2 1:3\n");
        Files.writeString(folder.resolve("three.csv"), "5,1,7\n");
        Files.writeString(folder.resolve("two.csv"), "5,1\n");
        String source = "data.train={format=libsvm, path=\"" + folder.resolve("rows.libsvm") + "\"}";
        CommandLineRun.train(folder, good, "--set", "data.train=null", "--set", source);
        String csv = "format=csv,header=false,path=" + folder;
        CommandLineRun run = predict(csv + "/three.csv", "three.out.csv");
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.complaints().get(0)).contains("trained on 2 features, the data has 3");
        assertThat(predict(csv + "/two.csv", "two.out.csv").exitCode()).isZero();
    }

    @Test
    void first_weights_of_another_shape_are_refused() throws IOException {
        Network other = new Network(
                List.of(new Layer(2, 4, Activation.TANH, true), new Layer(4, 2, Activation.IDENTITY, true)),
                ClassLoss.CROSS_ENTROPY,
                0);
        Path file = folder.resolve("first.safetensors");
        Files.write(file, Safetensors.write(other, Vector.zeros(other.parameters())));
        assertRefused(
                CommandLineRun.train(folder, good, "--set", "network.init.from=" + file),
                "layers.0.weight: shape [4, 2]",
                "[3, 2]");
    }

    @Test
    void a_wrong_command_line_is_one_line_too() {
        assertRefused(CommandLineRun.of("train"), "CONF", "--resume RUN", "--help");
        assertRefused(CommandLineRun.of("train", "x.conf", "--resume", "x"), "x.conf is not wanted", "--set");
        assertRefused(CommandLineRun.of("train", "--resume", "x", "--overwrite"), "--overwrite", "give one of them");
        assertRefused(CommandLineRun.of("train", "--resume", folder + "/x"), "/x: no such run folder");
        assertRefused(CommandLineRun.of("train", "x.conf", "--oops"), "--oops", "--help");
        assertRefused(CommandLineRun.of("trian", "x.conf"), "trian", "expected one of train, evaluate");
        assertRefused(CommandLineRun.of("train", folder + "/nowhere.conf"), "nowhere.conf", "no such configuration");
    }

    @Test
    void a_benchmark_is_refused_before_anything_is_measured() {
        assertRefused(CommandLineRun.of("benchmark", "--only", "ful"), "--only ful", "full-relu", "scaling");
        assertRefused(CommandLineRun.of("benchmark", "--rows", "100"), "--rows 100", "at least 1024");
        assertRefused(CommandLineRun.of("benchmark", "--rows", "many"), "--rows", "many");
        assertRefused(
                CommandLineRun.of("benchmark", "--rows", "5000", "--data", "format=csv,path=x.csv,label=y"),
                "--rows 5000",
                "--data");
        assertRefused(CommandLineRun.of("benchmark", "--data", "path=x.csv"), "format", "csv");
        assertRefused(
                CommandLineRun.of("benchmark", "--set", "optimizer.momentun=0.5"),
                "unknown key optimizer.momentun",
                "did you mean momentum?");
        assertRefused(
                CommandLineRun.of(
                        "benchmark", "--output", folder.resolve("rows.csv").toString()),
                "rows.csv exists",
                "--overwrite");
        assertRefused(
                CommandLineRun.of(
                        "benchmark",
                        "--output",
                        folder.resolve("nowhere/figures.json").toString()),
                "no folder",
                "nowhere");
    }
}
