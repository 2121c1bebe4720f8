package dev.lockstep.study;

import static dev.lockstep.study.StudyRuns.EASY;
import static dev.lockstep.study.StudyRuns.HARD;
import static dev.lockstep.study.StudyRuns.in;
import static dev.lockstep.study.StudyRuns.reached;
import static dev.lockstep.study.StudyRuns.run;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The three sentences, and that runs.csv has every number of them. */
class AnswerTest {
    private static final Targets TARGETS = new Targets(List.of(EASY, HARD));
    private static final Targets NONE = new Targets(List.of());
    private static final Pattern NUMBER = Pattern.compile("\\d+(\\.\\d+)?(e-?\\d+)?");

    private static List<String> answer(Targets targets, RunResult... runs) {
        List<String> sentences = new Answer(Comparison.of(targets, List.of(runs)), false).sentences();
        String csv = RunsCsv.text(targets, List.of(runs));
        List<String> cells = Arrays.asList(csv.split("[,:\n]"));
        for (String sentence : sentences) {
            assertThat(sentence).matches("[A-Za-z].*\\.").doesNotContain("NaN").doesNotContain("null");
            Matcher numbers = NUMBER.matcher(sentence);
            while (numbers.find()) {
                String number = numbers.group();
                assertThat(cells).as(number + " of: " + sentence).anyMatch(cell -> isRounded(cell, number));
            }
        }
        return sentences;
    }

    private static boolean isRounded(String cell, String number) {
        return NUMBER.matcher(cell).matches()
                ? Shown.number(Double.parseDouble(cell)).equals(Shown.number(Double.parseDouble(number)))
                : cell.contains(number);
    }

    @Test
    void who_was_first_in_passes_who_in_seconds_and_how_much_the_rate_matters() {
        assertThat(answer(
                        TARGETS,
                        reached(run("adam", "0.01", 1, 0.09), HARD, 13 / 3.0, 3),
                        reached(run("adam", "0.01", 2, 0.07), HARD, 5, 2.5),
                        reached(run("adam", "0.1", 1, 0.05), HARD, 8, 9),
                        reached(run("adam", "0.1", 2, 0.04), HARD, 10, 8),
                        reached(run("sgd", "0.1", 1, 0.08), HARD, 6, 1.25),
                        reached(run("sgd", "0.1", 2, 0.08), HARD, 7, 1.5),
                        in(RunState.DIVERGED, run("sgd", "1", 1, 0.5)),
                        in(RunState.DIVERGED, run("sgd", "1", 2, 0.5)),
                        run("rprop", "", 1, 0.3),
                        run("rprop", "", 2, 0.3)))
                .containsExactly(
                        "Adam (learning rate 0.01) reached training loss 0.1 first, in 4.33333 passes over the data (median of"
                                + " two seeds); next came sgd (learning rate 0.1), in 6 passes (median of two seeds).",
                        "In seconds sgd (learning rate 0.1) was first, with 1.25 s of training; adam (learning rate 0.01) took"
                                + " 2.5 s.",
                        "Two of ten runs diverged (sgd); adam reaches training loss 0.1 within twice its fewest passes for"
                                + " learning rates from 0.01 to 0.1, and sgd, the most sensitive, only at learning rate 0.1.");
    }

    @Test
    void equal_passes_are_told_as_such_and_so_is_who_was_quicker_on_fewer_seeds() {
        assertThat(answer(
                                TARGETS,
                                reached(run("a", "", 1, 0.09), HARD, 3, 3),
                                reached(run("b", "", 1, 0.05), HARD, 3, 4),
                                reached(run("c", "", 1, 0.05), HARD, 4, 1))
                        .get(0))
                .isEqualTo("B and a both reached training loss 0.1 first, in 3 passes over the data; next came c, in 4"
                        + " passes.");
        assertThat(answer(
                                TARGETS,
                                reached(run("a", "", 1, 0.09), HARD, 3, 3),
                                reached(run("a", "", 2, 0.09), HARD, 4, 3),
                                reached(run("b", "", 1, 0.05), HARD, 2, 4),
                                run("b", "", 2, 0.5))
                        .get(0))
                .isEqualTo(
                        "A reached training loss 0.1 most reliably, in 3 passes over the data (median of two seeds); b was"
                                + " quicker where it got there, in 2 passes, but on one of two seeds only.");
    }

    @Test
    void while_the_study_goes_on_the_answer_says_so() {
        List<RunResult> runs = List.of(reached(run("a", "", 1, 0.09), HARD, 3, 3), run("b", "", 1, 0.5));
        assertThat(new Answer(Comparison.of(TARGETS, runs), true).sentences().get(0))
                .isEqualTo(
                        "So far a reached training loss 0.1 first, in 3 passes over the data; no other optimizer reached"
                                + " it.");
    }

    @Test
    void one_method_is_compared_with_its_own_next_best_setting() {
        assertThat(answer(
                        TARGETS,
                        reached(run("adam", "0.01", 1, 0.09), HARD, 2, 3),
                        reached(run("adam", "0.1", 1, 0.07), HARD, 5, 2.5)))
                .first()
                .isEqualTo(
                        "Adam (learning rate 0.01) reached training loss 0.1 first, in 2 passes over the data; its next best"
                                + " setting, learning rate 0.1, took 5 passes.");
    }

    @Test
    void where_nobody_reached_a_target_the_nearest_is_named() {
        List<String> sentences = answer(TARGETS, run("a", "", 1, 0.412345678), run("b", "", 1, 0.5));
        assertThat(sentences.get(0))
                .isEqualTo(
                        "No run reached any target, not even training loss 0.3; nearest came a-seed-1, with training loss"
                                + " 0.412346.");
        assertThat(sentences.get(2)).isEqualTo("No run diverged or failed.");
        assertThat(answer(new Targets(List.of(HARD)), run("a", "", 1, 0.4), run("b", "", 1, 0.5))
                        .get(0))
                .startsWith("No run reached training loss 0.1; nearest came a-seed-1");
    }

    @Test
    void without_targets_the_lowest_loss_decides() {
        assertThat(answer(NONE, run("a", "", 1, 0.4), run("b", "", 1, 0.25)))
                .startsWith(
                        "B came to the lowest training loss, 0.25; next came a, with 0.4.",
                        "In seconds a run of b was the shortest, with 5 s of training; a run of a took 5 s.");
    }

    @Test
    void a_study_without_results_says_so() {
        assertThat(answer(TARGETS, in(RunState.DIVERGED, run("a", "", 1, 1)), in(RunState.FAILED, run("b", "", 1, 1))))
                .containsExactly("One of two runs diverged (a) and one of two runs failed (b).");
        RunKey key = StudyRuns.key("a", "", 1);
        RunResult waiting = new RunResult(
                key,
                RunState.WAITING,
                RunResult.Ending.NONE,
                new RunResult.Totals(0, 0, 0, 0, Double.NaN, Double.NaN, Double.NaN),
                java.util.Map.of(),
                java.util.Map.of(),
                java.util.Map.of(),
                new Series(),
                new Series(),
                Double.NaN,
                java.util.Optional.empty());
        assertThat(answer(TARGETS, waiting)).containsExactly("No run has taken a step yet.");
    }

    @Test
    void a_single_run_says_what_it_reached() {
        assertThat(answer(TARGETS, reached(run("a", "", 1, 0.25), EASY, 3, 1.5)))
                .containsExactly(
                        "The run reached training loss 0.3 in 3 passes and 1.5 s.",
                        "The run ended after 10 passes over the data and 5 s of training, with training loss 0.25.");
    }

    @Test
    void notes_name_what_failed_and_what_nobody_reached() {
        Comparison comparison = Comparison.of(
                TARGETS,
                List.of(reached(run("a", "", 1, 0.25), EASY, 3, 1.5), in(RunState.FAILED, run("b", "", 1, 0.2))));
        assertThat(Notes.of(comparison))
                .contains(
                        "No run reached training loss 0.1; nearest came a-seed-1, with 0.25.",
                        "b-seed-1 failed: the loss became NaN");
    }

    @Test
    void numbers_have_six_significant_digits_and_no_trailing_zeros() {
        assertThat(List.of(
                        Shown.number(1.0 / 3),
                        Shown.number(2.5),
                        Shown.number(1234567),
                        Shown.number(0),
                        Shown.number(1.25e-7),
                        Shown.number(0.00012),
                        Shown.number(-3e12),
                        Shown.number(Double.NaN)))
                .containsExactly("0.333333", "2.5", "1234570", "0", "1.25e-7", "0.00012", "-3e12", "");
        assertThat(List.of(Shown.count(0), Shown.count(12), Shown.count(40), Shown.count(78), Shown.count(120)))
                .containsExactly("no", "twelve", "forty", "seventy-eight", "120");
    }

    @Test
    void cells_are_quoted_as_rfc_4180_says() {
        RunKey key = new RunKey(
                "a,b",
                java.util.Map.of("optimizer", "x \"y\""),
                "x",
                false,
                java.util.OptionalDouble.empty(),
                1,
                10,
                8);
        assertThat(RunsCsv.text(TARGETS, List.of(run(key, 0.1)))).isEqualTo("""
                        run,optimizer,state,stopReason,steps,epochs,passes,seconds,bytes,finalLoss,bestLoss,\
                        passesTo:training-loss:0.3,secondsTo:training-loss:0.3,passesTo:training-loss:0.1,\
                        secondsTo:training-loss:0.1
                        "a,b","x ""y\""",finished,epochs,100,10,10,5,,0.1,0.1,,,,
                        """);
    }
}
