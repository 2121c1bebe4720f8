package dev.lockstep.data;

import java.io.Serializable;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * The classes of a label and their numbers 0 … C-1: sorted by value if all of them are numbers, else as text.
 *
 * <p>Labels that are equal as numbers ("1", "1.0") are one class where all labels are numbers.
 */
public final class Classes implements Serializable {
    private final List<String> names;
    private final boolean numeric;
    private final Map<String, Integer> numbers = new HashMap<>();

    private Classes(List<String> names, boolean numeric) {
        this.names = List.copyOf(names);
        this.numeric = numeric;
        for (int i = 0; i < names.size(); i++) {
            numbers.put(names.get(i), i);
        }
    }

    /** The classes of these labels, in whatever order they were met. */
    public static Classes of(Collection<String> labels) {
        boolean numeric = labels.stream().noneMatch(label -> Double.isNaN(Numbers.parse(label)));
        TreeSet<String> sorted =
                new TreeSet<>(numeric ? Comparator.comparingDouble(Numbers::parse) : Comparator.<String>naturalOrder());
        for (String label : labels) {
            sorted.add(numeric ? canonical(label) : label);
        }
        return new Classes(List.copyOf(sorted), numeric);
    }

    /** The shortest usual way to write a number, so that the name does not depend on which of two spellings came first. */
    private static String canonical(String number) {
        double value = Numbers.parse(number) + 0.0;
        return value == Math.rint(value) && Math.abs(value) < 1L << 53
                ? Long.toString((long) value)
                : Double.toString(value);
    }

    /** The names, in the order of their numbers. */
    public List<String> names() {
        return names;
    }

    /** How many classes there are. */
    public int count() {
        return names.size();
    }

    /** The number of a label, or -1 if it is no known class. */
    public int indexOf(String label) {
        Integer known = numbers.get(label);
        if (known == null && numeric && !Double.isNaN(Numbers.parse(label))) {
            known = numbers.get(canonical(label));
        }
        return known == null ? -1 : known;
    }
}
