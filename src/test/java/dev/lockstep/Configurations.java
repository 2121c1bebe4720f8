package dev.lockstep;

import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;

/** Configurations without a file. */
public final class Configurations {
    private Configurations() {}

    /** The settings of a text, which complaints call {@code run.conf}. */
    public static Settings of(String text) {
        return Settings.of(
                ConfigFactory.parseString(text, ConfigParseOptions.defaults().setOriginDescription("run.conf"))
                        .resolve());
    }

    /** The settings of a text that holds paths, which are written as quoted HOCON strings. */
    public static Settings of(String format, Object... quoted) {
        Object[] texts = new Object[quoted.length];
        for (int i = 0; i < quoted.length; i++) {
            texts[i] = com.typesafe.config.ConfigUtil.quoteString(quoted[i].toString());
        }
        return of(String.format(format, texts));
    }
}
