package dev.lockstep.optimize;

import dev.lockstep.InputException;
import dev.lockstep.Settings;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The part of a run that a schedule governs: all of it, or what a warm-up leaves. Gives lengths their default.
 *
 * @param root the run's configuration
 * @param outer what the warm-up in front counts, if there is one
 * @param before length of that warm-up, else 0
 */
record Span(Settings root, Optional<Per> outer, long before) {
    /** Epochs of a run without any rule of stopping. */
    private static final long EPOCHS = 20;

    /** Rules of stopping that do not tell how long a run is. */
    private static final List<String> OTHER_RULES =
            List.of("passes", "minutes", "target-loss", "gradient-norm", "patience");

    /** The whole run. */
    static Span whole(Settings root) {
        return new Span(root, Optional.empty(), 0);
    }

    /** What a warm-up leaves of the run. */
    Span after(Per per, long length) {
        return new Span(root, Optional.of(per), length);
    }

    /** The key {@code per} of a schedule; behind a warm-up it must be the warm-up's, which is then the default. */
    Per per(Settings own) {
        Per per = Per.read(own, outer.orElse(Per.STEP));
        if (outer.isPresent() && per != outer.get()) {
            throw own.wrong("per", "expected " + outer.get().key() + ", which is what the warm-up in front counts");
        }
        return per;
    }

    /**
     * The key {@code length} of a schedule, at least 1; the default is what the run has left.
     *
     * @param per what the length is counted in
     * @throws InputException if it is not given and the configuration alone does not tell it
     */
    long length(Settings own, Per per) {
        if (own.has("length")) {
            return Range.count(own, "length");
        }
        long run = run(own, per);
        if (run <= before) {
            throw own.wrong(
                    "length",
                    "expected a number of " + per.key() + "s, or a shorter warm-up: it leaves nothing of the run's "
                            + run);
        }
        return own.integer("length", run - before);
    }

    /** Most steps or epochs of the run by the rules of {@code dev.lockstep.train.StopRules}, without counting rows. */
    private long run(Settings own, Per per) {
        Settings stop = root.child("stop");
        OptionalLong epochs = bound(stop, "epochs");
        OptionalLong steps = bound(stop, "steps");
        boolean others = false;
        for (String rule : OTHER_RULES) {
            others |= stop.has(rule);
        }
        if (epochs.isEmpty() && steps.isEmpty() && !others) {
            epochs = OptionalLong.of(EPOCHS);
        }
        String batch = root.text("batch", "full");
        if (batch.equals("full") && (epochs.isPresent() || steps.isPresent())) {
            // each step is an epoch
            return Math.min(epochs.orElse(Long.MAX_VALUE), steps.orElse(Long.MAX_VALUE));
        }
        boolean bySteps = per == Per.STEP;
        String remedy = bySteps && epochs.isPresent()
                ? "per = epoch: with batch = " + batch + " the configuration alone does not tell the run's steps"
                : "stop." + per.key() + "s: what stop holds does not tell how long the run is";
        return (bySteps ? steps : epochs)
                .orElseThrow(() -> own.wrong("length", "expected a number of " + per.key() + "s, or " + remedy));
    }

    private static OptionalLong bound(Settings stop, String rule) {
        return stop.has(rule) ? OptionalLong.of(Range.count(stop, rule)) : OptionalLong.empty();
    }
}
