package dev.lockstep.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What Spark is told unless the user says otherwise. */
class SessionTest {
    private static final String BLOCK = "spark.broadcast.blockSize";

    private static CommonOptions on(String master) {
        CommonOptions options = new CommonOptions();
        options.master = master;
        return options;
    }

    @ParameterizedTest
    @CsvSource({"local[2], 64k", "local, 64k", "'local-cluster[2,1,1024]', 4m", "spark://host:7077, 4m"})
    void only_a_single_process_has_short_pieces_of_broadcasts(String master, String expected) {
        assertThat(Session.conf("test", on(master)).get(BLOCK, "4m")).isEqualTo(expected);
    }

    @Test
    void what_the_user_says_stays() {
        System.setProperty(BLOCK, "1m");
        try {
            assertThat(Session.conf("test", on("local[2]")).get(BLOCK)).isEqualTo("1m");
        } finally {
            System.clearProperty(BLOCK);
        }
    }
}
