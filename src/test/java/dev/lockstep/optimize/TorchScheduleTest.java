package dev.lockstep.optimize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Schedules against what PyTorch 1.13's schedulers of the same name set in double precision, step by step. PyTorch
 * multiplies or adds anew at every step, which costs it the last bits; {@link GoldenTrajectoryTest} has more of them.
 */
class TorchScheduleTest {
    private static final double TOLERANCE = 2e-16;

    @Test
    void multi_step() {
        verify(
                new MultiStepDecay(0.3, 0.2, List.of(3L, 7L, 8L), Per.STEP),
                "0.3, 0.3, 0.3, 0.06, 0.06, 0.06, 0.06, 0.012, 0.0024, 0.0024, 0.0024");
    }

    /** {@code LambdaLR} with 1 / (1 + k / 50). */
    @Test
    void linear_with_a_decay() {
        verify(
                new LinearDecay(0.3, 0.02, Per.STEP),
                "0.3, 0.2941176470588235, 0.28846153846153844, 0.28301886792452824, 0.27777777777777773,"
                        + " 0.2727272727272727, 0.26785714285714285, 0.2631578947368421, 0.25862068965517243");
    }

    @ParameterizedTest(name = "power {0}")
    @CsvSource(delimiter = '|', textBlock = """
            0.5 | 0.3, 0.2806243040080456, 0.25980762113533157, 0.23717082451262844, 0.21213203435596426, 0.18371173070873834, 0.15, 0.10606601717798213, 0, 0, 0
            1   | 0.3, 0.2625, 0.225, 0.1875, 0.15, 0.1125, 0.075, 0.0375, 0, 0, 0
            2.5 | 0.3, 0.2148529827561599, 0.146141786888624, 0.09264485332524548, 0.053033008588991064, 0.025834462130916332, 0.009375, 0.0016572815184059707, 0, 0, 0
            """)
    void polynomial(double power, String rates) {
        verify(new PolynomialDecay(0.3, 0, power, 8, Per.STEP), rates);
    }

    @ParameterizedTest(name = "each period {0} times as long")
    @CsvSource(delimiter = '|', textBlock = """
            1 | 0.3, 0.23, 0.09, 0.3, 0.23, 0.09, 0.3, 0.23, 0.09, 0.3, 0.23, 0.09, 0.3, 0.23, 0.09, 0.3
            2 | 0.3, 0.23, 0.09, 0.3, 0.2812435565298214, 0.23, 0.16, 0.09, 0.03875644347017858, 0.3, 0.2952296156804695, 0.2812435565298214, 0.2589949493661166, 0.23, 0.19623466631435288, 0.16
            3 | 0.3, 0.23, 0.09, 0.3, 0.2915569669100272, 0.2672462220366569, 0.23, 0.18431074487337024, 0.13568925512662974, 0.09, 0.05275377796334309, 0.028443033089972834, 0.3, 0.299053370083872, 0.29622628188117534, 0.2915569669100272
            """)
    void cosine_with_warm_restarts(long restartFactor, String rates) {
        verify(new CosineDecay(0.3, 0.02, 3, OptionalLong.of(restartFactor), Per.STEP), rates);
    }

    /** {@code SequentialLR} of a {@code LinearLR} and what follows. */
    @Test
    void warm_up() {
        verify(
                new Warmup(5, 0, new ExponentialDecay(0.3, Math.log(2), Per.STEP), Per.STEP),
                "0.06, 0.12, 0.18, 0.24, 0.3, 0.3, 0.15, 0.075, 0.0375, 0.01875, 0.009375");
        verify(
                new Warmup(1, 0, new ExponentialDecay(0.3, Math.log(2), Per.STEP), Per.STEP),
                "0.3, 0.3, 0.15, 0.075, 0.0375, 0.01875, 0.009375");
        // start_factor = 0.25 + 0.75 / 4, total_iters = 3
        verify(
                new Warmup(4, 0.25, new CosineDecay(0.3, 0.02, 6, OptionalLong.empty(), Per.STEP), Per.STEP),
                "0.13125, 0.1875, 0.24375, 0.3, 0.3, 0.2812435565298214, 0.23, 0.16, 0.09, 0.03875644347017858");
        verify(
                new Warmup(4, 0.25, new StepDecay(0.3, 0.5, 2, Per.STEP), Per.STEP),
                "0.13125, 0.1875, 0.24375, 0.3, 0.3, 0.3, 0.15, 0.15, 0.075, 0.075");
    }

    @ParameterizedTest(name = "{0} of {1} steps, three phases: {2}, {3}")
    @CsvSource(delimiter = '|', textBlock = """
            0.4 | 10 | true  | LINEAR | 0.02, 0.18, 0.34, 0.5, 0.34, 0.18, 0.02, 0.013334, 0.006668, 2e-06 | 0.95, 0.9166666666666666, 0.8833333333333333, 0.85, 0.8833333333333333, 0.9166666666666666, 0.95, 0.95, 0.95, 0.95
            0.5 | 12 | true  | COSINE | 0.02, 0.06583592135001265, 0.18583592135001265, 0.3341640786499874, 0.45416407864998737, 0.5, 0.45416407864998737, 0.3341640786499874, 0.18583592135001262, 0.06583592135001264, 0.02, 2e-06 | 0.95, 0.9404508497187474, 0.9154508497187474, 0.8845491502812526, 0.8595491502812526, 0.85, 0.8595491502812526, 0.8845491502812526, 0.9154508497187474, 0.9404508497187474, 0.95, 0.95
            0   | 7  | false | COSINE | 0.47524231600673683, 0.40587282697488153, 0.30563101096814466, 0.19437098903185537, 0.09412917302511849, 0.024759683993263143, 2e-06 | 0.854951556604879, 0.8688255099070633, 0.8888739533021842, 0.9111260466978157, 0.9311744900929366, 0.945048443395121, 0.95
            """)
    void one_cycle(double rise, long length, boolean threePhase, Anneal anneal, String rates, String momenta) {
        Schedule schedule = new OneCycle(0.5, length, rise, 25, 1e4, anneal, threePhase, true, 0.85, 0.95, Per.STEP);
        verify(schedule, rates);
        verifyMomentum(schedule, momenta);
    }

    @Test
    void one_cycle_with_other_ends() {
        Schedule rising = new OneCycle(0.5, 9, 1, 5, 3, Anneal.LINEAR, false, true, 0.5, 0.75, Per.STEP);
        verify(rising, "0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5");
        verifyMomentum(rising, "0.75, 0.71875, 0.6875, 0.65625, 0.625, 0.59375, 0.5625, 0.53125, 0.5");
        Schedule between = new OneCycle(0.5, 11, 0.3, 4, 10, Anneal.COSINE, true, true, 0.85, 0.95, Per.STEP);
        verify(
                between,
                "0.125, 0.2743519975526312, 0.4844771190322724, 0.42062756039653754, 0.18452128564650233,"
                        + " 0.12348377397011509, 0.10735109213011626, 0.07851770999376483, 0.04647051316029743,"
                        + " 0.02175381060802232, 0.0125");
        verifyMomentum(
                between,
                "0.95, 0.9101728006526316, 0.8541394349247273, 0.8711659838942566, 0.9341276571609327, 0.95, 0.95,"
                        + " 0.95, 0.95, 0.95, 0.95");
    }

    private static void verify(Schedule schedule, String rates) {
        double[] expected = numbers(rates);
        for (int k = 0; k < expected.length; k++) {
            assertThat(schedule.at(new Iteration(k, 0))).as("rate %s", k).isCloseTo(expected[k], within(TOLERANCE));
        }
    }

    private static void verifyMomentum(Schedule schedule, String momenta) {
        double[] expected = numbers(momenta);
        for (int k = 0; k < expected.length; k++) {
            assertThat(schedule.momentum(new Iteration(k, 0)).orElseThrow())
                    .as("momentum %s", k)
                    .isCloseTo(expected[k], within(TOLERANCE));
        }
    }

    private static double[] numbers(String text) {
        return Arrays.stream(text.split(",", -1))
                .mapToDouble(Double::parseDouble)
                .toArray();
    }
}
