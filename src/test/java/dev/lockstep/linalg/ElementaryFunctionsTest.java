package dev.lockstep.linalg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ElementaryFunctionsTest {
    private static final int BIT_POINTS = 100_000;
    private static final int INTERPRETED_POINTS = 2_000;
    /** A prime: the sweep meets every exponent with ever other mantissas. */
    private static final int SWEEP_STRIDE = 20_011;

    private long[] coldHashes;
    private Process interpreted;

    @BeforeAll
    void hash_while_cold() throws IOException {
        interpreted = Bits.interpreted();
        coldHashes = Bits.hashes(BIT_POINTS);
    }

    @ParameterizedTest
    @EnumSource
    void double_stays_within_its_error(ElementaryFunction function) {
        for (double x : function.arguments(500)) {
            BigDecimal exact = function.exact.apply(new BigDecimal(x, DecimalOracle.DIGITS));
            double value = function.ofDouble.applyAsDouble(x);
            double error = error(value, exact, Math.ulp(exact.doubleValue()));
            assertThat(error).as("ulps at %s", x).isLessThanOrEqualTo(function.ulps);
        }
    }

    @ParameterizedTest
    @EnumSource
    void float_stays_within_its_error(ElementaryFunction function) {
        for (double wide : function.arguments(250)) {
            float x = (float) wide;
            if (x >= function.from && x <= function.to) {
                BigDecimal exact = function.exact.apply(new BigDecimal(x));
                float value = function.ofFloat.applyAsFloat(x);
                float rounded = exact.floatValue();
                double error = value == rounded ? 0 : error(value, exact, Math.ulp(rounded));
                assertThat(error).as("ulps at %s", x).isLessThanOrEqualTo(function.ulps);
            }
        }
    }

    private static double error(double value, BigDecimal exact, double ulp) {
        BigDecimal difference = new BigDecimal(value).subtract(exact, MathContext.DECIMAL64);
        return difference
                .abs()
                .divide(new BigDecimal(ulp), MathContext.DECIMAL64)
                .doubleValue();
    }

    @ParameterizedTest
    @EnumSource
    void float_follows_double_over_all_floats(ElementaryFunction function) {
        double worst = 0;
        for (long bits = 0; bits < 1L << 32; bits += SWEEP_STRIDE) {
            float x = Float.intBitsToFloat((int) bits);
            double reference = function.reference(x);
            float value = function.ofFloat.applyAsFloat(x);
            double difference = Math.abs(value - reference) / Math.ulp((float) reference);
            boolean same = Float.compare(value, (float) reference) == 0;
            worst = same ? worst : Math.max(worst, difference);
        }
        assertThat(worst).isLessThanOrEqualTo(function.ulps);
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            # function, -infinity, -0,         0,         infinity
            EXP,        0,         1,          1,         Infinity
            EXPM1,      -1,        -0,         0,         Infinity
            LOG,        NaN,       -Infinity,  -Infinity, Infinity
            LOG1P,      NaN,       -0,         0,         Infinity
            TANH,       -1,        -0,         0,         1
            SIGMOID,    0,         0.5,        0.5,       1
            SOFTPLUS,   0,         0x1.62e42fefa39efp-1, 0x1.62e42fefa39efp-1, Infinity
            ERF,        -1,        -0,         0,         1
            ERFC,       2,         1,          1,         0
            NORMAL_CDF, 0,         0.5,        0.5,       1
            NORMAL_PDF, 0,         0x1.9884533d43651p-2, 0x1.9884533d43651p-2, 0
            """)
    void special_values(
            ElementaryFunction f, String atMinusInfinity, String atMinusZero, String atZero, String atInfinity) {
        double[] x = {Double.NEGATIVE_INFINITY, -0.0, 0, Double.POSITIVE_INFINITY, Double.NaN};
        List<String> expected = List.of(atMinusInfinity, atMinusZero, atZero, atInfinity, "NaN");
        for (int i = 0; i < x.length; i++) {
            double value = Double.parseDouble(expected.get(i));
            assertThat(f.ofDouble.applyAsDouble(x[i])).as("at %s", x[i]).isEqualTo(Double.valueOf(value));
            assertThat(f.ofFloat.applyAsFloat((float) x[i]))
                    .as("float at %s", x[i])
                    .isEqualTo(Float.valueOf((float) value));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "EXP, 709.782712893384, 0x1.fffffffffff2ap1023",
        "EXP, 709.7827128933841, Infinity",
        "EXP, -745.13, 0x1p-1074",
        "EXP, -745.2, 0",
        "EXPM1, 1000, Infinity",
        "EXPM1, -1000, -1",
        "EXPM1, 0x1p-1074, 0x1p-1074",
        "LOG, 1, 0",
        "LOG, 0x1p-1074, -0x1.74385446d71c3p9",
        "LOG, -0x1p-1074, NaN",
        "LOG1P, -1, -Infinity",
        "LOG1P, -1.5, NaN",
        "LOG1P, -0x1p-1074, -0x1p-1074",
        "LOG1P, 0x1.fffffffffffffp1023, 0x1.62e42fefa39efp9",
        "TANH, 1000, 1",
        "TANH, -0x1p-1074, -0x1p-1074",
        "SIGMOID, -745, 0x1p-1074",
        "SIGMOID, -1000, 0",
        "SIGMOID, 40, 1",
        "SOFTPLUS, -1000, 0",
        "SOFTPLUS, 1000, 1000",
        "SOFTPLUS, -745, 0x1p-1074",
        "ERF, 7, 1",
        "ERF, 0x1p-1074, 0x1p-1074",
        "ERFC, 28, 0",
        "ERFC, -7, 2",
        "NORMAL_CDF, -39, 0",
        "NORMAL_CDF, 9, 1",
        "NORMAL_PDF, 40, 0"
    })
    void values_at_the_ends(ElementaryFunction function, String x, String value) {
        assertThat(function.ofDouble.applyAsDouble(Double.parseDouble(x))).isEqualTo(Double.valueOf(value));
    }

    @ParameterizedTest
    @CsvSource({
        "EXP, 0x1.62e42ep6, 0x1.ffff08p127",
        "EXP, 0x1.62e43p6, Infinity",
        "EXP, -103.9, 0x1p-149",
        "EXP, -104, 0",
        "EXPM1, 0x1p-149, 0x1p-149",
        "LOG, 0x1p-149, -0x1.9d1dap6",
        "LOG1P, -0x1p-149, -0x1p-149",
        "LOG1P, -1, -Infinity",
        "TANH, -0x1p-149, -0x1p-149",
        "TANH, 1000, 1",
        "SIGMOID, -103.9, 0x1p-149",
        "SOFTPLUS, -1000, 0",
        "SOFTPLUS, 1000, 1000",
        "ERF, 0x1p-149, 0x1p-149",
        "ERFC, 11, 0",
        "NORMAL_CDF, -15, 0",
        "NORMAL_CDF, 6, 1",
        "NORMAL_PDF, 15, 0"
    })
    void float_values_at_the_ends(ElementaryFunction function, String x, String value) {
        assertThat(function.ofFloat.applyAsFloat(Float.parseFloat(x))).isEqualTo(Float.valueOf(value));
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NORMAL_PDF")
    void never_turns_back_by_more_than_rounding_at_the_borders(ElementaryFunction function) {
        int direction = function == ElementaryFunction.ERFC ? -1 : 1;
        for (double border : ElementaryFunction.BORDERS) {
            double last = Double.NEGATIVE_INFINITY;
            double x = border - 500 * Math.ulp(border);
            for (int i = 0; i < 1_000 && border > function.from; i++, x = Math.nextUp(x)) {
                double value = direction * function.ofDouble.applyAsDouble(x);
                double slack = 2 * Math.floor(function.ulps + 0.5) * Math.ulp(value);
                assertThat(value).as("at %s", x).isGreaterThanOrEqualTo(last - slack);
                last = Math.max(last, value);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"TANH", "ERF"})
    void odd_functions_are_odd_to_the_last_bit(ElementaryFunction function) {
        assertThat(function.arguments(1_000)).allSatisfy(x -> {
            assertThat(function.ofDouble.applyAsDouble(-x)).isEqualTo(-function.ofDouble.applyAsDouble(x));
            float single = x.floatValue();
            assertThat(function.ofFloat.applyAsFloat(-single)).isEqualTo(-function.ofFloat.applyAsFloat(single));
        });
    }

    @Test
    void compiled_code_gives_the_bits_of_the_first_pass() {
        for (int pass = 0; pass < 3; pass++) {
            assertThat(Bits.hashes(BIT_POINTS)).as("pass %s", pass).isEqualTo(coldHashes);
        }
    }

    @Test
    void interpreted_code_gives_the_same_bits() throws IOException, InterruptedException {
        String output = new String(interpreted.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(interpreted.waitFor()).as(output).isZero();
        assertThat(output.strip()).isEqualTo(Arrays.toString(Bits.hashes(INTERPRETED_POINTS)));
    }

    /** A hash of every function's bits over pseudo-random arguments; as a program it prints them. */
    static final class Bits {
        private Bits() {}

        public static void main(String[] arguments) {
            System.out.println(Arrays.toString(hashes(INTERPRETED_POINTS)));
        }

        static Process interpreted() throws IOException {
            String java =
                    Path.of(System.getProperty("java.home"), "bin", "java").toString();
            String classPath = Stream.of(ElementaryFunctions.class, Bits.class)
                    .map(type -> type.getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .getPath())
                    .reduce((one, other) -> one + System.getProperty("path.separator") + other)
                    .orElseThrow();
            return new ProcessBuilder(java, "-Xint", "-XX:TieredStopAtLevel=0", "-cp", classPath, Bits.class.getName())
                    .redirectErrorStream(true)
                    .start();
        }

        static long[] hashes(int points) {
            return Arrays.stream(ElementaryFunction.values())
                    .mapToLong(function -> hash(function, points))
                    .toArray();
        }

        private static long hash(ElementaryFunction function, int points) {
            Random random = new Random(1);
            long hash = 0;
            for (int i = 0; i < points; i++) {
                double x = Math.scalb(random.nextDouble() - 0.5, random.nextInt(24) - 12);
                hash = 31 * hash + Double.doubleToLongBits(function.ofDouble.applyAsDouble(x));
                hash = 31 * hash + Float.floatToIntBits(function.ofFloat.applyAsFloat((float) x));
            }
            return hash;
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "ERFC")
    void array_forms_change_their_range_alone(ElementaryFunction function) {
        double[] doubles = {-3, -0.5, 0, 0.25, 2, 40};
        float[] floats = {-3, -0.5f, 0, 0.25f, 2, 40};
        ArrayForms.apply(function, doubles, 1, 4);
        ArrayForms.apply(function, floats, 1, 4);
        DoubleUnaryOperator f = function.ofDouble;
        ElementaryFunction.FloatUnaryOperator g = function.ofFloat;
        assertThat(doubles)
                .containsExactly(-3, f.applyAsDouble(-0.5), f.applyAsDouble(0), f.applyAsDouble(0.25), 2, 40);
        assertThat(floats).containsExactly(-3, g.applyAsFloat(-0.5f), g.applyAsFloat(0), g.applyAsFloat(0.25f), 2, 40);
        assertThatThrownBy(() -> ArrayForms.apply(function, floats, 3, 7))
                .isInstanceOf(IndexOutOfBoundsException.class);
    }
}
