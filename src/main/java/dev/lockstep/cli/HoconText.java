package dev.lockstep.cli;

import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigRenderOptions;

/** A configuration as a person reads it, and can save as a file. */
final class HoconText {
    private static final ConfigRenderOptions READABLE = ConfigRenderOptions.defaults()
            .setOriginComments(false)
            .setComments(false)
            .setJson(false)
            .setFormatted(true);

    private HoconText() {}

    /** The JSON of an object as HOCON. */
    static String of(String json) {
        return ConfigFactory.parseString(json).root().render(READABLE);
    }
}
