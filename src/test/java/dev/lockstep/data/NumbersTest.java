package dev.lockstep.data;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.linalg.Mixing;
import java.math.BigDecimal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Numbers in text are read to the last bit, as BigDecimal rounds them. */
class NumbersTest {
    @Test
    void every_length_and_place_of_the_point_rounds_correctly() {
        for (int i = 0; i < 200_000; i++) {
            long key = Mixing.mix(7, i);
            int digits = 1 + (int) Long.remainderUnsigned(key, 19);
            int behind = (int) Long.remainderUnsigned(Mixing.mix(key, 1), digits + 1);
            StringBuilder text = new StringBuilder();
            for (int d = 0; d < digits; d++) {
                text.append(d == digits - behind ? "." : "").append((char)
                        ('0' + Long.remainderUnsigned(Mixing.mix(key, 2 + d), 10)));
            }
            text.insert(0, i % 3 == 0 ? "-" : "").append(i % 11 == 0 ? "e-5" : "");
            assertThat(Numbers.parse(text.toString()))
                    .as(text.toString())
                    .isEqualTo(negativeZero(text) ? -0.0 : new BigDecimal(text.toString()).doubleValue());
        }
    }

    /** BigDecimal knows no negative zero. */
    private static boolean negativeZero(StringBuilder text) {
        return text.charAt(0) == '-' && new BigDecimal(text.toString()).signum() == 0;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "-", ".", "-.", "1.2.3", "1-2", "0x1p3", "1f", "1e999", "NaN", "Infinity", "１２", "1_0", " 1"
            })
    void what_is_no_number_is_none(String text) {
        assertThat(Numbers.parse(text)).isNaN();
        assertThat(Numbers.exact(text)).isEmpty();
    }

    @Test
    void usual_ways_of_writing_are_fine() {
        assertThat(Numbers.parse("+1")).isEqualTo(1.0);
        assertThat(Numbers.parse(".5")).isEqualTo(0.5);
        assertThat(Numbers.parse("5.")).isEqualTo(5.0);
        assertThat(Numbers.parse("-1.5E+3")).isEqualTo(-1500.0);
        assertThat(Numbers.text(3.0)).isEqualTo("3");
        assertThat(Numbers.text(0.1f)).isEqualTo("0.1");
    }
}
