package dev.lockstep.data;

import java.io.Serializable;
import java.math.BigDecimal;
import java.util.Collection;
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
        boolean numeric = labels.stream().allMatch(label -> Numbers.exact(label).isPresent());
        if (!numeric) {
            return new Classes(List.copyOf(new TreeSet<>(labels)), false);
        }
        TreeSet<BigDecimal> sorted = new TreeSet<>();
        labels.forEach(label -> sorted.add(Numbers.exact(label).orElseThrow()));
        return new Classes(sorted.stream().map(BigDecimal::toPlainString).toList(), true);
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
        if (known == null && numeric) {
            known = Numbers.exact(label)
                    .map(number -> numbers.get(number.toPlainString()))
                    .orElse(null);
        }
        return known == null ? -1 : known;
    }
}
