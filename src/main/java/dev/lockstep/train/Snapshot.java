package dev.lockstep.train;

import dev.lockstep.linalg.Vector;
import dev.lockstep.optimize.Optimizer;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A run between two steps: whoever has it can go on to the same bits.
 *
 * @param point P parameters
 * @param before the point one step earlier: the last good one, should the objective at {@code point} not be finite
 * @param gradient of the step before, P entries, where steps are compared with the one before them; else null, as before
 *     the first step
 * @param best the weights of the best epoch, where they are kept; else null
 * @param state the optimizer's
 * @param standing all the rest
 * @param <S> the optimizer's state
 */
public record Snapshot<S extends Record>(
        Vector point, Vector before, Vector gradient, Vector best, S state, Standing standing) {
    /** How the components of a state are read; to look for them takes longer than a step of a small network. */
    private static final ClassValue<List<Method>> ACCESSORS = new ClassValue<>() {
        @Override
        protected List<Method> computeValue(Class<?> state) {
            List<Method> accessors = new ArrayList<>();
            for (RecordComponent component : state.getRecordComponents()) {
                Method accessor = component.getAccessor();
                accessor.setAccessible(true);
                accessors.add(accessor);
            }
            return accessors;
        }
    };

    /** A run that has not begun. */
    public static <S extends Record> Snapshot<S> start(Optimizer<S> optimizer, Vector point) {
        return new Snapshot<>(point, point, null, null, optimizer.start(point), Standing.START);
    }

    /** The components of the optimizer's state, by name and in their order: vectors, lists of vectors, numbers. */
    public Map<String, Object> stateEntries() {
        Map<String, Object> entries = new LinkedHashMap<>();
        for (Method accessor : ACCESSORS.get(state.getClass())) {
            try {
                entries.put(accessor.getName(), accessor.invoke(state));
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException("cannot read " + accessor + " of an optimizer's state", e);
            }
        }
        return entries;
    }

    /** All its vectors, each at least once. */
    List<Vector> vectors() {
        List<Vector> all = new ArrayList<>();
        add(all, point);
        add(all, before);
        add(all, gradient);
        add(all, best);
        add(all, List.copyOf(stateEntries().values()));
        return all;
    }

    private static void add(List<Vector> all, Object value) {
        if (value instanceof Vector vector) {
            all.add(vector);
        } else if (value instanceof List<?> list) {
            list.forEach(each -> add(all, each));
        }
    }

    /** The same snapshot, whose vectors stay as they are whatever becomes of the run. */
    Snapshot<S> kept() {
        vectors().forEach(Vector::keep);
        return this;
    }
}
