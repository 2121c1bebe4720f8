package dev.lockstep;

import com.typesafe.config.ConfigIncludeContext;
import com.typesafe.config.ConfigIncluder;
import com.typesafe.config.ConfigIncluderFile;
import com.typesafe.config.ConfigObject;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Includes of configuration files. The library leaves out without a word what it does not find, and the complaint would
 * be about keys that are missing then; here it is about the file.
 *
 * @param file the configuration that is read, for complaints
 * @param library finds and reads what is included; null until it is known
 */
record Includes(String file, ConfigIncluder library) implements ConfigIncluder, ConfigIncluderFile {
    /** How the library describes a file that it did not find. */
    private static final String MISSING = "(not found)";

    @Override
    public ConfigIncluder withFallback(ConfigIncluder fallback) {
        return new Includes(file, library == null ? fallback : library.withFallback(fallback));
    }

    @Override
    public ConfigObject include(ConfigIncludeContext context, String what) {
        return found(
                library.include(context, what),
                what,
                "include \"" + what + "\"",
                "the folder of the file that includes it");
    }

    /** {@code include file("…")}. The library's own includer, which is what is known here, has this as well. */
    @Override
    public ConfigObject includeFile(ConfigIncludeContext context, File what) {
        return found(
                ((ConfigIncluderFile) library).includeFile(context, what),
                what.getPath(),
                "include file(\"" + what + "\")",
                "the working directory");
    }

    private ConfigObject found(ConfigObject found, String what, String statement, String folder) {
        String from = found.origin().description();
        // A name without an ending stands for several files, and for itself if there is none of them.
        if (found.isEmpty() && (from.contains(MISSING) || from.equals(what))) {
            throw new InputException(
                    file + line(what) + ": " + statement + ": no such file; the path is one from " + folder);
        }
        return found;
    }

    /** Where the file itself includes it; empty if a file that it includes does. */
    private String line(String what) {
        try {
            List<String> lines = Files.readAllLines(Path.of(file));
            for (int i = 0; i < lines.size(); i++) {
                if (lines.get(i).contains("include") && lines.get(i).contains("\"" + what + "\"")) {
                    return ", line " + (i + 1);
                }
            }
            return "";
        } catch (IOException e) {
            return "";
        }
    }
}
