package dev.lockstep.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.InputException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One process at a time is at work on a folder, and a killed one is in nobody's way. */
class FolderLockTest {
    @TempDir
    Path folder;

    private static Folder at(Path path) {
        return Folder.of(path.toString(), new Configuration(false));
    }

    private static void assertRefused(Path path, String who) {
        assertThatThrownBy(() -> FolderLock.take(at(path), "study"))
                .isInstanceOf(InputException.class)
                .hasMessageStartingWith(path + ": someone is at work on this study: " + who)
                .hasMessageContainingAll("wait", "--resume")
                .message()
                .doesNotContain("\n");
    }

    @Test
    void a_second_one_in_this_process_is_refused_until_the_first_has_ended() {
        Path path = folder.resolve("a");
        try (FolderLock first = FolderLock.take(at(path), "study")) {
            assertThat(first).isNotNull();
            assertRefused(path, "this process itself");
            assertRefused(path, "this process itself");
            assertThat(folder.resolve(".a.lock")).isNotEmptyFile();
        }
        assertThat(folder).isEmptyDirectory();
        FolderLock.take(at(path), "study").close();
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void a_channel_of_somebody_else_in_this_process_is_enough() throws IOException {
        Path file = Files.createFile(folder.resolve(".a.lock"));
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.lock();
            assertRefused(folder.resolve("a"), "another process");
        }
    }

    @Test
    void it_holds_while_its_folder_is_made_set_aside_and_made_again_and_through_links() throws IOException {
        Path path = folder.resolve("a");
        try (FolderLock lock = FolderLock.take(at(path), "run")) {
            assertThat(lock).isNotNull();
            at(path).create();
            Folder aside = at(path).setAside();
            at(path).create();
            aside.delete();
            Files.createSymbolicLink(folder.resolve("b"), path);
            assertRefused(path, "this process itself");
            assertRefused(folder.resolve("b"), "this process itself");
        }
        assertThat(path).isEmptyDirectory();
    }

    @Test
    void folders_above_that_were_made_for_it_go_with_it_unless_something_is_there() throws IOException {
        FolderLock.take(at(folder.resolve("new/parent/a")), "run").close();
        assertThat(folder).isEmptyDirectory();
        try (FolderLock lock = FolderLock.take(at(folder.resolve("new/parent/a")), "run")) {
            assertThat(lock).isNotNull();
            Files.createFile(folder.resolve("new/kept"));
        }
        assertThat(folder.resolve("new"))
                .isDirectoryContaining("glob:**/kept")
                .isDirectoryNotContaining("glob:**/parent");
    }

    @Test
    void a_place_that_takes_no_file_has_no_lock_and_no_complaint() throws IOException {
        Files.createFile(folder.resolve("file"));
        FolderLock.take(at(folder.resolve("file/a")), "run").close();
        FolderLock.take(at(Path.of("/")), "run").close();
        assertThat(folder.resolve("file")).isEmptyFile();
    }

    @Test
    void another_process_is_named_and_once_it_is_killed_its_folder_is_free() throws Exception {
        Path path = folder.resolve("a");
        Process other = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Holder.class.getName(),
                        path.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (BufferedReader told =
                new BufferedReader(new InputStreamReader(other.getInputStream(), StandardCharsets.UTF_8))) {
            assertThat(told.readLine()).isEqualTo("held");
            assertRefused(path, "process " + other.pid() + " on ");
            assertRefused(path, "process " + other.pid() + " on ");
        } finally {
            other.destroyForcibly().waitFor();
        }
        assertThat(folder.resolve(".a.lock")).exists();
        FolderLock.take(at(path), "study").close();
        assertThat(folder).isEmptyDirectory();
    }

    /** Holds a lock until it is killed. */
    static final class Holder {
        private Holder() {}

        public static void main(String[] arguments) throws InterruptedException {
            List<FolderLock> held = List.of(FolderLock.take(at(Path.of(arguments[0])), "study"));
            System.out.println("held");
            Thread.sleep(60_000L * held.size());
        }
    }
}
