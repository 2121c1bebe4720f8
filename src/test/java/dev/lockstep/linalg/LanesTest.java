package dev.lockstep.linalg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The vector forms against the scalar formulas, bit by bit (any NaN equals any other). */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LanesTest {
    private static final String MODULE = "--add-modules=jdk.incubator.vector";
    /** A prime: the sweep meets every exponent with ever other mantissas. */
    private static final int SWEEP_STRIDE = 400_009;

    private static final float[] SPECIAL = {
        Float.NaN,
        Float.POSITIVE_INFINITY,
        Float.NEGATIVE_INFINITY,
        0f,
        -0f,
        Float.MIN_VALUE,
        -Float.MIN_VALUE,
        3 * Float.MIN_VALUE,
        Float.MIN_NORMAL,
        -Float.MIN_NORMAL,
        Math.nextDown(Float.MIN_NORMAL),
        Float.MAX_VALUE,
        -Float.MAX_VALUE,
        1,
        -1,
        Math.nextUp(-1f),
        Math.nextDown(-1f),
        88.72283f,
        88.72284f,
        -87.33655f,
        -103.97f,
        -104,
        89,
        -105,
        10,
        -10,
        15,
        -15,
        11,
        -11,
        0.5f,
        0.7f,
        0.69999f,
        -20,
        16_777_216
    };

    private static final double[] SPECIAL_DOUBLES = {
        Double.MIN_VALUE,
        -Double.MIN_VALUE,
        3 * Double.MIN_VALUE,
        Double.MIN_NORMAL,
        -Double.MIN_NORMAL,
        Math.nextDown(Double.MIN_NORMAL),
        Double.MAX_VALUE,
        -Double.MAX_VALUE,
        Math.nextUp(-1.0),
        Math.nextDown(-1.0),
        709.782712893384,
        709.7827128933841,
        -708.4,
        -745.13,
        -745.2,
        710,
        -746,
        20,
        -20,
        39,
        -39,
        28,
        -28,
        0.7,
        0.69999,
        -40,
        0x1p53
    };

    private Process interpreted;
    private Process withoutModule;
    private Process longRunning;

    static Set<ElementaryFunction> functions() {
        return ArrayForms.FUNCTIONS;
    }

    @BeforeAll
    void start_other_jvms() throws IOException {
        interpreted = start(List.of("-Xint", MODULE));
        withoutModule = start(List.of());
        longRunning = start(List.of("-XX:CompileThresholdScaling=0.1", MODULE), "public");
    }

    private static Process start(List<String> options, String... arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.add("-cp");
        command.add(Stream.of(ElementaryFunctions.class, ArrayForms.class)
                .map(type ->
                        type.getProtectionDomain().getCodeSource().getLocation().getPath())
                .reduce((one, other) -> one + System.getProperty("path.separator") + other)
                .orElseThrow());
        command.add(ArrayForms.class.getName());
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }

    private static List<String> output(Process process) throws IOException, InterruptedException {
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output.lines().filter(line -> !line.startsWith("WARNING")).toList();
    }

    @Test
    void this_jvm_has_vectors() {
        assertThat(Lanes.found32().getClass().getSimpleName()).isEqualTo("Lanes32");
        assertThat(Lanes.found64().getClass().getSimpleName()).isEqualTo("Lanes64");
    }

    @ParameterizedTest
    @MethodSource("functions")
    void floats_have_the_bits_of_the_scalar_formula(ElementaryFunction function) {
        float[] x = new float[(int) ((1L << 32) / SWEEP_STRIDE) + SPECIAL.length + 3_000];
        System.arraycopy(SPECIAL, 0, x, 0, SPECIAL.length);
        int filled = SPECIAL.length;
        for (double argument : function.arguments(3_000)) {
            x[filled++] = (float) argument;
        }
        for (int bits = Integer.MIN_VALUE; filled < x.length; bits += SWEEP_STRIDE) {
            x[filled++] = Float.intBitsToFloat(bits);
        }
        float[] values = x.clone();
        int end = ArrayForms.vectors(function, Lanes.found32(), values, 0, values.length);
        assertThat(end).isGreaterThan(x.length - 32);
        for (int i = 0; i < end; i++) {
            float expected = function.ofFloat.applyAsFloat(x[i]);
            if (Float.compare(values[i], expected) != 0) {
                assertThat(values[i]).as("at %s", x[i]).isEqualTo(expected);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("functions")
    void doubles_have_the_bits_of_the_scalar_formula(ElementaryFunction function) {
        List<Double> arguments = function.arguments(6_000);
        double[] x = new double[SPECIAL.length + SPECIAL_DOUBLES.length + arguments.size() + 4_096];
        int filled = 0;
        for (float special : SPECIAL) {
            x[filled++] = special;
        }
        for (double special : SPECIAL_DOUBLES) {
            x[filled++] = special;
        }
        for (double argument : arguments) {
            x[filled++] = argument;
        }
        for (long sweep = 0; filled < x.length; sweep++) {
            x[filled++] = Double.longBitsToDouble((sweep << 52) + sweep * 0x5_DEEC_E66DL);
        }
        double[] values = x.clone();
        int end = ArrayForms.vectors(function, Lanes.found64(), values, 0, values.length);
        assertThat(end).isGreaterThan(x.length - 16);
        for (int i = 0; i < end; i++) {
            double expected = function.ofDouble.applyAsDouble(x[i]);
            if (Double.compare(values[i], expected) != 0) {
                assertThat(values[i]).as("at %s", x[i]).isEqualTo(expected);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("functions")
    void every_length_and_offset_changes_its_range_alone(ElementaryFunction function) {
        float[] floats = new float[48];
        double[] doubles = new double[48];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = 0.37f * (i - 20);
            doubles[i] = floats[i];
        }
        for (int length = 0; length <= 40; length++) {
            for (int from = 0; from < 8; from += length % 2 + 3) {
                float[] narrow = floats.clone();
                double[] wide = doubles.clone();
                int end32 = ArrayForms.vectors(function, Lanes.found32(), narrow, from, from + length);
                int end64 = ArrayForms.vectors(function, Lanes.found64(), wide, from, from + length);
                assertThat(end32).isBetween(from, from + length);
                assertThat(end64).isBetween(from, from + length);
                for (int i = 0; i < floats.length; i++) {
                    float expected = i >= from && i < end32 ? function.ofFloat.applyAsFloat(floats[i]) : floats[i];
                    double wanted = i >= from && i < end64 ? function.ofDouble.applyAsDouble(doubles[i]) : doubles[i];
                    if (Float.compare(narrow[i], expected) != 0 || Double.compare(wide[i], wanted) != 0) {
                        fail("entry %s of %s from %s: %s, %s", i, length, from, narrow[i], wide[i]);
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("functions")
    void public_forms_have_the_same_bits_at_every_length(ElementaryFunction function) {
        for (int length = 0; length <= 40; length++) {
            float[] narrow = new float[length + 2];
            Arrays.fill(narrow, 0.625f);
            double[] wide = new double[length + 2];
            Arrays.fill(wide, 0.625);
            ArrayForms.apply(function, narrow, 1, length + 1);
            ArrayForms.apply(function, wide, 1, length + 1);
            for (int i = 0; i < narrow.length; i++) {
                boolean inside = i > 0 && i <= length;
                assertThat(narrow[i]).isEqualTo(inside ? function.ofFloat.applyAsFloat(0.625f) : 0.625f);
                assertThat(wide[i]).isEqualTo(inside ? function.ofDouble.applyAsDouble(0.625) : 0.625);
            }
        }
    }

    @Test
    void interpreted_vectors_give_the_same_bits() throws IOException, InterruptedException {
        assertThat(output(interpreted)).containsExactly("Lanes32 Lanes64", ArrayForms.scalarHashes());
    }

    @Test
    void a_jvm_without_the_module_gives_the_same_bits() throws IOException, InterruptedException {
        assertThat(output(withoutModule)).containsExactly("Lanes Lanes", ArrayForms.scalarHashes());
    }

    /** C2 keeps vectors in registers only if it inlines all that touches them; if it did not, each would be an object. */
    @Test
    void vectors_that_take_over_give_the_same_bits_and_allocate_nothing() throws IOException, InterruptedException {
        assertThat(output(longRunning))
                .containsExactly("Lanes32 Lanes64", ArrayForms.scalarHashes(), ArrayForms.scalarHashes(), "0");
    }
}
