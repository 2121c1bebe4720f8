package dev.lockstep.data;

import dev.lockstep.InputException;
import java.util.List;

/** Whether the columns of a data set are those that a network was trained on. */
final class SameColumns {
    private SameColumns() {}

    /** Refuses columns of another number, name or kind than in training. */
    static void check(List<Column> trained, List<Column> found) {
        if (trained.size() != found.size()) {
            throw new InputException("the network was trained on " + count(trained.size()) + ", the data has "
                    + found.size() + (found.size() < trained.size() ? missing(trained, found) : "")
                    + "; check label, features and separator");
        }
        for (int i = 0; i < trained.size(); i++) {
            Column old = trained.get(i);
            Column now = found.get(i);
            if (!isNumber(old.name()) && !isNumber(now.name()) && !old.name().equals(now.name())) {
                throw new InputException("feature " + i + " is \"" + now.name()
                        + "\", but the network was trained on \"" + old.name()
                        + "\" there; list the columns under features in the order of training");
            }
            if (old.kind() != now.kind() || old.width() != now.width()) {
                throw new InputException(
                        "the feature \"" + now.name() + "\" is " + describe(now) + ", but the network was trained on "
                                + describe(old) + " there; check the data and categorical");
            }
        }
    }

    private static String count(int columns) {
        return columns + (columns == 1 ? " feature" : " features");
    }

    private static String missing(List<Column> trained, List<Column> found) {
        List<String> names = found.stream().map(Column::name).toList();
        return trained.stream()
                .map(Column::name)
                .filter(name -> !isNumber(name) && !names.contains(name))
                .findFirst()
                .map(name -> " and lacks \"" + name + "\"")
                .orElse("");
    }

    private static String describe(Column column) {
        return switch (column.kind()) {
            case NUMBER -> "a number";
            case VECTOR -> "a vector of " + column.width() + " numbers";
            case CATEGORY -> "a category";
        };
    }

    /** Columns of a file without a header have numbers for names. */
    private static boolean isNumber(String name) {
        return name.chars().allMatch(Character::isDigit);
    }
}
