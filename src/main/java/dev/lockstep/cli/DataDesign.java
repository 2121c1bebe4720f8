package dev.lockstep.cli;

import dev.lockstep.InputException;
import dev.lockstep.Settings;
import dev.lockstep.data.Source;
import dev.lockstep.data.Sources;
import java.util.List;
import java.util.Optional;

/**
 * What the {@code data} part of a configuration says.
 *
 * @param train rows to learn from
 * @param validationFraction share of the training rows that is set aside; 0 for none
 * @param validation rows of their own, or none
 * @param test rows of their own, or none
 * @param standardize whether features are standardized
 * @param scale factor on every feature
 */
record DataDesign(
        Input train,
        double validationFraction,
        Optional<Input> validation,
        Optional<Input> test,
        boolean standardize,
        double scale) {
    private static final String BAD_ROW = "on-bad-row";
    private static final List<String> BAD_ROW_WORDS = List.of("fail", "skip");

    /**
     * A source and what to do with its bad rows.
     *
     * @param source where rows come from
     * @param skipBad whether bad rows are left out
     * @param json the source's settings
     */
    record Input(Source source, boolean skipBad, String json) {
        static Input read(Settings settings, String badRow) {
            Source source = Sources.read(settings);
            String word = settings.choice(BAD_ROW, badRow, BAD_ROW_WORDS);
            return new Input(
                    source,
                    word.equals("skip"),
                    settings.config().root().render(com.typesafe.config.ConfigRenderOptions.concise()));
        }
    }

    static DataDesign read(Settings data) {
        String badRow = data.choice(BAD_ROW, "fail", BAD_ROW_WORDS);
        if (!data.has("train")) {
            throw data.wrong("train", "expected a source in braces, with a format");
        }
        Input train = Input.read(data.child("train"), badRow);
        double fraction = 0;
        Optional<Input> validation = Optional.empty();
        if (data.has("validation")) {
            Settings own = data.child("validation");
            if (own.has("fraction") && own.has("format")) {
                throw own.wrong("fraction", "give either a fraction of train, or a source of its own");
            }
            if (own.has("fraction")) {
                fraction = own.number("fraction");
                if (!(fraction > 0 && fraction < 1)) {
                    throw own.wrong("fraction", "expected a number in (0, 1)");
                }
            } else {
                validation = Optional.of(Input.read(own, badRow));
            }
        }
        Optional<Input> test =
                data.has("test") ? Optional.of(Input.read(data.child("test"), badRow)) : Optional.empty();
        double scale = data.number("scale", 1.0);
        if (scale == 0) {
            throw data.wrong("scale", "expected a number other than 0");
        }
        return new DataDesign(train, fraction, validation, test, data.flag("standardize", false), scale);
    }

    /** How many of so many rows the fraction sets aside: at least one, and not all. */
    long validationRows(long rows) {
        if (validationFraction == 0) {
            return 0;
        }
        long wanted = Math.round(validationFraction * rows);
        if (rows < 2) {
            throw new InputException(
                    "data.validation.fraction = " + validationFraction + " needs at least 2 rows, got " + rows);
        }
        return Math.max(1, Math.min(rows - 1, wanted));
    }
}
