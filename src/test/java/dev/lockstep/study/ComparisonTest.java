package dev.lockstep.study;

import static dev.lockstep.study.StudyRuns.EASY;
import static dev.lockstep.study.StudyRuns.HARD;
import static dev.lockstep.study.StudyRuns.in;
import static dev.lockstep.study.StudyRuns.reached;
import static dev.lockstep.study.StudyRuns.run;
import static dev.lockstep.study.StudyRuns.validated;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.observe.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

/** Studies small enough to be compared by hand. */
class ComparisonTest {
    private static final Targets TARGETS = new Targets(List.of(EASY, HARD));
    private static final Targets NONE = new Targets(List.of());

    /** adam reaches on more seeds, sgd in fewer passes; adam at 1 diverged after it had reached the target. */
    private static List<RunResult> study() {
        return List.of(
                reached(run("sgd", "0.1", 1, 0.08), HARD, 2, 4),
                run("sgd", "0.1", 2, 0.12),
                run("sgd", "0.01", 1, 0.5),
                run("sgd", "0.01", 2, 0.6),
                reached(run("adam", "0.01", 1, 0.09), HARD, 6, 3),
                reached(run("adam", "0.01", 2, 0.07), HARD, 5, 2.5),
                reached(run("adam", "0.1", 1, 0.05), HARD, 11, 9),
                reached(run("adam", "0.1", 2, 0.04), HARD, 10, 8),
                in(RunState.DIVERGED, reached(run("adam", "1", 1, 0.01), HARD, 1, 1)),
                in(RunState.DIVERGED, run("adam", "1", 2, 0.01)),
                run("rprop", "", 1, 0.2),
                run("rprop", "", 2, 0.3));
    }

    @Test
    void the_setting_that_reaches_the_target_on_most_seeds_wins_then_the_one_in_fewer_passes() {
        Comparison comparison = Comparison.of(TARGETS, study());
        assertThat(comparison.hardest()).contains(HARD);
        assertThat(comparison.methods().stream().map(MethodResult::label)).containsExactly("adam", "sgd", "rprop");
        assertThat(comparison.methods().get(0).best().learningRateText()).isEqualTo("0.01");
        assertThat(comparison.methods().get(1).best().learningRateText()).isEqualTo("0.1");
        assertThat(comparison.methods().get(0).best().passes(HARD)).isEqualTo(new Spread(5.5, 5, 6));
    }

    @Test
    void without_a_target_the_lowest_loss_of_those_that_did_not_diverge_wins() {
        Comparison comparison = Comparison.of(NONE, study());
        assertThat(comparison.methods().get(0).best().learningRateText()).isEqualTo("0.1");
        assertThat(comparison.methods().get(0).best().finalLoss()).isEqualTo(new Spread(0.045, 0.04, 0.05));
        assertThat(comparison.ranked().get(0).key().name()).isEqualTo("adam-0.1-seed-2");
    }

    @Test
    void the_hardest_target_is_the_one_that_fewest_reach_but_somebody_does() {
        RunResult both = reached(reached(run("a", "", 1, 0.05), EASY, 1, 1), HARD, 2, 2);
        RunResult one = reached(run("b", "", 1, 0.2), EASY, 1, 1);
        Target impossible = new Target("training-loss", 0.001);
        assertThat(Comparison.of(new Targets(List.of(EASY, HARD, impossible)), List.of(both, one))
                        .hardest())
                .contains(HARD);
        // Of two that as many reach, the one that takes more passes; of two that take as many, the last in the list.
        assertThat(Comparison.of(new Targets(List.of(HARD, EASY)), List.of(both))
                        .hardest())
                .contains(HARD);
        RunResult atOnce = reached(reached(run("a", "", 1, 0.05), EASY, 2, 1), HARD, 2, 2);
        assertThat(Comparison.of(new Targets(List.of(HARD, EASY)), List.of(atOnce))
                        .hardest())
                .contains(EASY);
        assertThat(Comparison.of(new Targets(List.of(impossible)), List.of(both))
                        .hardest())
                .isEmpty();
    }

    @Test
    void runs_are_ranked_by_the_target_then_by_loss_and_those_that_lost_are_last() {
        assertThat(Comparison.of(TARGETS, study()).ranked().stream()
                        .map(run -> run.key().name()))
                .startsWith("sgd-0.1-seed-1", "adam-0.01-seed-2", "adam-0.01-seed-1", "adam-0.1-seed-2")
                .endsWith("sgd-0.01-seed-2", "adam-1-seed-1", "adam-1-seed-2");
    }

    @Test
    void a_median_is_over_all_seeds_and_one_that_never_got_there_is_infinite() {
        double never = Double.POSITIVE_INFINITY;
        assertThat(Spread.of(4, 1, 3, 2)).isEqualTo(new Spread(2.5, 1, 4));
        assertThat(Spread.of(3, never, 5)).isEqualTo(new Spread(5, 3, never));
        assertThat(Spread.of(1, 6, never, never)).isEqualTo(new Spread(never, 1, never));
        assertThat(Spread.of(1, never).isNone()).isFalse();
        assertThat(Spread.of(never, never).isNone()).isTrue();
        assertThat(Spread.of(Double.NaN, 7)).isEqualTo(new Spread(7, 7, 7));
        assertThat(Spread.of().isNone()).isTrue();
        ObjectNode node = Json.object();
        Spread.of(3, never, 5).put(node, "passes");
        assertThat(node.toString()).isEqualTo("{\"passes\":{\"median\":5.0,\"low\":3.0,\"high\":null}}");
    }

    /** One of two seeds is better than none, whatever their losses; what it says for people names the seed that got there. */
    @Test
    void a_setting_that_got_there_on_some_seeds_comes_before_one_that_never_did() {
        Comparison comparison = Comparison.of(
                TARGETS,
                List.of(
                        run("never", "", 1, 0.11),
                        run("never", "", 2, 0.11),
                        reached(run("half", "", 1, 0.09), HARD, 3, 1),
                        run("half", "", 2, 7),
                        reached(run("most", "", 1, 0.09), HARD, 30, 1),
                        reached(run("most", "", 2, 0.09), HARD, 20, 1)));
        assertThat(comparison.methods().stream().map(method -> method.best().cost(HARD)))
                .containsExactly("25", "never (1 of 2: 3)", "never (0 of 2)");
        assertThat(comparison.methods().get(1).best().passes(HARD).median()).isInfinite();
    }

    @Test
    void a_run_that_diverged_makes_a_final_loss_infinite_and_an_accuracy_the_worst() {
        SettingResult setting = new SettingResult(
                Map.of(),
                List.of(
                        run("a", "0.1", 1, 451.8),
                        run("a", "0.1", 2, 10_344),
                        in(RunState.DIVERGED, run("a", "0.1", 3, 1))));
        assertThat(setting.finalLoss()).isEqualTo(new Spread(10_344, 451.8, Double.POSITIVE_INFINITY));
        assertThat(setting.validation("accuracy").low()).isEqualTo(Double.NEGATIVE_INFINITY);
        assertThat(setting.validation("loss").high()).isEqualTo(Double.POSITIVE_INFINITY);
    }

    @Test
    void the_sensitivity_is_the_range_of_rates_within_twice_the_fewest_passes() {
        Comparison comparison = Comparison.of(TARGETS, study());
        Sensitivity adam =
                Sensitivity.of(comparison.methods().get(0), comparison).orElseThrow();
        assertThat(adam.decades()).isCloseTo(1, within(1e-12));
        assertThat(adam.text())
                .isEqualTo("reaches training loss 0.1 within twice its fewest passes for learning rates from 0.01 (the"
                        + " lowest tried) to 0.1");
        // Two rates say nothing, and no rate less.
        assertThat(Sensitivity.of(comparison.methods().get(1), comparison)).isEmpty();
        assertThat(Sensitivity.of(comparison.methods().get(2), comparison)).isEmpty();
    }

    @Test
    void a_rate_with_which_a_seed_fails_is_not_good_and_the_end_of_what_was_tried_is_told() {
        List<RunResult> runs = new ArrayList<>(List.of(
                reached(run("a", "0.01", 1, 0.09), HARD, 4, 3),
                reached(run("a", "0.01", 2, 0.09), HARD, 4, 3),
                reached(run("a", "0.1", 1, 0.09), HARD, 4, 3),
                run("a", "0.1", 2, 0.4),
                reached(run("a", "1", 1, 0.09), HARD, 5, 3),
                reached(run("a", "1", 2, 0.09), HARD, 5, 3)));
        Comparison comparison = Comparison.of(TARGETS, runs);
        Sensitivity sensitivity =
                Sensitivity.of(comparison.methods().get(0), comparison).orElseThrow();
        assertThat(sensitivity.range()).isEqualTo("only at learning rate 0.01 (the lowest tried)");
        assertThat(sensitivity.isCut()).isTrue();
        assertThat(comparison.methods().get(0).edge()).contains("lowest");
        assertThat(Notes.of(comparison, Double.NaN))
                .contains("The best learning rate is the lowest tried of a (0.01): try lower.");
        // Before all have ended nothing is known of a range.
        runs.set(3, in(RunState.RUNNING, runs.get(3)));
        Comparison open = Comparison.of(TARGETS, runs);
        assertThat(Sensitivity.of(open.methods().get(0), open)).isEmpty();
        assertThat(open.methods().get(0).edge()).isEmpty();
    }

    /**
     * Three methods on three problems: costs a 1, 2, 8; b 2, 1, none; c 4, 4, 4. Ratios a 1, 2, 2; b 2, 1, none; c
     * 4, 4, 1; so within factor 1 each solves one problem, within 2 a solves all and b two, within 4 c all.
     */
    @Test
    void profiles_are_those_computed_by_hand() {
        PerformanceProfile profile = PerformanceProfile.of(
                "passes",
                List.of(
                        new double[] {1, 2, 8, Double.POSITIVE_INFINITY},
                        new double[] {2, 1, Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY},
                        new double[] {4, 4, 4, Double.POSITIVE_INFINITY}));
        assertThat(profile.problems()).isEqualTo(3);
        assertThat(profile.tau()).containsExactly(1, 2, 4);
        assertThat(profile.shares().get(0)).containsExactly(1 / 3.0, 1, 1);
        assertThat(profile.shares().get(1)).containsExactly(1 / 3.0, 2 / 3.0, 2 / 3.0);
        assertThat(profile.shares().get(2)).containsExactly(1 / 3.0, 1 / 3.0, 1);
    }

    @Test
    void a_problem_is_a_target_and_a_seed() {
        List<PerformanceProfile> profiles = PerformanceProfile.of(Comparison.of(TARGETS, study()));
        // Seed 1: sgd 2 passes, adam 6. Seed 2: adam alone. Nobody has the easy target.
        assertThat(profiles.get(0).problems()).isEqualTo(2);
        assertThat(profiles.get(0).tau()).containsExactly(1, 3);
        assertThat(profiles.get(0).shares().get(0)).containsExactly(0.5, 1);
        assertThat(profiles.get(0).shares().get(1)).containsExactly(0.5, 0.5);
        assertThat(profiles.get(0).shares().get(2)).containsExactly(0, 0);
        // In seconds adam is first on both: 3 against 4.
        assertThat(profiles.get(1).shares().get(0)).startsWith(1);
        assertThat(PerformanceProfile.of(Comparison.of(NONE, study()))).isEmpty();
    }

    @Test
    void a_learning_curve_takes_the_best_setting_at_each_number_of_rows() {
        List<RunResult> runs = new ArrayList<>();
        for (long rows : new long[] {1000, 2000, 4000, 8000, 16_000}) {
            for (String rate : List.of("0.1", "0.01")) {
                RunKey plain = StudyRuns.key("adam", rate, 1);
                RunKey key = new RunKey(
                        "adam-" + rate + "-" + rows,
                        Map.of(
                                "optimizer",
                                "adam",
                                "learning-rate",
                                rate,
                                "data.fraction",
                                Double.toString(rows / 16e3)),
                        "adam",
                        true,
                        OptionalDouble.of(Double.parseDouble(rate)),
                        plain.seed(),
                        rows,
                        Double.NaN);
                double worse = rate.equals("0.1") ? 0 : 0.3;
                runs.add(reached(
                        validated(run(key, 0.01), worse + 0.1 + 5 * Math.pow((double) rows, -0.4)),
                        HARD,
                        1e4 / rows,
                        1));
            }
        }
        Comparison comparison = Comparison.of(TARGETS, runs);
        // Small shares of the rows need more passes here, but methods are compared at the largest anyway.
        assertThat(comparison.methods().get(0).settings()).hasSize(2);
        assertThat(comparison.methods().get(0).best().values()).containsEntry("data.fraction", "1.0");
        StudyFacts facts = new StudyFacts("study", "s", "finished", Json.object(), Json.object(), List.of());
        JsonNode curve = Summary.of(facts, comparison).at("/learningCurve/methods/0");
        assertThat(curve.get("rows")).hasSize(5);
        assertThat(curve.get("measure").asText()).isEqualTo("validation-loss");
        assertThat(curve.at("/settings/0/learning-rate").asText()).isEqualTo("0.1");
        assertThat(curve.get("text").asText()).contains("lowest validation loss of a run's epochs", "with the setting");
        assertThat(curve.at("/powerLaw/b").doubleValue()).isCloseTo(0.4, within(1e-3));
        assertThat(curve.at("/powerLaw/c").doubleValue()).isCloseTo(0.1, within(1e-3));
    }

    @Test
    void a_band_has_the_mean_of_each_runs_steps_in_a_cell() {
        RunResult first = run("a", "", 1, 1);
        RunResult second = run("a", "", 2, 1);
        for (int i = 1; i <= 4; i++) {
            first.steps().add(Map.of("passes", i * 0.5, "loss", 8.0 / i));
            second.steps().add(Map.of("passes", i * 0.25, "loss", 16.0));
        }
        Band band = Band.of(List.of(first, second));
        assertThat(band.passes()).containsExactly(0.5, 1, 1.5, 2);
        // The second run has two steps in each of the first two cells, and then keeps its loss.
        assertThat(band.losses())
                .containsExactly(
                        new Spread(12, 8, 16),
                        new Spread(10, 4, 16),
                        new Spread(8 / 3.0 + (16 - 8 / 3.0) / 2, 8 / 3.0, 16),
                        new Spread(9, 2, 16));
        // One that diverged is infinite from there on: of two there is no median, and of one that goes on nothing is
        // known.
        assertThat(Band.of(List.of(first, in(RunState.DIVERGED, second))).losses()[3])
                .isEqualTo(new Spread(Double.POSITIVE_INFINITY, 2, Double.POSITIVE_INFINITY));
        assertThat(Band.of(List.of(first, in(RunState.RUNNING, second))).losses()[3])
                .isEqualTo(new Spread(2, 2, 2));
    }
}
