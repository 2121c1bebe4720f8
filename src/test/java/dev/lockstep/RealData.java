package dev.lockstep;

import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/** Real data sets, where the environment variable LOCKSTEP_DATA says they are; tests that want them skip elsewhere. */
public final class RealData {
    private RealData() {}

    /** The folder of a data set; skips the test where there is no data. */
    public static Path folder(String name) {
        String root = System.getenv("LOCKSTEP_DATA");
        Assumptions.assumeTrue(root != null, "LOCKSTEP_DATA is not set");
        return Path.of(root, name);
    }
}
