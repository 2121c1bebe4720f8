package dev.lockstep.cli;

import dev.lockstep.linalg.Vector;
import dev.lockstep.optimize.Curvature;
import dev.lockstep.optimize.Evaluation;
import dev.lockstep.optimize.Objective;
import java.util.List;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An objective that counts what it is asked, and says every few seconds how far it is. */
final class WatchedObjective implements Objective {
    private static final Logger LOG = LoggerFactory.getLogger(WatchedObjective.class);
    private static final long QUIET_NANOS = 5_000_000_000L;

    private final Objective objective;
    private final long begun = System.nanoTime();
    private long told = begun;
    private int evaluations;
    private int scans;

    WatchedObjective(Objective objective) {
        this.objective = objective;
    }

    @Override
    public int dimension() {
        return objective.dimension();
    }

    @Override
    public List<Integer> tensors() {
        return objective.tensors();
    }

    @Override
    public Evaluation evaluate(Vector point) {
        count(1);
        return objective.evaluate(point);
    }

    @Override
    public List<Evaluation> evaluate(List<Vector> points) {
        count(points.size());
        return objective.evaluate(points);
    }

    @Override
    public double[] values(List<Vector> points) {
        count(points.size());
        return objective.values(points);
    }

    @Override
    public List<Vector> products(Curvature matrix, Vector point, List<Vector> directions) {
        count(directions.size());
        return objective.products(matrix, point, directions);
    }

    private void count(int more) {
        evaluations += more;
        scans++;
        long now = System.nanoTime();
        if (now - told > QUIET_NANOS) {
            told = now;
            LOG.info(
                    "{} values, gradients and products so far, {} s",
                    String.format(Locale.ROOT, "%,d", evaluations),
                    Math.round((now - begun) * 1e-9));
        }
    }

    /** How many values, gradients and products it was asked for. */
    int evaluations() {
        return evaluations;
    }

    /** In how many calls. */
    int scans() {
        return scans;
    }
}
