package dev.lockstep.cli;

import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigRenderOptions;
import dev.lockstep.Settings;
import dev.lockstep.distributed.Engines;
import dev.lockstep.linalg.Blas;
import dev.lockstep.linalg.Vector;
import dev.lockstep.network.ClassLoss;
import dev.lockstep.network.NetworkDesign;
import dev.lockstep.optimize.Clipping;
import dev.lockstep.optimize.Optimizer;
import dev.lockstep.optimize.Optimizers;
import dev.lockstep.optimize.Penalty;
import dev.lockstep.optimize.Perceptron;
import dev.lockstep.optimize.Plateau;
import dev.lockstep.optimize.ScheduledOptimizer;
import dev.lockstep.train.CheckpointRules;
import dev.lockstep.train.CurvatureRules;
import dev.lockstep.train.ObserveRules;
import dev.lockstep.train.StopRules;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * A whole run as its configuration describes it: read, checked, nothing started.
 *
 * @param name of the run
 * @param seed the one seed
 * @param output path of the run folder
 * @param data where rows come from
 * @param network layers, loss, first weights
 * @param batchRows rows of a batch; empty for the full batch
 * @param shuffle whether epochs have an order of their own
 * @param shards number of shards, if it was given
 * @param blockRows most rows of a block
 * @param blas kind of matrix products
 * @param allowMixedCpus whether executors may differ in bits
 * @param engine which of the engines is asked
 * @param optimizer with its learning rate
 * @param penalty without the mask of the weights, which the network will give
 * @param clip what bounds a gradient
 * @param stop when to stop
 * @param checkpoint when to write the run down
 * @param curvature when to look at it
 * @param observe what is written and shown beside lines
 * @param json the configuration as resolved, defaults that were used included
 */
record RunConfiguration(
        String name,
        long seed,
        String output,
        DataDesign data,
        NetworkDesign network,
        OptionalLong batchRows,
        boolean shuffle,
        OptionalInt shards,
        int blockRows,
        Blas.Kind blas,
        boolean allowMixedCpus,
        Engines engine,
        Optimizer<?> optimizer,
        Penalty penalty,
        Clipping clip,
        StopRules stop,
        CheckpointRules checkpoint,
        CurvatureRules curvature,
        ObserveRules observe,
        String json) {
    /** Large enough for BLAS, small enough for the cache: 128, 256, 512 differ by under 10 % on README's machine. */
    static final int DEFAULT_BLOCK_ROWS = 256;

    static final int DEFAULT_SHARDS = 8;

    /** Reads a configuration; every key is checked before anything runs. */
    static RunConfiguration read(Settings root, String fileName) {
        String name = root.text("name", fileName.replaceFirst("\\.[^.]*$", ""));
        Optimizer<?> optimizer = Optimizers.read(root);
        OptionalLong batchRows = batchRows(root);
        boolean mixes = optimizer instanceof Perceptron rule && rule.variant() == Perceptron.Variant.MIXING;
        if (mixes && batchRows.isPresent()) {
            throw root.wrong("batch", "a step of mixing goes through all rows of every shard; expected full");
        }
        if (!mixes) {
            refuseMiniBatch(root, optimizer, batchRows);
        }
        NetworkDesign network = NetworkDesign.read(root.child("network"));
        RunConfiguration configuration = new RunConfiguration(
                name,
                root.integer("seed", 1),
                root.text("output", "runs/" + name),
                DataDesign.read(root.child("data"), network.loss().forClasses()),
                network,
                batchRows,
                root.flag("shuffle", true),
                root.has("shards") ? OptionalInt.of(root.integer("shards", 0, 1, 1 << 20)) : OptionalInt.empty(),
                root.integer("block-rows", DEFAULT_BLOCK_ROWS, 1, 1 << 20),
                root.choice("blas", "java", List.of("java", "native")).equals("java")
                        ? Blas.Kind.JAVA
                        : Blas.Kind.NATIVE,
                root.flag("allow-mixed-cpus", false),
                Engines.of(root.choice("engine", Engines.AUTO.key(), Engines.keys())),
                optimizer,
                penalty(root, optimizer),
                Clipping.read(root),
                StopRules.read(root),
                CheckpointRules.read(root),
                CurvatureRules.read(root),
                ObserveRules.read(root),
                root.resolved().root().render(ConfigRenderOptions.concise()));
        if (optimizer.needsOneFunction()) {
            checkOneFunction(root, configuration);
        }
        if (optimizer instanceof Perceptron) {
            checkPerceptron(root, configuration, mixes);
        }
        if (optimizer instanceof ScheduledOptimizer<?> scheduled) {
            scheduled.learningRate().plateau().ifPresent(plateau -> checkPlateau(root, configuration, plateau));
        }
        root.refuseUnknown();
        return configuration;
    }

    /** The rule is one of units that stand alone, and mistakes are read off the gradient: nothing may come between. */
    private static void checkPerceptron(Settings root, RunConfiguration configuration, boolean mixes) {
        Settings network = root.child("network");
        if (configuration.network.loss() != ClassLoss.PERCEPTRON) {
            throw network.wrong("loss", "the optimizer perceptron learns from mistakes; expected perceptron");
        }
        if (!configuration.network.hidden().isEmpty()) {
            throw network.wrong(
                    "hidden", "the optimizer perceptron teaches units that see the features themselves; expected []");
        }
        if (!configuration.penalty.isNone()) {
            throw root.wrong("penalty", "the optimizer perceptron learns from mistakes alone; leave this key out");
        }
        if (mixes && !configuration.clip.equals(Clipping.NONE)) {
            throw root.wrong("clip", "mixing steps from row to row, out of reach of clipping; leave this key out");
        }
    }

    /** Nothing may come between what several points say of one function. */
    private static void checkOneFunction(Settings root, RunConfiguration configuration) {
        String name = root.childOrValue("optimizer", "name").text("name");
        if (configuration.network.dropout() > 0) {
            throw root.child("network").wrong("dropout", name + " needs the same function in every step; expected 0");
        }
        if (!configuration.clip.equals(Clipping.NONE)) {
            throw root.wrong("clip", name + " needs the gradient itself; leave this key out");
        }
    }

    /** What a plateau watches must be there. */
    private static void checkPlateau(Settings root, RunConfiguration configuration, Plateau plateau) {
        Plateau.Monitor monitor = plateau.monitor();
        if (monitor != Plateau.Monitor.TRAINING_LOSS && !configuration.data.validates()) {
            throw root.wrong(
                    "learning-rate",
                    "monitor = " + monitor.key() + " needs a validation set; expected data.validation");
        }
        if (monitor == Plateau.Monitor.ACCURACY && !configuration.network.loss().forClasses()) {
            throw root.wrong(
                    "learning-rate", "monitor = accuracy needs classes; expected training-loss or validation-loss");
        }
    }

    private static OptionalLong batchRows(Settings root) {
        if (root.text("batch", "full").equals("full")) {
            return OptionalLong.empty();
        }
        long rows = root.integer("batch", 0);
        if (rows < 1) {
            throw root.wrong("batch", "expected full, or a number of rows of at least 1");
        }
        return OptionalLong.of(rows);
    }

    /** The word for the optimizer. */
    String optimizerName() {
        Settings root = Settings.of(ConfigFactory.parseString(json));
        return root.childOrValue("optimizer", "name").text("name");
    }

    /** The same run with another folder. */
    RunConfiguration withOutput(String folder) {
        return new RunConfiguration(
                name,
                seed,
                folder,
                data,
                network,
                batchRows,
                shuffle,
                shards,
                blockRows,
                blas,
                allowMixedCpus,
                engine,
                optimizer,
                penalty,
                clip,
                stop,
                checkpoint,
                curvature,
                observe,
                json);
    }

    private static void refuseMiniBatch(Settings root, Optimizer<?> optimizer, OptionalLong batchRows) {
        if (!optimizer.fullBatchOnly()) {
            return;
        }
        Settings own = root.childOrValue("optimizer", "name");
        if (!own.flag("allow-mini-batch", false) && batchRows.isPresent()) {
            String name = own.text("name");
            throw root.wrong(
                    "batch",
                    name + " compares gradients of consecutive steps, which must see the same rows; expected full, or"
                            + " optimizer { name = " + name + ", allow-mini-batch = true }");
        }
    }

    private static Penalty penalty(Settings root, Optimizer<?> optimizer) {
        Penalty penalty = Penalty.read(root, Vector.zeros(0));
        if (penalty.l1By() == Penalty.L1By.PROXIMAL && !optimizer.proximal()) {
            Settings own = root.childOrValue("optimizer", "name");
            throw root.child("penalty")
                    .wrong(
                            "l1-by",
                            "the optimizer " + own.text("name") + (own.has("form") ? " with this form" : "")
                                    + " makes no proximal steps; expected subgradient, or an optimizer such as"
                                    + " gradient-descent, momentum or nesterov");
        }
        return penalty;
    }
}
