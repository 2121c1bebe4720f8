package dev.lockstep.optimize;

import dev.lockstep.linalg.Vector;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The objective along a direction: phi(t) = E(point + t direction), t &gt;= 0, with phi'(0) = slope.
 *
 * @param objective what is evaluated
 * @param point where the ray begins, P parameters
 * @param here the objective there
 * @param direction P entries
 * @param slope here's gradient times the direction
 */
public record Ray(Objective objective, Vector point, Evaluation here, Vector direction, double slope) {
    /**
     * One point of a ray.
     *
     * @param step t
     * @param slope phi'(t)
     * @param evaluation value phi(t) and gradient
     */
    record Trial(double step, double slope, Evaluation evaluation) {
        double value() {
            return evaluation.value();
        }

        boolean isFinite() {
            return evaluation.isFinite() && Double.isFinite(slope);
        }
    }

    /** The ray from a point where the objective is known. */
    public static Ray of(Objective objective, Vector point, Evaluation here, Vector direction) {
        return new Ray(objective, point, here, direction, here.gradient().dot(direction));
    }

    /** Whether short steps go down. */
    public boolean descends() {
        return slope < 0 && slope > Double.NEGATIVE_INFINITY;
    }

    Vector at(double step) {
        return point.plus(step, direction);
    }

    Trial start() {
        return new Trial(0, slope, here);
    }

    /** One evaluation. */
    Trial trial(double step) {
        return trial(step, objective.evaluate(at(step)));
    }

    /** An evaluation for each step, with one scan of the rows. */
    List<Trial> trials(List<Double> steps) {
        List<Evaluation> answers =
                objective.evaluate(steps.stream().map(this::at).toList());
        return IntStream.range(0, steps.size())
                .mapToObj(i -> trial(steps.get(i), answers.get(i)))
                .toList();
    }

    private Trial trial(double step, Evaluation evaluation) {
        return new Trial(step, evaluation.gradient().dot(direction), evaluation);
    }

    /** Armijo's condition phi(t) &lt;= phi(0) + share t phi'(0); what is not finite does not fulfil it. */
    boolean fallsEnough(Trial trial, double share) {
        return trial.isFinite() && trial.value() <= here.value() + share * trial.step() * slope;
    }

    /** Whether something was gained: where rounding makes values equal, the slope must at least have become flatter. */
    boolean gains(Trial trial) {
        return trial.value() < here.value() || Math.abs(trial.slope()) < -slope;
    }
}
