package dev.lockstep.optimize;

import dev.lockstep.linalg.Vector;
import java.util.List;

/** The tensors of the parameters one by one, for methods that scale each of them as a whole. */
final class Tensors {
    private Tensors() {}

    /** Fills a piece of a result that lies within one tensor; is called by several threads at once. */
    interface Fill {
        void run(double[] result, int from, int to, int tensor);
    }

    /** The norm of each tensor of a vector. */
    static double[] norms(List<Integer> bounds, Vector vector) {
        double[] norms = new double[bounds.size() - 1];
        for (int tensor = 0; tensor < norms.length; tensor++) {
            norms[tensor] = vector.norm(bounds.get(tensor), bounds.get(tensor + 1));
        }
        return norms;
    }

    /** The vector whose entries are filled in piece by piece, each piece within one tensor. */
    static Vector fill(List<Integer> bounds, Fill fill) {
        int count = bounds.size() - 1;
        return Vector.of(bounds.get(count), (result, from, to) -> {
            for (int tensor = 0; tensor < count; tensor++) {
                int first = Math.max(from, bounds.get(tensor));
                int end = Math.min(to, bounds.get(tensor + 1));
                if (first < end) {
                    fill.run(result, first, end, tensor);
                }
            }
        });
    }
}
