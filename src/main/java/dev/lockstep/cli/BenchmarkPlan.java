package dev.lockstep.cli;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigValueFactory;
import dev.lockstep.InputException;
import dev.lockstep.Settings;
import java.util.ArrayList;
import java.util.List;

/**
 * What all items of one {@code jobs/benchmark} have in common.
 *
 * @param data the source of the rows, without its braces
 * @param quick whether a few steps are enough, to see that all works
 * @param overrides of {@code --set}
 * @param shards of the rows, unless an override says otherwise
 */
record BenchmarkPlan(String data, boolean quick, List<String> overrides, int shards) {
    private static final int ROWS = 60_000;
    private static final int QUICK_ROWS = 2_000;
    private static final int LEAST_ROWS = 1_024;
    static final int STUDY_BATCH = 1024;
    private static final int STUDY_EPOCHS = 5;
    private static final String WHERE = "--data";

    /**
     * Reads the command line.
     *
     * @param data a source, or null for clouds of points with the shape of MNIST
     * @param rows number of points, or null for the default
     */
    static BenchmarkPlan of(String data, Integer rows, boolean quick, List<String> overrides) {
        if (data != null && rows != null) {
            throw new InputException(
                    "--rows " + rows + " is for the rows that the benchmark makes itself; with --data all "
                            + "rows of the source count");
        }
        if (rows != null && rows < LEAST_ROWS) {
            throw new InputException(
                    "--rows " + rows + ": expected at least " + LEAST_ROWS + ", the largest mini-batch");
        }
        int made = rows != null ? rows : quick ? QUICK_ROWS : ROWS;
        String source = data != null
                ? data
                : "format=synthetic,generator=blobs,classes=10,features=784,distance=0.1,rows=" + made;
        // As many shards as there can be tasks, and the same number for every item.
        int shards = RunConfiguration.DEFAULT_SHARDS;
        while (shards < Runtime.getRuntime().availableProcessors()) {
            shards *= 2;
        }
        return new BenchmarkPlan(source, quick, List.copyOf(overrides), shards);
    }

    /** The run that trains 784-256-10, on the data's own widths. */
    RunConfiguration wide(String activation) {
        return run("[256]", activation, "full");
    }

    /** The run that trains 784-1024-1024-10. */
    RunConfiguration deep() {
        return run("[1024, 1024]", "relu", "full");
    }

    /** The run with mini-batches of so many rows. */
    RunConfiguration mini(int batch) {
        return run("[256]", "relu", Integer.toString(batch));
    }

    /** Sixteen runs of 784-32-10 with mini-batches: four optimizers, four learning rates. */
    List<RunConfiguration> study() {
        List<RunConfiguration> runs = new ArrayList<>();
        for (String optimizer : List.of("gradient-descent", "momentum", "nesterov", "adam")) {
            for (double rate : new double[] {1e-4, 3e-4, 1e-3, 3e-3}) {
                runs.add(run(
                        "[32]",
                        "relu",
                        Integer.toString(STUDY_BATCH),
                        "optimizer = %s, learning-rate = %s, stop.epochs = %d"
                                .formatted(optimizer, rate, count(STUDY_EPOCHS, 1))));
            }
        }
        return runs;
    }

    private RunConfiguration run(String hidden, String activation, String batch) {
        // A learning rate small enough for any data: what is measured must not diverge.
        return run(hidden, activation, batch, "optimizer { name = momentum, momentum = 0.9 }, learning-rate = 0.001");
    }

    private RunConfiguration run(String hidden, String activation, String batch, String optimizer) {
        Config source = Settings.inline(data, WHERE);
        boolean bytes = source.hasPath("format") && source.getString("format").equals("idx");
        Config config = ConfigFactory.parseString(
                        """
                        network { hidden = %s, activation = %s, loss = cross-entropy }
                        batch = %s
                        shards = %d
                        data.scale = %s
                        # Not auto: its first steps would be those of both engines.
                        engine = resident
                        %s
                        """.formatted(hidden, activation, batch, shards, bytes ? 1.0 / 255 : 1.0, optimizer),
                        ConfigParseOptions.defaults().setOriginDescription("benchmark"))
                .withValue(
                        "data.train",
                        ConfigValueFactory.fromAnyRef(source.root().unwrapped(), WHERE));
        for (String override : overrides) {
            config = Settings.inline(override, "--set").withFallback(config);
        }
        return RunConfiguration.read(Settings.of(config), "benchmark");
    }

    /** A number of repetitions, or the one of a quick run. */
    int count(int full, int few) {
        return quick ? few : full;
    }

    /** The arguments that give a JVM of its own the same plan. */
    List<String> arguments() {
        List<String> arguments = new ArrayList<>(List.of("--data", data));
        if (quick) {
            arguments.add("--quick");
        }
        overrides.forEach(override -> arguments.addAll(List.of("--set", override)));
        return arguments;
    }
}
