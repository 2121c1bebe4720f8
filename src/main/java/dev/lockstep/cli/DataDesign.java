package dev.lockstep.cli;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValueFactory;
import dev.lockstep.InputException;
import dev.lockstep.Settings;
import dev.lockstep.data.ClassWeights;
import dev.lockstep.data.Missing;
import dev.lockstep.data.Preparation;
import dev.lockstep.data.Scan;
import dev.lockstep.data.Source;
import dev.lockstep.data.Sources;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;

/**
 * What the {@code data} part of a configuration says.
 *
 * @param train rows to learn from
 * @param fraction share of the training rows, without those that are set aside, that is used; 1 for all
 * @param validationFraction share of the training rows that is set aside; 0 for none
 * @param validation rows of their own, or none
 * @param test rows of their own, or none
 * @param wanted what is learnt from the training rows before the network is
 * @param scale factor on every feature
 */
record DataDesign(
        Input train,
        double fraction,
        double validationFraction,
        Optional<Input> validation,
        Optional<Input> test,
        Preparation.Wanted wanted,
        double scale) {
    private static final String BAD_ROW = "on-bad-row";
    private static final List<String> BAD_ROW_WORDS = List.of("fail", "skip");
    private static final String LIMIT = "bad-row-limit";
    private static final String MISSING = "missing";
    private static final String UNKNOWN = "unknown-category";
    private static final List<String> UNKNOWN_WORDS = List.of("fail", "ignore");
    private static final String CLASS_WEIGHTS = "class-weights";

    /**
     * What is done about faulty rows; said for all sources, and by each for itself.
     *
     * @param badRow {@code fail} or {@code skip}
     * @param badRowLimit most share of skipped rows
     * @param missing what is done about a missing feature
     * @param unknownCategory {@code fail} or {@code ignore}
     */
    record Faults(String badRow, double badRowLimit, Missing missing, String unknownCategory) {
        static final Faults REFUSED = new Faults("fail", Scan.Rules.DEFAULT_BAD_ROW_LIMIT, Missing.FAIL, "fail");

        static Faults read(Settings settings, Faults otherwise) {
            double limit = settings.number(LIMIT, otherwise.badRowLimit);
            if (!(limit >= 0 && limit <= 1)) {
                throw settings.wrong(LIMIT, "expected a share of the rows, from 0 to 1");
            }
            return new Faults(
                    settings.choice(BAD_ROW, otherwise.badRow, BAD_ROW_WORDS),
                    limit,
                    Missing.of(settings.choice(MISSING, otherwise.missing.key(), Missing.keys())),
                    settings.choice(UNKNOWN, otherwise.unknownCategory, UNKNOWN_WORDS));
        }

        Scan.Rules rules(boolean forClasses) {
            return new Scan.Rules(forClasses, badRow.equals("skip"), badRowLimit, unknownCategory.equals("ignore"));
        }
    }

    /**
     * A source and what to do with its faulty rows.
     *
     * @param source where rows come from
     * @param faults what is done about faulty rows
     * @param json the source's settings
     */
    record Input(Source source, Faults faults, String json) {
        static Input read(Settings settings, Faults otherwise, boolean labelled) {
            Faults faults = Faults.read(settings, otherwise);
            Source source = Sources.read(settings, new Sources.Use(labelled, faults.missing));
            if (!Sources.isTable(settings.text("format"))) {
                refuseIdle(settings, settings.text("format"));
                return new Input(source, faults, settings.json());
            }
            // What holds for all sources of the configuration goes with this one, to read other rows in the same way.
            Config own = settings.config()
                    .withValue(MISSING, ConfigValueFactory.fromAnyRef(faults.missing.key()))
                    .withValue(UNKNOWN, ConfigValueFactory.fromAnyRef(faults.unknownCategory));
            return new Input(source, faults, own.root().render(ConfigRenderOptions.concise()));
        }
    }

    /** Refuses keys that have no effect on sources that are no tables: their rows hold a number in every column. */
    private static void refuseIdle(Settings settings, String format) {
        for (String key : List.of(MISSING, UNKNOWN)) {
            if (settings.has(key) && !settings.text(key).equals("fail")) {
                throw settings.wrong(
                        key,
                        "rows of " + format + " hold a number in every column, so this has no effect; leave it out");
            }
        }
    }

    /** The same for what is said of all sources, if none is a table. */
    private static void refuseIdle(Settings data) {
        List<String> formats = new ArrayList<>();
        for (String set : List.of("train", "validation", "test")) {
            if (data.has(set) && data.child(set).has("format")) {
                formats.add(data.child(set).text("format"));
            }
        }
        if (formats.stream().noneMatch(Sources::isTable)) {
            refuseIdle(data, String.join(" and ", new LinkedHashSet<>(formats)));
        }
    }

    static DataDesign read(Settings data, boolean forClasses) {
        Faults faults = Faults.read(data, Faults.REFUSED);
        if (!data.has("train")) {
            throw data.wrong("train", "expected a source in braces, with a format");
        }
        Input train = Input.read(data.child("train"), faults, true);
        double share = data.number("fraction", 1.0);
        if (!(share > 0 && share <= 1)) {
            throw data.wrong("fraction", "expected a share of the training rows, above 0 and at most 1");
        }
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
            } else if (!own.has("format")) {
                throw data.wrong(
                        "validation",
                        "expected a fraction of train, or a source of its own with a format; "
                                + "${data.train} { path = … } is another file of train's kind");
            } else {
                validation = Optional.of(Input.read(own, faults, true));
            }
        }
        Optional<Input> test =
                data.has("test") ? Optional.of(Input.read(data.child("test"), faults, true)) : Optional.empty();
        refuseIdle(data);
        double scale = data.number("scale", 1.0);
        if (scale == 0) {
            throw data.wrong("scale", "expected a number other than 0");
        }
        boolean fill = train.source.fillsMissing()
                || validation.map(input -> input.source.fillsMissing()).orElse(false)
                || test.map(input -> input.source.fillsMissing()).orElse(false);
        boolean standardizeTargets = data.flag("standardize-targets", false);
        if (standardizeTargets && forClasses) {
            throw data.wrong(
                    "standardize-targets",
                    "classes are no numbers; leave this key out, or use network.loss = squared-error");
        }
        Preparation.Wanted wanted = new Preparation.Wanted(
                fill, data.flag("standardize", false), standardizeTargets, classWeights(data, forClasses));
        return new DataDesign(train, share, fraction, validation, test, wanted, scale);
    }

    private static ClassWeights classWeights(Settings data, boolean forClasses) {
        if (!data.has(CLASS_WEIGHTS)) {
            return null;
        }
        if (!forClasses) {
            throw data.wrong(
                    CLASS_WEIGHTS, "there are no classes where the loss is one for numbers; leave this key out");
        }
        if (!data.isObject(CLASS_WEIGHTS)) {
            data.choice(CLASS_WEIGHTS, "balanced", List.of("balanced"));
            return ClassWeights.balanced();
        }
        var given = data.numbersByName(CLASS_WEIGHTS);
        if (given.values().stream().anyMatch(weight -> weight < 0)) {
            throw data.wrong(CLASS_WEIGHTS, "expected weights of at least 0");
        }
        return ClassWeights.of(given);
    }

    /** Whether there will be a validation set. */
    boolean validates() {
        return validationFraction > 0 || validation.isPresent();
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

    /** How many of so many rows that were not set aside are used: at least one. */
    long trainingRows(long rows) {
        return Math.max(1, Math.round(fraction * rows));
    }
}
