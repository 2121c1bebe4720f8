package dev.lockstep.study;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/** Results of runs, made up for tests: a run of a method with a learning rate and a seed, and what it came to. */
final class StudyRuns {
    private StudyRuns() {}

    static final Target HARD = new Target(Target.TRAINING_LOSS, 0.1);
    static final Target EASY = new Target(Target.TRAINING_LOSS, 0.3);

    static RunKey key(String method, String rate, long seed) {
        Map<String, String> varied = new LinkedHashMap<>();
        varied.put("optimizer", method);
        varied.put("learning-rate", rate);
        varied.put("seed", Long.toString(seed));
        return new RunKey(
                method + (rate.isEmpty() ? "" : "-" + rate) + "-seed-" + seed,
                varied,
                method,
                !rate.isEmpty(),
                rate.isEmpty() ? OptionalDouble.empty() : OptionalDouble.of(Double.parseDouble(rate)),
                seed,
                1000,
                Double.NaN);
    }

    /** A run that ended after 10 passes and 5 seconds with a loss. */
    static RunResult run(RunKey key, double finalLoss) {
        return new RunResult(
                key,
                RunState.FINISHED,
                new RunResult.Ending("epochs", "all 10 epochs done", "raise stop.epochs"),
                new RunResult.Totals(100, 10, 10, 5, finalLoss, finalLoss, 0.01),
                Map.of(),
                Map.of(),
                Map.of(HARD.id(), finalLoss, EASY.id(), finalLoss),
                new Series(),
                new Series(),
                Double.NaN,
                Optional.empty());
    }

    static RunResult run(String method, String rate, long seed, double finalLoss) {
        return run(key(method, rate, seed), finalLoss);
    }

    /** The same run, which reached a target. */
    static RunResult reached(RunResult run, Target target, double passes, double seconds) {
        Map<String, TargetWatch.Reached> targets = new LinkedHashMap<>(run.targets());
        targets.put(target.id(), new TargetWatch.Reached(passes, seconds));
        return new RunResult(
                run.key(),
                run.state(),
                run.ending(),
                run.totals(),
                run.validation(),
                targets,
                run.nearest(),
                run.steps(),
                run.epochs(),
                run.bytesPerEvaluation(),
                run.rate());
    }

    /** The same run in another state. */
    static RunResult in(RunState state, RunResult run) {
        return new RunResult(
                run.key(),
                state,
                new RunResult.Ending(state.key(), "the loss became NaN", ""),
                run.totals(),
                run.validation(),
                run.targets(),
                run.nearest(),
                run.steps(),
                run.epochs(),
                run.bytesPerEvaluation(),
                run.rate());
    }

    /** The same run with a validation loss, best and last. */
    static RunResult validated(RunResult run, double loss) {
        return new RunResult(
                run.key(),
                run.state(),
                run.ending(),
                run.totals(),
                Map.of("loss", new RunResult.Metric(loss, loss)),
                run.targets(),
                run.nearest(),
                run.steps(),
                run.epochs(),
                run.bytesPerEvaluation(),
                run.rate());
    }
}
