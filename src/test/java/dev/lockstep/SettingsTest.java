package dev.lockstep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {
    @TempDir
    private Path folder;

    @Test
    void a_file_may_include_another_and_substitute() throws IOException {
        write("base.conf", "rate = 0.5\nnetwork { hidden = [4] }");
        String run = write("run.conf", "include \"base.conf\"\nnetwork { loss = hinge }\nother = ${rate}");
        Settings settings = Settings.read(run, List.of());
        assertThat(settings.number("other")).isEqualTo(0.5);
        assertThat(settings.child("network").numbers("hidden")).containsExactly(4.0);
        assertThat(settings.child("network").text("loss")).isEqualTo("hinge");
    }

    /** As somebody types it who is in the folder of his configuration. */
    @Test
    void a_file_without_a_folder_finds_what_lies_beside_it() throws IOException {
        Path base = Files.createTempFile(Path.of(""), "base", ".conf");
        Path run = Files.createTempFile(Path.of(""), "run", ".conf");
        try {
            Files.writeString(base, "rate = 0.5");
            Files.writeString(run, "include \"" + base.getFileName() + "\"");
            assertThat(Settings.read(run.toString(), List.of()).number("rate")).isEqualTo(0.5);
        } finally {
            Files.delete(base);
            Files.delete(run);
        }
    }

    @Test
    void complaints_name_the_file_and_the_line_of_the_value() throws IOException {
        write("base.conf", "\n\nrate = fast");
        String run =
                write("run.conf", "include \"base.conf\"\n\nnetwork {\n  dropout = much\n  hidden = [\n 1,\n x ]\n}\n");
        Settings settings = Settings.read(run, List.of());
        assertComplaint(() -> settings.child("network").number("dropout"))
                .isEqualTo(run + ", line 4: network.dropout = much is not a number");
        assertComplaint(() -> settings.child("network").numbers("hidden"))
                .isEqualTo(run + ", line 5: network.hidden = [1,\"x\"] is not a number");
        assertComplaint(() -> settings.number("rate")).endsWith("base.conf, line 3: rate = fast is not a number");
        assertComplaint(() -> settings.child("network").text("loss"))
                .isEqualTo(run + ", line 3: the key network.loss is missing");
    }

    @Test
    void with_an_override_complaints_still_name_the_file() throws IOException {
        String run = write("run.conf", "a = 1\nnetwork {\n  loss = hinge\n}\n");
        Settings settings = Settings.read(run, List.of("network.dropout=much", "b=2", "new.key=3"));
        assertComplaint(() -> settings.child("network").number("dropout"))
                .isEqualTo("--set: network.dropout = much is not a number");
        assertComplaint(() -> settings.text("name")).startsWith(run).endsWith(": the key name is missing");
        assertComplaint(() -> settings.child("network").text("init"))
                .startsWith(run)
                .endsWith(": the key network.init is missing");
        assertComplaint(() -> settings.child("new").text("other")).isEqualTo(run + ": the key new.other is missing");
    }

    @ParameterizedTest
    @ValueSource(strings = {"base.conf", "base"})
    void an_include_by_file_is_read(String name) throws IOException {
        write("base.conf", "rate = 0.5\n");
        String good = write("good.conf", "include file(\"" + folder.resolve(name) + "\")\n");
        assertThat(Settings.read(good, List.of()).number("rate")).isEqualTo(0.5);
    }

    @ParameterizedTest
    @ValueSource(strings = {"nowhere.conf", "nowhere"})
    void an_include_by_file_that_is_not_there_is_the_complaint(String name) throws IOException {
        Path missing = folder.resolve(name);
        String run = write("run.conf", "seed = 1\ninclude file(\"" + missing + "\")\n");
        assertComplaint(() -> Settings.read(run, List.of()))
                .isEqualTo(run + ", line 2: include file(\"" + missing
                        + "\"): no such file; the path is one from the working directory");
    }

    @ParameterizedTest
    @CsvSource({"nowhere.conf", "folder/nowhere.conf", "nowhere"})
    void an_include_that_is_not_there_is_the_complaint(String name) throws IOException {
        String run = write("run.conf", "seed = 1\nbase {\n  include \"" + name + "\"\n}\n");
        assertComplaint(() -> Settings.read(run, List.of()))
                .isEqualTo(run + ", line 3: include \"" + name
                        + "\": no such file; the path is one from the folder of the file that includes it");
        write("empty.conf", "");
        write("outer.conf", "include \"" + name + "\"\n");
        write("run.conf", "include \"outer.conf\"");
        assertComplaint(() -> Settings.read(run, List.of()))
                .isEqualTo(run + ": include \"" + name
                        + "\": no such file; the path is one from the folder of the file that includes it");
    }

    @Test
    void an_include_without_a_key_is_none_to_complain_of() throws IOException {
        write("empty.conf", "");
        String run = write("run.conf", "include \"empty\"\ninclude \"empty.conf\"\nseed = 1");
        assertThat(Settings.read(run, List.of()).text("seed")).isEqualTo("1");
    }

    @Test
    void an_unknown_key_names_the_nearest_known_one() {
        assertComplaint(() -> {
                    Settings settings = Configurations.of("seed = 1\nshrads = 4\n");
                    settings.integer("seed", 0);
                    settings.integer("shards", 8);
                    settings.refuseUnknown();
                })
                .isEqualTo("run.conf, line 2: unknown key shrads; did you mean shards?; known here: seed, shards");
        assertComplaint(() -> {
                    Settings settings = Configurations.of("network { loss = hinge, zzzzzzzz = 4 }");
                    settings.child("network").text("loss");
                    settings.refuseUnknown();
                })
                .as("nothing is near")
                .isEqualTo("run.conf, line 1: unknown key network.zzzzzzzz; known here: loss");
        assertComplaint(() -> {
                    Settings settings = Configurations.of("beta1 = 0.5, beta = 0.9");
                    settings.number("beta1", 0.9);
                    settings.number("beta2", 0.9);
                    settings.refuseUnknown();
                })
                .as("one of two is there already")
                .isEqualTo("run.conf, line 1: unknown key beta; did you mean beta2?; known here: beta1, beta2");
        assertComplaint(() -> {
                    Settings settings = Configurations.of("data { path = 3, train {}, test {} }");
                    Settings data = settings.child("data");
                    data.child("train").optionalText("path");
                    data.child("test").optionalText("path");
                    settings.refuseUnknown();
                })
                .as("further in")
                .isEqualTo("run.conf, line 1: unknown key data.path; did you mean data.train.path or data.test.path?; "
                        + "known here: train, test");
        assertComplaint(() -> Configurations.of("\"a b\\nc\" = 1").refuseUnknown())
                .isEqualTo("run.conf, line 1: unknown key \"a b\\nc\"");
    }

    @Test
    void asked_keys_and_keys_of_asked_parts_are_known_and_null_is_absent() {
        Configurations.of("nobody-asked = null").refuseUnknown();
        Settings settings = Configurations.of("a = 1, b { c = 2 }, d = null");
        assertThat(settings.has("a")).isTrue();
        assertThat(settings.child("b").has("c")).isTrue();
        assertThat(settings.has("d")).isFalse();
        assertThat(settings.text("d", "otherwise")).isEqualTo("otherwise");
        assertThat(settings.child("absent").text("e", "none")).isEqualTo("none");
        settings.refuseUnknown();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            key = [1]          | key = [1]: expected one value
            key { a = 1 }      | key = {"a":1}: expected one value
            key = much         | key = much is not a number
            key = 1e999        | key = Infinity: expected a finite number
            key = NaN          | key = NaN: expected a finite number
            other = 1          | the key key is missing
            """)
    void a_number_must_be_one(String text, String message) {
        assertComplaint(() -> Configurations.of(text).number("key")).isEqualTo("run.conf, line 1: " + message);
    }

    @Test
    void every_other_type_says_what_it_expects() {
        assertWrong("key = 1.5", s -> s.integer("key", 1L), "key = 1.5: expected a whole number");
        assertWrong(
                "key = 1e16",
                s -> s.integer("key", 1L),
                "key = 10000000000000000: expected a whole number below 2^53 = 9007199254740992 in size");
        assertWrong("key = 9", s -> s.integer("key", 1, 1, 8), "key = 9: expected a whole number from 1 to 8");
        assertWrong(
                "key = 0",
                s -> s.integer("key", 1, 1, Integer.MAX_VALUE),
                "key = 0: expected a whole number of at least 1");
        assertWrong("key = yes", s -> s.flag("key", true), "key = yes: expected one of true, false");
        assertWrong("key = 1", s -> s.child("key"), "key = 1: expected an object in braces");
        assertWrong("key = [[1]]", s -> s.texts("key"), "key = [[1]]: expected a list of plain values");
        assertWrong("key = [1]", s -> s.rows("key"), "key = [1]: expected a list of lists of numbers");
        assertWrong("key = 1", s -> s.rows("key"), "key = 1: expected a list of lists of numbers");
        assertWrong(
                "key = hing",
                s -> s.choice("key", "hinge", List.of("hinge", "huber")),
                "key = hing: expected one of hinge, huber; did you mean hinge?");
    }

    @Test
    void single_values_stand_for_lists_and_for_objects() {
        Settings settings = Configurations.of("one = 4, many = [4, five], rows = [[1, 2], [3, 4]], init = he");
        assertThat(settings.texts("one")).containsExactly("4");
        assertThat(settings.texts("many")).containsExactly("4", "five");
        assertThat(settings.rows("rows")).containsExactly(List.of(1.0, 2.0), List.of(3.0, 4.0));
        assertThat(settings.childOrValue("init", "name").text("name")).isEqualTo("he");
        settings.refuseUnknown();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "hdfs://host:8020/a b/*.csv",
                "data/{a,b}.csv",
                "C:\\data",
                "a=b",
                "#1",
                "0.1",
                "true",
                "${x}",
                "",
                "a\"b"
            })
    void an_override_takes_any_plain_text(String value) throws IOException {
        String run = write("run.conf", "data { path = old }");
        assertThat(Settings.read(run, List.of("data.path=" + value))
                        .child("data")
                        .text("path"))
                .isEqualTo(value);
    }

    @Test
    void the_last_override_wins_and_lists_and_objects_are_hocon() throws IOException {
        String run = write("run.conf", "optimizer { name = momentum, momentum = 0.5 }, hidden = [1, 2, 3]");
        Settings settings = Settings.read(
                run, List.of("optimizer=rprop", "rate=1", "rate=2", "hidden=[4, 5]", "clip={norm = 3}", "q=\"1, 2\""));
        assertThat(settings.text("optimizer")).isEqualTo("rprop");
        assertThat(settings.number("rate")).isEqualTo(2);
        assertThat(settings.numbers("hidden")).containsExactly(4.0, 5.0);
        assertThat(settings.child("clip").number("norm")).isEqualTo(3);
        assertThat(settings.text("q")).isEqualTo("1, 2");
        Settings part = Settings.read(run, List.of("optimizer.momentum=0.25")).child("optimizer");
        assertThat(part.text("name")).isEqualTo("momentum");
        assertThat(part.number("momentum")).isEqualTo(0.25);
    }

    @ParameterizedTest
    @ValueSource(strings = {"no-equals", "=1", "a..b=1", "a=[1", "a={b", "a=\"open"})
    void a_broken_override_is_named(String override) throws IOException {
        String run = write("run.conf", "a = 1");
        assertComplaint(() -> Settings.read(run, List.of(override)))
                .contains("--set")
                .contains(override);
    }

    @Test
    void broken_files_are_named() throws IOException {
        assertComplaint(() -> Settings.read("nowhere.conf", List.of())).startsWith("nowhere.conf: no such");
        String open = write("open.conf", "a = 1\nb = {\n c = 2\n");
        assertComplaint(() -> Settings.read(open, List.of())).startsWith(open);
        String unresolved = write("unresolved.conf", "a = 1\nb = ${nothing}\n");
        assertComplaint(() -> Settings.read(unresolved, List.of()))
                .startsWith(unresolved)
                .contains("nothing", "2");
    }

    @Test
    void an_inline_object_splits_at_outer_commas_only() {
        Config config = Settings.inline(
                "format=csv, path=hdfs://host:9/a/*.csv,separator=,,features=[a, b],deep={x = 1, y = [2, 3]},"
                        + "text=\"p,q\",deep.z=4,",
                "--data");
        Settings settings = Settings.of(config);
        assertThat(settings.text("path")).isEqualTo("hdfs://host:9/a/*.csv");
        assertThat(settings.text("separator")).isEqualTo(",");
        assertThat(settings.texts("features")).containsExactly("a", "b");
        assertThat(settings.child("deep").number("x")).isEqualTo(1);
        assertThat(settings.child("deep").numbers("y")).containsExactly(2.0, 3.0);
        assertThat(settings.child("deep").number("z")).isEqualTo(4);
        assertThat(settings.text("text")).isEqualTo("p,q");
        assertThat(settings.text("format")).isEqualTo("csv");
        settings.refuseUnknown();
        assertComplaint(() -> Settings.inline("format=csv,oops", "--data"))
                .isEqualTo("--data oops: expected key.path=value");
        assertComplaint(() ->
                        Settings.of(Settings.inline("format=csv", "--data")).text("path"))
                .isEqualTo("--data: the key path is missing");
        assertComplaint(() -> Settings.of(Settings.inline("format=csv,rows=x", "--data"))
                        .number("rows"))
                .isEqualTo("--data: rows = x is not a number");
    }

    private String write(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text).toString();
    }

    private static void assertWrong(String text, Consumer<Settings> use, String message) {
        assertComplaint(() -> use.accept(Configurations.of(text))).isEqualTo("run.conf, line 1: " + message);
    }

    /** What is said, which must be one line. */
    private static org.assertj.core.api.AbstractStringAssert<?> assertComplaint(Runnable act) {
        Throwable thrown = catchThrowable(act::run);
        assertThat(thrown).isInstanceOf(InputException.class);
        return assertThat(thrown.getMessage()).doesNotContain("\n");
    }

    @Test
    void the_resolved_configuration_holds_the_defaults_that_were_used() {
        Settings settings = Configurations.of("optimizer = rprop, stop { epochs = 3 }, batch = 10");
        assertThat(settings.integer("seed", 1L)).isEqualTo(1);
        assertThat(settings.text("batch", "full")).isEqualTo("10");
        assertThat(settings.flag("shuffle", true)).isTrue();
        assertThat(settings.childOrValue("optimizer", "name").number("min-step", 1e-6))
                .isEqualTo(1e-6);
        settings.child("stop").integer("epochs", 20L);
        settings.child("penalty").number("l2", 0);
        assertThat(settings.resolved())
                .isEqualTo(
                        ConfigFactory.parseString("optimizer { name = rprop, min-step = 1.0E-6 }, stop { epochs = 3 }, "
                                + "batch = 10, seed = 1, shuffle = true, penalty { l2 = 0.0 }"));
    }
}
