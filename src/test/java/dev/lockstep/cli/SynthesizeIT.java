package dev.lockstep.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same files for every cluster: one core, or executors of their own with other settings. */
class SynthesizeIT {
    @TempDir
    static Path folder;

    private static List<String> arguments(Path output, String master) {
        return List.of(
                "--generator",
                "teacher",
                "rows=5000",
                "features=4",
                "--rows-per-file",
                "700",
                "--output",
                output.toString(),
                "--master",
                master,
                "--quiet");
    }

    private static void assertSaid(int exitCode, String out, Stream<String> err) {
        assertThat(err.filter(line -> !line.contains("incubator") && !line.startsWith("Picked up ")))
                .isEmpty();
        assertThat(exitCode).isZero();
        assertThat(out).contains("5,000 rows", "8 files", "--data 'format=");
        assertThat(folder.resolve("spark-warehouse")).doesNotExist();
    }

    private static List<byte[]> files(Path output) throws IOException {
        List<byte[]> contents = new ArrayList<>();
        try (Stream<Path> files = Files.list(output)) {
            for (Path file : files.filter(f -> f.getFileName().toString().startsWith("part-"))
                    .sorted()
                    .toList()) {
                contents.add(Files.readAllBytes(file));
            }
        }
        return contents;
    }

    @Test
    void every_cluster_writes_the_same_bytes() throws IOException {
        Path one = folder.resolve("one.csv");
        List<String> here = new ArrayList<>(List.of("synthesize"));
        here.addAll(arguments(one, "local[1]"));
        CommandLineRun alone = CommandLineRun.alone(Map.of(), here.toArray(new String[0]));
        assertSaid(alone.exitCode(), alone.out(), alone.complaints().stream());
        List<byte[]> expected = files(one);
        assertThat(expected).hasSize(8);

        Path other = folder.resolve("cluster.csv");
        Launched launched = Launched.job(
                folder,
                "synthesize",
                arguments(other, "local-cluster[2,1,1024]"),
                List.of(),
                List.of(
                        "--driver-memory",
                        "1g",
                        "--conf",
                        "spark.default.parallelism=13",
                        "--conf",
                        "spark.sql.shuffle.partitions=3",
                        "--conf",
                        "spark.sql.files.maxPartitionBytes=1000",
                        "--conf",
                        "spark.sql.files.maxRecordsPerFile=50"),
                Launched.QUICK);
        assertSaid(launched.exitCode(), launched.out(), launched.err().lines());
        List<byte[]> cluster = files(other);
        assertThat(cluster).hasSameSizeAs(expected);
        assertThat(joined(cluster)).isEqualTo(joined(expected));
    }

    private static byte[] joined(List<byte[]> parts) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        parts.forEach(bytes::writeBytes);
        return bytes.toByteArray();
    }
}
