package dev.lockstep.observe;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.InputException;
import dev.lockstep.curvature.Sharpness;
import dev.lockstep.network.Sums;
import dev.lockstep.train.EpochRecord;
import dev.lockstep.train.Motion;
import dev.lockstep.train.Standing;
import dev.lockstep.train.StepRecord;
import dev.lockstep.train.TrainingListener;
import java.io.Closeable;
import java.io.IOException;
import java.util.function.Function;
import org.apache.hadoop.conf.Configuration;

/** The folder of one run: a line a step, a line an epoch, and at the end the summary and the model. */
public final class RunFolder implements TrainingListener, Closeable {
    private static final String STEPS = "steps.jsonl";
    static final String EPOCHS = "epochs.jsonl";
    /** In the curvature of an epoch. */
    static final String STABILITY_LIMIT = "stabilityLimit";

    private static final String SUMMARY = "run.json";

    private final Folder folder;
    private final Function<Sums, Metrics> measure;
    private final LineFile steps;
    private final LineFile epochs;
    private boolean hasSteps;

    /** What a run left there before, kept until this one has a step of its own; null if there was none. */
    private Folder replaced;

    /** Whether it was begun by an earlier process, whose work must never be thrown away. */
    private final boolean resumed;

    private RunFolder(Folder folder, Folder replaced, Function<Sums, Metrics> measure) throws IOException {
        this.folder = folder;
        this.replaced = replaced;
        this.measure = measure;
        this.resumed = false;
        this.steps = LineFile.begin(folder, STEPS);
        this.epochs = LineFile.begin(folder, EPOCHS);
    }

    private RunFolder(Folder folder, Standing standing, Function<Sums, Metrics> measure) throws IOException {
        this.folder = folder;
        this.measure = measure;
        this.resumed = true;
        this.steps = LineFile.resume(folder, STEPS, standing.steps());
        this.epochs = LineFile.resume(folder, EPOCHS, standing.epochs());
    }

    /**
     * The folder of a run that goes on: lines of steps and epochs after the checkpoint are taken away.
     *
     * @param standing where the checkpoint stands
     * @throws InputException if lines before it are missing
     */
    public static RunFolder resume(Folder folder, Standing standing, Function<Sums, Metrics> measure) {
        try {
            return new RunFolder(folder, standing, measure);
        } catch (IOException e) {
            throw new InputException(folder + ": nothing can be written there: " + e.getMessage(), e);
        }
    }

    /** The folder itself. */
    public Folder folder() {
        return folder;
    }

    /** Brings all lines to where they outlive this process. */
    public void flush() {
        steps.flush();
        epochs.flush();
    }

    /**
     * Refuses a folder that is there already, unless it may be overwritten and is a run folder, and one that cannot be
     * written. Leaves nothing behind.
     *
     * @throws InputException if the folder may not be used
     */
    public static void check(String path, boolean overwrite, Configuration hadoop) {
        Folder folder = Folder.of(path, hadoop);
        if (!folder.exists()) {
            checkWritable(folder);
            return;
        }
        if (!isRun(folder)) {
            throw new InputException(path + ": exists and is no run folder, so it is left alone; give another output");
        }
        if (!overwrite) {
            throw new InputException(
                    path + ": the run folder exists; give another output, or --overwrite to replace it");
        }
        checkWritable(folder);
    }

    /** Whether a run has left the folder. */
    public static boolean isRun(Folder folder) {
        return folder.has(STEPS) || folder.has(SUMMARY);
    }

    private static void checkWritable(Folder folder) {
        try {
            folder.checkWritable();
        } catch (InputException e) {
            throw new InputException(e.getMessage() + "; give another output", e);
        }
    }

    /**
     * Makes the folder, after {@link #check}; what a run left there before is set aside, and deleted with the first step.
     *
     * @param measure makes validation metrics of sums
     */
    public static RunFolder create(String path, Function<Sums, Metrics> measure, Configuration hadoop) {
        Folder folder = Folder.of(path, hadoop);
        Folder replaced = folder.exists() ? folder.setAside() : null;
        folder.create();
        try {
            return new RunFolder(folder, replaced, measure);
        } catch (IOException e) {
            throw new InputException(path + ": nothing can be written there: " + e.getMessage(), e);
        }
    }

    @Override
    public void step(StepRecord step) {
        ObjectNode node = Json.object();
        node.put("step", step.step());
        node.put("epoch", step.epoch());
        Json.put(node, "loss", step.loss());
        Json.put(node, "gradientNorm", step.gradientNorm());
        Json.put(node, "stepNorm", step.stepNorm());
        Json.put(node, "learningRate", step.learningRate().orElse(Double.NaN));
        node.put("rows", step.rows());
        node.put("evaluations", step.evaluations());
        Json.put(node, "seconds", step.seconds());
        step.motion().ifPresent(motion -> put(node, motion));
        steps.append(node);
        hasSteps = true;
        if (replaced != null) {
            replaced.delete();
            replaced = null;
        }
    }

    @Override
    public void epoch(EpochRecord epoch) {
        ObjectNode node = Json.object();
        node.put("epoch", epoch.epoch());
        node.put("steps", epoch.steps());
        Json.put(node, "loss", epoch.loss());
        if (epoch.validation() != null) {
            ObjectNode validation = measure.apply(epoch.validation()).json();
            validation.remove("perClass");
            node.set("validation", validation);
        }
        epoch.sharpness().ifPresent(sharpness -> {
            ObjectNode curvature = node.putObject("curvature");
            put(curvature, sharpness);
            Json.put(curvature, STABILITY_LIMIT, epoch.stabilityLimit().orElse(Double.NaN));
        });
        Json.put(node, "seconds", epoch.seconds());
        epochs.append(node);
    }

    private static void put(ObjectNode node, Sharpness sharpness) {
        Json.put(node, "lambdaMax", sharpness.lambdaMax());
        Json.put(node, "lambdaMaxResidual", sharpness.maxResidual());
        Json.put(node, "lambdaMin", sharpness.lambdaMin());
        Json.put(node, "lambdaMinResidual", sharpness.minResidual());
        node.put("products", sharpness.products());
        sharpness.eigenvalues().ifPresent(eigenvalues -> {
            node.put("negativeEigenvalues", sharpness.index());
            ArrayNode all = node.putArray("eigenvalues");
            for (double eigenvalue : eigenvalues.toArray()) {
                all.add(eigenvalue);
            }
        });
    }

    private static void put(ObjectNode node, Motion motion) {
        Json.put(node, "signChanges", motion.signChanges().orElse(Double.NaN));
        Json.put(node, "cosine", motion.cosine().orElse(Double.NaN));
        motion.stepSizes().ifPresent(sizes -> {
            ObjectNode entry = node.putObject("stepSizes");
            Json.put(entry, "min", sizes.min());
            Json.put(entry, "median", sizes.median());
            Json.put(entry, "max", sizes.max());
        });
    }

    /** Writes the model and, last of all, the summary. */
    public void finish(ObjectNode summary, SavedModel model) {
        close();
        model.save(folder.child("model"));
        folder.write(SUMMARY, Json.pretty(summary));
    }

    /** Writes the model alone: the run is not at its end. */
    public void leave(SavedModel model) {
        close();
        model.save(folder.child("model"));
    }

    /** Whether there are steps that must not be lost: of this process, or of one before it. */
    public boolean hasSteps() {
        return hasSteps || resumed;
    }

    /** Takes the folder away again, and puts back what it replaced: the run turned out to be the user's mistake. */
    public void discard() {
        close();
        if (resumed) {
            return;
        }
        folder.discard();
        if (replaced != null) {
            replaced.moveTo(folder);
            replaced = null;
        }
    }

    @Override
    public void close() {
        try (steps) {
            epochs.close();
        }
    }
}
