package dev.lockstep.optimize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When a run is taken to have come to rest: by hand, and as PyTorch 1.13's {@code ReduceLROnPlateau} decides. */
class PlateauTest {
    private static final Plateau.Monitor LOSS = Plateau.Monitor.TRAINING_LOSS;

    @Test
    void patience_2_reduces_on_the_4th_equal_value() {
        Plateau plateau = new Plateau(0.1, 0.1, 2, 1e-4, 0, 0, LOSS);
        assertThat(reductions(plateau, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1)).isEqualTo("0001112223");
    }

    @Test
    void a_value_counts_as_better_only_beyond_the_threshold() {
        Plateau plateau = new Plateau(0.1, 0.1, 0, 0.25, 0, 0, LOSS);
        // the best stays 8 until a value is below 6
        assertThat(reductions(plateau, 8, 6, 6.5, 5.5, 4.125, 4)).isEqualTo("012233");
        Plateau accuracy = new Plateau(0.1, 0.1, 0, 0.25, 0, 0, Plateau.Monitor.ACCURACY);
        assertThat(reductions(accuracy, 0.5, 0.625, 0.75, 0.875)).isEqualTo("0112");
    }

    @Test
    void epochs_of_cooling_do_not_count() {
        Plateau plateau = new Plateau(0.1, 0.1, 1, 0, 3, 0, LOSS);
        // reduced after two bad epochs, then three pass, then two bad ones again
        assertThat(reductions(plateau, 1, 1, 1, 1, 1, 1, 1, 1, 1)).isEqualTo("001111122");
    }

    @Test
    void a_better_value_while_cooling_is_remembered() {
        Plateau plateau = new Plateau(0.1, 0.1, 0, 0, 2, 0, LOSS);
        assertThat(reductions(plateau, 4, 4, 1, 1, 2)).isEqualTo("01112");
    }

    @Test
    void values_that_are_not_finite_are_never_better() {
        Plateau plateau = new Plateau(0.1, 0.1, 2, 1e-4, 0, 0, LOSS);
        double nan = Double.NaN;
        double infinity = Double.POSITIVE_INFINITY;
        assertThat(reductions(plateau, nan, nan, nan, nan, nan, 1, 1, 1, 1)).isEqualTo("001111112");
        assertThat(reductions(plateau, infinity, infinity, infinity, infinity, 1, 1, 1, 1))
                .isEqualTo("00111112");
        assertThat(reductions(plateau, 1, nan, infinity, nan, 0.5)).isEqualTo("00011");
    }

    @Test
    void a_loss_of_0_cannot_become_better() {
        assertThat(reductions(new Plateau(0.1, 0.1, 2, 1e-4, 0, 0, LOSS), 0, 0, 0, 0, 0, 0, 0))
                .isEqualTo("0001112");
    }

    @Test
    void the_rate_does_not_fall_below_its_minimum() {
        Plateau plateau = new Plateau(0.5, 0.25, 0, 0, 0, 0.03125, LOSS);
        assertThat(rate(plateau, 0)).isEqualTo(0.5);
        assertThat(rate(plateau, 1)).isEqualTo(0.125);
        assertThat(rate(plateau, 2)).isEqualTo(0.03125);
        assertThat(rate(plateau, 3)).isEqualTo(0.03125);
        assertThat(rate(plateau, Long.MAX_VALUE)).isEqualTo(0.03125);
    }

    @Test
    void a_plateau_behind_a_warm_up_is_known_to_the_loop_and_lowers_its_rate_too() {
        Plateau plateau = new Plateau(0.5, 0.25, 0, 0, 0, 0, LOSS);
        Schedule warm = new Warmup(4, 0, plateau, Per.EPOCH);
        assertThat(warm.plateau()).contains(plateau);
        assertThat(warm.at(new Iteration(7, 1, 0))).isEqualTo(0.25);
        assertThat(warm.at(new Iteration(7, 1, 1))).isEqualTo(0.0625);
        assertThat(warm.at(new Iteration(99, 9, 1))).isEqualTo(0.125);
        assertThat(new ConstantRate(1).plateau()).isEmpty();
    }

    /** Random walks of a loss or an accuracy; how often PyTorch had reduced the rate after each value (eps = 0). */
    @ParameterizedTest(name = "{0}, factor {1}, patience {2}, threshold {3}, cooldown {4}, minimum {5}")
    @CsvSource(delimiter = '|', textBlock = """
            TRAINING_LOSS | 0.1 | 2 | 1e-4 | 0 | 0 | 1 .97 .97 .873 .786 .801 .721 .721 .736 .662 .675 .655 .59 .531 .531 .531 .478 .463 .417 .425 .425 .383 .39 .351 .341 .348 .313 .319 .326 .326 .293 .284 .256 .261 .253 .253 .253 .245 .25 .225 | 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 1 1 1 1 1 1 1 1 1 1 1
            VALIDATION_LOSS | 0.5 | 0 | 1e-4 | 0 | 0 | 1.02 1.02 1.04 1.009 .908 .926 .945 .917 .917 .825 .841 .757 .772 .695 .709 .688 .688 .702 .702 .702 .702 .716 .716 .716 .716 .694 .673 .653 .588 .6 .6 .612 .612 .612 .612 .612 .624 .561 .505 .515 | 0 1 2 2 2 3 4 5 6 6 7 7 8 8 9 9 10 11 12 13 14 15 16 17 18 19 19 19 19 20 21 22 23 24 25 26 27 27 27 28
            TRAINING_LOSS | 0.1 | 1 | 0.05 | 3 | 0 | 1 .97 .97 .941 .941 .941 .847 .762 .777 .793 .793 .793 .793 .809 .809 .825 .825 .742 .668 .668 .668 .601 .541 .541 .552 .552 .552 .552 .552 .497 .497 .497 .482 .492 .442 .442 .398 .386 .386 .375 | 0 0 1 1 1 1 1 1 1 2 2 2 2 2 3 3 3 3 3 3 4 4 4 4 4 5 5 5 5 5 5 6 6 6 6 6 6 6 7 7
            ACCURACY | 0.1 | 2 | 0.02 | 1 | 0 | .505 .505 .505 .505 .53 .536 .536 .536 .525 .525 .53 .53 .519 .519 .519 .519 .519 .525 .53 .556 .562 .568 .573 .579 .608 .608 .596 .602 .602 .602 .632 .638 .638 .625 .625 .613 .601 .601 .607 .595 | 0 0 0 1 1 1 1 2 2 2 2 3 3 3 3 4 4 4 4 4 4 4 4 4 4 4 4 5 5 5 5 5 5 6 6 6 6 7 7 7
            TRAINING_LOSS | 0.1 | 0 | 0 | 0 | 0.001 | 1.02 .918 .918 .936 .936 .936 .936 .936 .843 .843 .843 .758 .736 .662 .642 .642 .623 .561 .561 .572 .515 .463 .417 .425 .413 .421 .379 .379 .386 .348 .313 .303 .31 .31 .3 .3 .3 .306 .306 .306 | 0 0 1 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2
            """)
    void reduces_where_torch_does(
            Plateau.Monitor monitor,
            double factor,
            long patience,
            double threshold,
            long cooldown,
            double minimum,
            String values,
            String expected) {
        Plateau plateau = new Plateau(0.1, factor, patience, threshold, cooldown, minimum, monitor);
        List<Plateau.Memory> memories = memories(
                plateau,
                Arrays.stream(values.split(" ", -1))
                        .mapToDouble(Double::parseDouble)
                        .toArray());
        String[] reductions = expected.split(" ", -1);
        assertThat(memories).hasSize(reductions.length);
        for (int i = 0; i < reductions.length; i++) {
            assertThat(rate(plateau, memories.get(i).reductions()))
                    .as("rate after value %s", i)
                    .isCloseTo(0.1 * Math.pow(factor, Double.parseDouble(reductions[i])), within(1e-17));
        }
    }

    private static double rate(Plateau plateau, long reductions) {
        return plateau.at(new Iteration(5, 5, reductions));
    }

    /** How often the rate was reduced after each value, a digit each. */
    private static String reductions(Plateau plateau, double... values) {
        return memories(plateau, values).stream()
                .map(memory -> Long.toString(memory.reductions()))
                .collect(Collectors.joining());
    }

    private static List<Plateau.Memory> memories(Plateau plateau, double... values) {
        List<Plateau.Memory> memories = new ArrayList<>();
        Plateau.Memory memory = Plateau.Memory.NONE;
        for (double value : values) {
            memory = plateau.after(memory, value);
            memories.add(memory);
        }
        return memories;
    }
}
