package dev.lockstep;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** Versions that the build wrote down: the project's own and the Spark it was compiled against. */
public final class Version {
    private static final Properties BUILD = load();

    private Version() {}

    /** The project's version, as in its pom. */
    public static String project() {
        return BUILD.getProperty("version");
    }

    /** The version of Spark that the project was compiled against. */
    public static String spark() {
        return BUILD.getProperty("spark");
    }

    private static Properties load() {
        try (InputStream stream = Version.class.getResourceAsStream("version.properties")) {
            Properties properties = new Properties();
            properties.load(stream);
            return properties;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
