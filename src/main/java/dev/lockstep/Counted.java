package dev.lockstep;

import java.util.Locale;

/** Numbers of things, in words. */
public final class Counted {
    private Counted() {}

    /** Such as 1 study, 2 studies, 1,000 studies. */
    public static String of(long count, String one, String many) {
        return String.format(Locale.ROOT, "%,d %s", count, count == 1 ? one : many);
    }

    /** Such as 1 run, 2 runs: the plural is made with an s. */
    public static String of(long count, String one) {
        return of(count, one, one + "s");
    }
}
