package dev.lockstep.study;

import static dev.lockstep.study.StudyRuns.EASY;
import static dev.lockstep.study.StudyRuns.HARD;
import static dev.lockstep.study.StudyRuns.in;
import static dev.lockstep.study.StudyRuns.reached;
import static dev.lockstep.study.StudyRuns.run;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The three sentences, and that every number of them is one of runs.csv. */
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
                assertThat(cells.stream().anyMatch(cell -> isRounded(cell, number)))
                        .as(number + " of: " + sentence)
                        .isTrue();
            }
        }
        return sentences;
    }

    private static boolean isRounded(String cell, String number) {
        if (!NUMBER.matcher(cell).matches()) {
            return cell.contains(number);
        }
        double value = Double.parseDouble(cell);
        return Shown.number(value).equals(Shown.number(Double.parseDouble(number)))
                || Shown.number(value, 3).equals(number);
    }

    @Test
    void who_was_first_in_passes_who_in_seconds_and_how_much_the_rate_matters() {
        assertThat(answer(
                        TARGETS,
                        reached(run("adam", "0.01", 1, 0.09), HARD, 13 / 3.0, 3),
                        reached(run("adam", "0.01", 2, 0.07), HARD, 5, 2.5),
                        reached(run("adam", "0.1", 1, 0.05), HARD, 8, 9),
                        reached(run("adam", "0.1", 2, 0.04), HARD, 10, 8),
                        run("adam", "1", 1, 4),
                        run("adam", "1", 2, 4),
                        reached(run("sgd", "0.1", 1, 0.08), HARD, 6, 1.25),
                        reached(run("sgd", "0.1", 2, 0.08), HARD, 7, 1.5),
                        in(RunState.DIVERGED, run("sgd", "1", 1, 0.5)),
                        in(RunState.DIVERGED, run("sgd", "1", 2, 0.5)),
                        run("sgd", "0.01", 1, 0.5),
                        run("sgd", "0.01", 2, 0.5),
                        run("rprop", "", 1, 0.3),
                        run("rprop", "", 2, 0.3)))
                .containsExactly(
                        "Adam (learning rate 0.01) reached training loss 0.1 first, in 4.33333 to 5 passes over the data (two"
                                + " seeds); next came sgd (learning rate 0.1), in 6 to 7 passes (two seeds).",
                        "In seconds sgd (learning rate 0.1) was first, with 1.25 to 1.5 s of training; adam (learning rate 0.01)"
                                + " took 2.5 to 3 s.",
                        "Two of fourteen runs diverged (sgd); adam reaches training loss 0.1 within twice its fewest passes for"
                                + " learning rates from 0.01 (the lowest tried) to 0.1, and sgd, the most sensitive, only at"
                                + " learning rate 0.1.");
    }

    /** Two of four seeds got there, both in one pass, and no seed of the other optimizer in fewer. */
    @Test
    void seeds_that_never_got_there_are_told_and_not_left_out_of_medians() {
        assertThat(answer(
                        TARGETS,
                        reached(run("a", "", 1, 0.09), HARD, 1, 3),
                        reached(run("a", "", 2, 0.09), HARD, 1, 3),
                        run("a", "", 3, 0.4),
                        run("a", "", 4, 0.4),
                        reached(run("b", "", 1, 0.09), HARD, 1, 9),
                        reached(run("b", "", 2, 0.09), HARD, 6, 9),
                        run("b", "", 3, 0.4),
                        run("b", "", 4, 0.4)))
                .containsExactly(
                        "A reached training loss 0.1 first, in 1 pass over the data (on two of four seeds only); next came b,"
                                + " in 1 and 6 passes (on two of four seeds only).",
                        "In seconds a was first as well, with 3 s of training; b took 9 s.",
                        "No run diverged or failed; a did not reach training loss 0.1 on two of four seeds.");
        assertThat(answer(
                                TARGETS,
                                reached(run("a", "", 1, 0.09), HARD, 1, 3),
                                reached(run("a", "", 2, 0.09), HARD, 4, 3),
                                run("a", "", 3, 0.4),
                                run("b", "", 1, 0.4),
                                run("b", "", 2, 0.4),
                                run("b", "", 3, 0.4))
                        .get(0))
                .isEqualTo("A reached training loss 0.1 first, in 4 passes over the data (median of three seeds, one of"
                        + " which did not reach it); no other optimizer reached it.");
    }

    @Test
    void a_study_that_was_stopped_says_so_first_and_says_never_of_nothing_that_may_still_come() {
        List<RunResult> runs = List.of(
                reached(run("a", "", 1, 0.09), HARD, 3, 3),
                in(RunState.STOPPED, run("a", "", 2, 0.5)),
                in(RunState.STOPPED, run("b", "", 1, 0.5)),
                in(RunState.WAITING, run("b", "", 2, 0.5)));
        Comparison comparison = Comparison.of(TARGETS, runs);
        assertThat(new Answer(comparison, false).sentences())
                .containsExactly(
                        "The study was stopped before its end: only one of four runs has ended, and the others count as far"
                                + " as they came.",
                        "So far a reached training loss 0.1 first, in 3 passes over the data (on one of two seeds so far);"
                                + " no other optimizer has reached it yet.",
                        "A took 3 s of training to get there.",
                        "No run has diverged or failed; a has not yet reached training loss 0.1 on one of two seeds.");
        assertThat(new Answer(comparison, true).sentences())
                .startsWith("One of four runs has ended; what follows may change.");
        assertThat(comparison.methods().stream().map(method -> method.best().cost(HARD)))
                .containsExactly("not yet (1 of 2: 3)", "not yet (0 of 2)");
        assertThat(Notes.of(comparison, Double.NaN))
                .contains("No run has reached training loss 0.3 yet; nearest came a-seed-1, with 0.09.");
    }

    @Test
    void seconds_tell_methods_apart_only_where_they_differ_by_more_than_chance_and_are_not_of_a_blink() {
        assertThat(seconds(0.05, 0.5)).isEqualTo("Seconds do not tell a and b apart, with 0.05 to 0.5 s of training.");
        assertThat(seconds(4.44812, 4.78116))
                .isEqualTo("Seconds do not tell a and b apart, with 4.45 to 4.78 s of training.");
        assertThat(seconds(4.44812, 9.78116))
                .isEqualTo("In seconds a was first as well, with 4.45 s of training; b took 9.78 s.");
        // Half of the seeds of each are quicker than half of the other's.
        assertThat(answer(
                                TARGETS,
                                reached(run("a", "", 1, 0.09), HARD, 3, 2),
                                reached(run("a", "", 2, 0.09), HARD, 3, 4),
                                reached(run("b", "", 1, 0.09), HARD, 4, 3),
                                reached(run("b", "", 2, 0.09), HARD, 4, 7))
                        .get(1))
                .isEqualTo("Seconds do not tell a and b apart, with 2 to 7 s of training.");
    }

    private static String seconds(double first, double second) {
        return answer(
                        TARGETS,
                        reached(run("a", "", 1, 0.09), HARD, 3, first),
                        reached(run("b", "", 1, 0.09), HARD, 4, second))
                .get(1);
    }

    /** Of two that are as narrow, both are named; none is called sensitive where no rate was tried beyond its range. */
    @Test
    void the_most_sensitive_is_not_named_on_the_evidence_of_a_grids_end() {
        List<RunResult> runs = new ArrayList<>();
        for (String rate : List.of("0.01", "0.1", "1")) {
            runs.add(reached(run("wide", rate, 1, 0.09), HARD, 4, 3));
            RunResult end = run("end", rate, 1, 0.2);
            runs.add(rate.equals("1") ? reached(end, HARD, 4, 3) : end);
        }
        assertThat(answer(TARGETS, runs.toArray(new RunResult[0])).get(2))
                .isEqualTo(
                        "No run diverged or failed; wide reaches training loss 0.1 within twice its fewest passes for all"
                                + " learning rates that were tried, 0.01 to 1, and end only at learning rate 1 (the highest tried),"
                                + " which may be wider: no rate was tried beyond it.");
        for (String rate : List.of("0.01", "0.1", "1")) {
            RunResult inside = run("inside", rate, 1, 0.2);
            runs.add(rate.equals("0.1") ? reached(inside, HARD, 5, 3) : inside);
        }
        assertThat(answer(TARGETS, runs.toArray(new RunResult[0])).get(2))
                .endsWith(
                        ", and end and inside only at one learning rate each, which may be wider: beyond some of them no"
                                + " rate was tried.");
    }

    @Test
    void methods_that_are_all_as_sensitive_are_all_named() {
        List<RunResult> runs = new ArrayList<>();
        for (String rate : List.of("0.01", "0.1", "1")) {
            for (String method : List.of("a", "b")) {
                RunResult run = run(method, rate, 1, 0.2);
                runs.add(rate.equals("0.1") ? reached(run, HARD, 5, 3) : run);
            }
        }
        assertThat(answer(TARGETS, runs.toArray(new RunResult[0])).get(2))
                .isEqualTo(
                        "No run diverged or failed; a and b reach training loss 0.1 within twice their fewest passes only"
                                + " at one learning rate each.");
    }

    @Test
    void runs_that_ended_above_the_loss_that_they_began_with_are_counted() {
        RunResult risen = run("a", "", 1, 500);
        risen.steps().add(Map.of("loss", 0.7));
        RunResult fallen = run("b", "", 1, 0.2);
        fallen.steps().add(Map.of("loss", 0.7));
        assertThat(answer(NONE, risen, fallen).get(2))
                .isEqualTo("No run diverged or failed; one of two runs ended with a loss above its first one (a).");
        assertThat(RunsCsv.text(NONE, List.of(risen)))
                .contains("bestLoss,firstLoss\n")
                .contains(",500,500,0.7\n");
    }

    @Test
    void passes_over_the_budget_are_explained() {
        assertThat(Notes.of(Comparison.of(NONE, List.of(run("lbfgs", "", 1, 0.2))), 8))
                .contains("Of at most 8 passes, lbfgs ended at 10: a step, with its line search, is not cut off.");
        assertThat(Notes.of(Comparison.of(NONE, List.of(run("lbfgs", "", 1, 0.2))), 10))
                .noneMatch(note -> note.contains("at most"));
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
                        "A reached training loss 0.1 most reliably, in 3 to 4 passes over the data (two seeds); b was"
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
                        "Seconds do not tell b and a apart, with 5 s each of training.");
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
                Map.of(),
                Map.of(),
                Map.of(),
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
        assertThat(Notes.of(comparison, Double.NaN))
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
                "a,b", Map.of("optimizer", "x \"y\""), "x", false, java.util.OptionalDouble.empty(), 1, 10, 8);
        assertThat(RunsCsv.text(TARGETS, List.of(run(key, 0.1)))).isEqualTo("""
                        run,optimizer,state,stopReason,steps,epochs,passes,seconds,bytes,finalLoss,bestLoss,firstLoss,\
                        passesTo:training-loss:0.3,secondsTo:training-loss:0.3,passesTo:training-loss:0.1,\
                        secondsTo:training-loss:0.1
                        "a,b","x ""y\""",finished,epochs,100,10,10,5,,0.1,0.1,,,,,
                        """);
    }
}
