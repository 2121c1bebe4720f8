package dev.lockstep.optimize;

import dev.lockstep.linalg.Vector;

/** What is known of a point when a step begins there: the evaluation of the line search that found it. */
final class Known {
    /** The evaluation of a point of which nothing is known: its gradient is empty. */
    static final Evaluation NOTHING = new Evaluation(0, Vector.zeros(0), 0);

    private Known() {}

    /** What the next step can know: nothing if its objective may be another one. */
    static Evaluation after(LineSearch.Found found, Objective objective) {
        return objective.isFixed() ? found.evaluation().orElse(NOTHING) : NOTHING;
    }

    /** The evaluation of a point: the known one, else a new one. */
    static Evaluation at(Vector point, double value, Vector gradient, double norm, Objective objective) {
        return gradient.size() > 0 && objective.isFixed()
                ? new Evaluation(value, gradient, norm)
                : objective.evaluate(point);
    }
}
