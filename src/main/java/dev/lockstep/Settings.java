package dev.lockstep;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import com.typesafe.config.ConfigValueType;
import java.io.File;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.commons.text.similarity.LevenshteinDistance;

/**
 * One object of a HOCON configuration, which remembers the keys that were asked for.
 *
 * <p>Whoever reads a part of a configuration asks for the keys that it knows; {@link #refuseUnknown()}, called when all
 * have asked, names a key nobody asked for, and the nearest one that somebody did. So the list of known keys has one
 * home: the code that uses them. Every complaint says file, line, key, value and remedy in one line.
 */
public final class Settings {
    /** What counts as a number; those that are not finite are refused by name. */
    private static final Pattern DECIMAL =
            Pattern.compile("[+-]?(\\d+(\\.\\d*)?|\\.\\d+)([eE][+-]?\\d+)?|NaN|[+-]?Infinity");

    private final ConfigObject object;
    private final String path;

    /** Where it all comes from, for what has no place of its own; may be empty. */
    private final String source;

    private final Set<String> asked = new LinkedHashSet<>();
    private final Map<String, Settings> children = new LinkedHashMap<>();

    /** What was used for keys that are not there. */
    private final Map<String, Object> defaults = new LinkedHashMap<>();

    private Settings(ConfigObject object, String path, String source) {
        this.object = object;
        this.path = path;
        this.source = source;
    }

    /** The settings of a resolved configuration. */
    public static Settings of(Config config) {
        String description = config.origin().description();
        return new Settings(config.root(), "", hasPlace(description) ? description.replaceFirst(": [0-9-]+$", "") : "");
    }

    /** The same for what stands below a path, which complaints name. */
    public static Settings of(Config config, String path) {
        return new Settings(config.root(), path, "");
    }

    /**
     * Reads a configuration file; includes and substitutions are resolved.
     *
     * @param file path of a HOCON, JSON or properties file
     * @param overrides {@code key.path=value} each; the last one wins, all win over the file
     * @throws InputException if the file is missing or is no HOCON, or an override has no {@code =}
     */
    public static Settings read(String file, List<String> overrides) {
        // A name without a folder has nothing beside which an include could be looked for.
        File source = new File(file).getAbsoluteFile();
        if (!source.isFile()) {
            throw new InputException(file + ": no such configuration file; conf/ has examples");
        }
        try {
            Config config = ConfigFactory.parseFile(
                    source,
                    ConfigParseOptions.defaults()
                            .setAllowMissing(false)
                            .setOriginDescription(file)
                            .setIncluder(new Includes(file, null)));
            for (String override : overrides) {
                config = Assignments.one(override, "--set").withFallback(config);
            }
            return new Settings(config.resolve().root(), "", file);
        } catch (ConfigException e) {
            throw new InputException(file + ": " + firstLine(e), e);
        }
    }

    /**
     * Reads a configuration that was written into a file of ours.
     *
     * @param text HOCON or JSON
     * @param source where it is from, for complaints
     * @param overrides as in {@link #read}
     */
    public static Settings parse(String text, String source, List<String> overrides) {
        Config config =
                ConfigFactory.parseString(text, ConfigParseOptions.defaults().setOriginDescription(source));
        for (String override : overrides) {
            config = Assignments.one(override, "--set").withFallback(config);
        }
        return new Settings(config.resolve().root(), "", source);
    }

    /**
     * Reads an inline object without its braces, as {@code --data} takes it: {@code format=csv,path=a/*.csv}. Commas
     * inside brackets, braces or quotes do not separate.
     *
     * @throws InputException if a part has no {@code =} or cannot be read
     */
    public static Config inline(String text, String where) {
        return Assignments.all(text, where);
    }

    /** Whether the key is there. Asking makes it known. */
    public boolean has(String key) {
        asked.add(key);
        return find(key).isPresent();
    }

    /** Whether the key is there and holds an object. */
    public boolean isObject(String key) {
        return has(key) && find(key).get().valueType() == ConfigValueType.OBJECT;
    }

    /** Whether the key is there and holds a list. */
    public boolean isList(String key) {
        return has(key) && find(key).get().valueType() == ConfigValueType.LIST;
    }

    /** The object under a key; an empty one if the key is not there. */
    public Settings child(String key) {
        asked.add(key);
        return children.computeIfAbsent(key, k -> {
            Optional<ConfigValue> value = find(k);
            if (value.isPresent() && !(value.get() instanceof ConfigObject)) {
                throw wrong(k, "expected an object in braces");
            }
            return new Settings(
                    value.map(v -> (ConfigObject) v)
                            .orElseGet(() -> ConfigFactory.empty().root()),
                    full(k),
                    source);
        });
    }

    /** The object under a key, or, where the key holds a single value, an object with that value under {@code name}. */
    public Settings childOrValue(String key, String name) {
        if (has(key) && !isObject(key)) {
            ConfigValue value = find(key).get();
            return children.computeIfAbsent(
                    key,
                    k -> new Settings(
                            ConfigFactory.empty().root().withValue(name, value).withOrigin(value.origin()),
                            full(k),
                            source));
        }
        return child(key);
    }

    /**
     * The objects of a list of them; empty if the key is not there. Whoever reads one refuses what is unknown in it.
     */
    public List<Settings> elements(String key) {
        asked.add(key);
        Optional<ConfigValue> value = find(key);
        if (value.isEmpty()) {
            return List.of();
        }
        if (!(value.get() instanceof ConfigList list)
                || list.stream().anyMatch(element -> !(element instanceof ConfigObject))) {
            throw wrong(key, "expected a list of objects in braces");
        }
        List<Settings> elements = new ArrayList<>();
        for (ConfigValue element : list) {
            elements.add(new Settings((ConfigObject) element, full(key) + "." + (elements.size() + 1), source));
        }
        return elements;
    }

    /** The text under a key that must be there. */
    public String text(String key) {
        return optionalText(key).orElseThrow(() -> missing(key));
    }

    /** The text under a key, or a default. */
    public String text(String key, String otherwise) {
        Optional<String> given = optionalText(key);
        if (given.isEmpty() && otherwise != null) {
            defaults.put(key, Assignments.typed(otherwise));
        }
        return given.orElse(otherwise);
    }

    /** The text under a key, if there is one; numbers and booleans count as their text. */
    public Optional<String> optionalText(String key) {
        asked.add(key);
        return find(key).map(value -> switch (value.valueType()) {
            case STRING, NUMBER, BOOLEAN -> String.valueOf(value.unwrapped());
            default -> throw wrong(key, "expected one value");
        });
    }

    /** One of several words, or a default. */
    public String choice(String key, String otherwise, Collection<String> words) {
        String word = text(key, otherwise);
        if (!words.contains(word)) {
            throw wrong(key, "expected one of " + String.join(", ", words) + near(word, words));
        }
        return word;
    }

    /** A list of words out of several, or the only one as a list; empty if the key is not there. */
    public List<String> choices(String key, Collection<String> words) {
        List<String> chosen = texts(key);
        for (String word : chosen) {
            if (!words.contains(word)) {
                throw wrong(key, "expected of each one of " + String.join(", ", words) + near(word, words));
            }
        }
        return chosen;
    }

    /** The finite number under a key that must be there. */
    public double number(String key) {
        asked.add(key);
        if (find(key).isEmpty()) {
            throw missing(key);
        }
        return number(key, Double.NaN);
    }

    /** The finite number under a key, or a default. */
    public double number(String key, double otherwise) {
        Optional<String> text = optionalText(key);
        if (text.isEmpty()) {
            if (Double.isFinite(otherwise)) {
                defaults.put(key, otherwise);
            }
            return otherwise;
        }
        return parse(text.get(), key);
    }

    /** The whole number under a key, or a default. */
    public long integer(String key, long otherwise) {
        double number = number(key, (double) otherwise);
        if (number != Math.rint(number)) {
            throw wrong(key, "expected a whole number");
        }
        // From 2^53 on a double may stand for a neighbour of what was written.
        if (Math.abs(number) >= 1L << 53) {
            throw wrong(key, "expected a whole number below 2^53 = 9007199254740992 in size");
        }
        defaults.computeIfPresent(key, (k, value) -> otherwise);
        return (long) number;
    }

    /** The whole number under a key, or a default, which must lie in a range. */
    public int integer(String key, int otherwise, int least, int most) {
        long number = integer(key, otherwise);
        if (number < least || number > most) {
            throw wrong(
                    key,
                    most == Integer.MAX_VALUE
                            ? "expected a whole number of at least " + least
                            : "expected a whole number from " + least + " to " + most);
        }
        return (int) number;
    }

    /** True or false, or a default. */
    public boolean flag(String key, boolean otherwise) {
        return Boolean.parseBoolean(choice(key, Boolean.toString(otherwise), List.of("true", "false")));
    }

    /** A list of texts, or the only one as a list; empty if the key is not there. */
    public List<String> texts(String key) {
        asked.add(key);
        Optional<ConfigValue> value = find(key);
        if (value.isEmpty()) {
            return List.of();
        }
        if (!(value.get() instanceof ConfigList list)) {
            return List.of(text(key));
        }
        List<String> texts = new ArrayList<>();
        for (ConfigValue element : list) {
            switch (element.valueType()) {
                case STRING, NUMBER, BOOLEAN -> texts.add(String.valueOf(element.unwrapped()));
                default -> throw wrong(key, "expected a list of plain values");
            }
        }
        return texts;
    }

    /** A list of finite numbers, or the only one as a list; empty if the key is not there. */
    public List<Double> numbers(String key) {
        return texts(key).stream().map(text -> parse(text, key)).toList();
    }

    /** The finite numbers of an object by their names, whatever these are; empty if the key is not there. */
    public Map<String, Double> numbersByName(String key) {
        asked.add(key);
        Optional<ConfigValue> value = find(key);
        if (value.isEmpty()) {
            return Map.of();
        }
        if (!(value.get() instanceof ConfigObject named)) {
            throw wrong(key, "expected an object with a number for each name");
        }
        Map<String, Double> numbers = new LinkedHashMap<>();
        named.forEach((name, number) -> numbers.put(name, parse(String.valueOf(number.unwrapped()), key)));
        return numbers;
    }

    /** The names in an object whose names may be any; empty if the key is not there. */
    public List<String> names(String key) {
        return has(key) && isObject(key) ? List.copyOf(((ConfigObject) find(key).orElseThrow()).keySet()) : List.of();
    }

    /** A list of finite numbers for each element of a list of lists; empty if the key is not there. */
    public List<List<Double>> rows(String key) {
        asked.add(key);
        Optional<ConfigValue> value = find(key);
        if (value.isEmpty()) {
            return List.of();
        }
        if (!(value.get() instanceof ConfigList list)) {
            throw wrong(key, "expected a list of lists of numbers");
        }
        List<List<Double>> rows = new ArrayList<>();
        for (ConfigValue element : list) {
            if (!(element instanceof ConfigList row)) {
                throw wrong(key, "expected a list of lists of numbers");
            }
            rows.add(row.stream()
                    .map(entry -> parse(String.valueOf(entry.unwrapped()), key))
                    .toList());
        }
        return rows;
    }

    private double parse(String text, String key) {
        // Java would take 0x1p3, 1f and 1d as well.
        if (!DECIMAL.matcher(text).matches()) {
            throw new InputException(describe(key) + " is not a number");
        }
        double number = Double.parseDouble(text);
        if (!Double.isFinite(number)) {
            throw wrong(key, "expected a finite number");
        }
        return number;
    }

    /** A complaint about the value of a key: place, key, value, and what was expected. */
    public InputException wrong(String key, String expected) {
        return new InputException(describe(key) + ": " + expected);
    }

    /** Place, key and value, or that it is missing, to begin a complaint with. */
    public String describe(String key) {
        Optional<ConfigValue> value = find(key);
        if (value.isEmpty()) {
            return absent(key);
        }
        ConfigValue there = value.get();
        String shown = there.valueType() == ConfigValueType.STRING
                        && !there.unwrapped().toString().isBlank()
                ? there.unwrapped().toString()
                : there.render(ConfigRenderOptions.concise());
        String plain = shown.length() > 80 ? shown.substring(0, 77) + "..." : shown;
        return place(there.origin()) + full(key) + " = " + plain;
    }

    private String absent(String key) {
        return place(object.origin()) + "the key " + full(key) + " is missing";
    }

    /** Where a key's value stands, to begin a complaint with; empty if nobody knows. */
    public String place(String key) {
        return find(key).map(value -> place(value.origin())).orElse("");
    }

    private InputException missing(String key) {
        LevenshteinDistance distance = LevenshteinDistance.getDefaultInstance();
        String misspelt = object.keySet().stream()
                .filter(present ->
                        !asked.contains(present) && distance.apply(present, key) <= Math.max(1, key.length() / 3))
                .findFirst()
                .map(present -> "; there is a key " + present + ": is that it?")
                .orElse("");
        return new InputException(absent(key) + misspelt);
    }

    /**
     * Complains of the first key, here or in a part that was asked for, that nobody asked for.
     *
     * @throws InputException names the key, what it may have been meant for, and all that are known
     */
    public void refuseUnknown() {
        for (Map.Entry<String, ConfigValue> entry :
                object.entrySet().stream().sorted(Map.Entry.comparingByKey()).toList()) {
            // null takes away what another file or option gave.
            if (!asked.contains(entry.getKey()) && entry.getValue().valueType() != ConfigValueType.NULL) {
                throw new InputException(place(entry.getValue().origin()) + "unknown key " + full(entry.getKey())
                        + meant(entry.getKey()) + listed());
            }
        }
        children.values().forEach(Settings::refuseUnknown);
    }

    /**
     * The keys that were asked for, here and in the parts that were, by their path from here and in that order; with
     * what was used for each that is not there, where the code that asked names a value.
     */
    public Map<String, Optional<Object>> known() {
        Map<String, Optional<Object>> known = new LinkedHashMap<>();
        for (String key : asked) {
            known.put(key, Optional.ofNullable(defaults.get(key)));
            if (children.containsKey(key)) {
                children.get(key).known().forEach((inner, used) -> known.put(key + "." + inner, used));
            }
        }
        return known;
    }

    /** One of this name further in; else the nearest. A key that is there already was meant only if there is no other one. */
    private String meant(String unknown) {
        List<String> inner = known().keySet().stream()
                .filter(known -> known.endsWith("." + ConfigUtil.joinPath(unknown)))
                .map(known -> path.isEmpty() ? known : path + "." + known)
                .toList();
        if (!inner.isEmpty()) {
            return "; did you mean " + String.join(" or ", inner) + "?";
        }
        String other =
                near(unknown, asked.stream().filter(key -> find(key).isEmpty()).toList());
        return other.isEmpty() ? near(unknown, asked) : other;
    }

    private String listed() {
        return asked.isEmpty() ? "" : "; known here: " + String.join(", ", asked);
    }

    /** A question for the nearest of several words, if it is near enough to be what was meant. */
    public static String near(String word, Collection<String> words) {
        LevenshteinDistance distance = LevenshteinDistance.getDefaultInstance();
        int most = Math.max(2, word.length() / 2);
        return words.stream()
                .min(Comparator.comparingInt(known -> distance.apply(word, known)))
                .filter(known -> distance.apply(word, known) <= most)
                .map(known -> "; did you mean " + known + "?")
                .orElse("");
    }

    /** This object as it was resolved, to be written into a run folder. */
    public Config config() {
        return object.toConfig();
    }

    /** This object with the defaults that were used for keys that are not there. */
    public Config resolved() {
        Config resolved = object.toConfig();
        for (Map.Entry<String, Object> used : defaults.entrySet()) {
            if (find(used.getKey()).isEmpty()) {
                resolved = resolved.withValue(
                        ConfigUtil.joinPath(used.getKey()), ConfigValueFactory.fromAnyRef(used.getValue()));
            }
        }
        for (Map.Entry<String, Settings> child : children.entrySet()) {
            Config inner = child.getValue().resolved();
            if (!inner.isEmpty()) {
                resolved = resolved.withValue(ConfigUtil.joinPath(child.getKey()), inner.root());
            }
        }
        return resolved;
    }

    /** This object as JSON, as it was written and resolved. */
    public String json() {
        return object.render(ConfigRenderOptions.concise());
    }

    private Optional<ConfigValue> find(String key) {
        return Optional.ofNullable(object.get(key)).filter(value -> value.valueType() != ConfigValueType.NULL);
    }

    private String full(String key) {
        String quoted = ConfigUtil.joinPath(key);
        return path.isEmpty() ? quoted : path + "." + quoted;
    }

    private String place(ConfigOrigin origin) {
        String description = origin.description();
        if (!hasPlace(description)) {
            return source.isEmpty() ? "" : source + ": ";
        }
        int line = origin.lineNumber();
        String file = line > 0 && description.endsWith(": " + line)
                ? description.substring(0, description.length() - (": " + line).length())
                : description;
        // An option of the command line has no lines.
        return line > 0 && !file.startsWith("--") ? file + ", line " + line + ": " : file + ": ";
    }

    /** Whether the library's word for an origin names a place, and not how the library put an object together. */
    private static boolean hasPlace(String description) {
        return !description.startsWith("merge of ")
                && !description.startsWith("empty config")
                && !description.startsWith("withValue(");
    }

    static String firstLine(ConfigException e) {
        String line = String.valueOf(e.getMessage()).lines().findFirst().orElse("not HOCON");
        String place = e.origin() == null ? "" : e.origin().description() + ": ";
        return line.startsWith(place) && !place.isEmpty()
                ? "line " + e.origin().lineNumber() + ": " + line.substring(place.length())
                : line;
    }
}
