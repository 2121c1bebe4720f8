package dev.lockstep.data;

import java.util.List;

/** Lists of names in messages. */
final class Names {
    private static final int MOST = 20;

    private Names() {}

    /** The names between commas; of a long list the first ones, and how many there are. */
    static String some(List<String> names) {
        return names.size() <= MOST
                ? String.join(", ", names)
                : String.join(", ", names.subList(0, MOST)) + ", … (" + names.size() + " in all)";
    }
}
