package dev.lockstep.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import dev.lockstep.InputException;
import dev.lockstep.Settings;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which runs a study's configuration means, and what it cannot mean. */
class StudyPlanTest {
    private static final String BASE =
            "base { name = b, output = o, batch = 32, seed = 9, learning-rate = 0.5, optimizer = adam, stop { epochs = 3, "
                    + "patience = 2 } }\n";

    private static StudyPlan plan(String study) {
        return StudyPlan.read(Settings.parse("study {\n" + BASE + study + "\n}", "a.conf", List.of()), "a.conf");
    }

    private static List<String> names(String study) {
        return plan(study).runs().stream().map(PlannedRun::name).toList();
    }

    private static PlannedRun run(StudyPlan plan, String name) {
        return plan.runs().stream()
                .filter(run -> run.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void runs_are_the_product_with_optimizers_first_and_seeds_last() {
        StudyPlan plan = plan(
                "vary { seed = [1, 2], learning-rate = [0.1, 1], optimizer = [nesterov, { name = momentum, momentum = 0.5 }] }");
        assertThat(plan.runs().stream().map(PlannedRun::name))
                .containsExactly(
                        "nesterov-0.1-seed-1",
                        "nesterov-0.1-seed-2",
                        "nesterov-1-seed-1",
                        "nesterov-1-seed-2",
                        "momentum-0.1-seed-1",
                        "momentum-0.1-seed-2",
                        "momentum-1-seed-1",
                        "momentum-1-seed-2");
        assertThat(plan.varied()).containsExactly("optimizer", "learning-rate", "seed");
        PlannedRun one = run(plan, "momentum-0.1-seed-2");
        assertThat(one.method()).isEqualTo("momentum");
        assertThat(one.varied())
                .containsExactly(
                        Map.entry("optimizer", "momentum"), Map.entry("learning-rate", "0.1"), Map.entry("seed", "2"));
        Config configuration = one.configuration();
        assertThat(configuration.getString("name")).isEqualTo("momentum-0.1-seed-2");
        assertThat(configuration.hasPath("output")).isFalse();
        assertThat(configuration.getDouble("optimizer.momentum")).isEqualTo(0.5);
        assertThat(configuration.getDouble("learning-rate")).isEqualTo(0.1);
        assertThat(configuration.getLong("seed")).isEqualTo(2);
        assertThat(configuration.getInt("batch")).isEqualTo(32);
        assertThat(plan.name()).isEqualTo("a");
        assertThat(plan.output()).isEqualTo("runs/a");
    }

    @Test
    void an_optimizer_without_a_learning_rate_has_one_run_and_others_may_have_their_own_rates_and_batch() {
        StudyPlan plan = plan("""
                vary {
                  learning-rate = [0.1, 1]
                  optimizer = [
                    gradient-descent
                    { name = rprop, batch = full }
                    { name = adam, learning-rate = { log-grid = [1e-3, 1e-1], points = 3 } }
                    { name = lbfgs, learning-rate = 1, batch = full, label = quasi newton }
                  ]
                }
                """);
        assertThat(plan.runs().stream().map(PlannedRun::name))
                .containsExactly(
                        "gradient-descent-0.1",
                        "gradient-descent-1",
                        "rprop",
                        "adam-0.001",
                        "adam-0.01",
                        "adam-0.1",
                        "quasi-newton-1");
        PlannedRun rprop = run(plan, "rprop");
        assertThat(rprop.takesLearningRate()).isFalse();
        assertThat(rprop.varied()).containsEntry("learning-rate", "");
        assertThat(rprop.configuration().hasPath("learning-rate")).isFalse();
        assertThat(rprop.configuration().getString("batch")).isEqualTo("full");
        PlannedRun last = run(plan, "quasi-newton-1");
        assertThat(last.method()).isEqualTo("quasi newton");
        assertThat(last.configuration().getConfig("optimizer").root().keySet()).containsExactly("name");
        assertThat(plan.varied()).containsExactly("optimizer", "learning-rate", "batch");
        assertThat(last.varied())
                .containsExactly(
                        Map.entry("optimizer", "quasi newton"),
                        Map.entry("learning-rate", "1"),
                        Map.entry("batch", "full"));
        assertThat(run(plan, "adam-0.1").varied()).containsEntry("batch", "32");
    }

    @Test
    void optimizers_of_one_name_are_told_apart_by_their_keys() {
        assertThat(plan(
                                "vary.optimizer = [{ name = momentum, momentum = 0.5 }, { name = momentum, momentum = 0.9 }, adam]")
                        .runs()
                        .stream()
                        .map(PlannedRun::method))
                .containsExactly("momentum momentum=0.5", "momentum momentum=0.9", "adam");
    }

    @Test
    void any_key_may_vary_nested_or_by_its_path() {
        StudyPlan plan =
                plan("vary { network { hidden = [[8], [8, 4]] }, data.fraction = [0.5, 1], optimizer.beta1 = [0.8] }");
        assertThat(plan.varied()).containsExactly("data.fraction", "network.hidden", "optimizer.beta1");
        assertThat(plan.runs().stream().map(PlannedRun::name))
                .containsExactly(
                        "fraction-0.5-hidden-8",
                        "fraction-0.5-hidden-8-4",
                        "fraction-1-hidden-8",
                        "fraction-1-hidden-8-4");
        assertThat(plan.runs()).allSatisfy(run -> {
            assertThat(run.method()).isEqualTo("adam");
            assertThat(run.varied()).containsEntry("optimizer.beta1", "0.8");
        });
        assertThat(plan.runs().get(1).configuration().getIntList("network.hidden"))
                .containsExactly(8, 4);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "{ log-grid = [1e-3, 1], points = 4 } | 0.001 0.01 0.1 1",
                "{ log-grid = [1e-3, 1e-2], points = 3 } | 0.001 0.003162 0.01",
                "{ log-grid = [1e-6, 1e-6], points = 1 } | 0.000001",
                "{ grid = [-1, 2], points = 3 } | -1 0.5 2",
                "{ grid = [1, 2], points = 1 } | 1.5",
                "3 | 3"
            })
    void grids_have_equal_ratios_or_distances(String said, String expected) {
        assertThat(String.join(
                        " ",
                        plan("vary.penalty.l2 = " + said).runs().stream()
                                .map(run -> run.varied().get("penalty.l2"))
                                .toList()))
                .isEqualTo(expected);
    }

    @Test
    void draws_lie_in_their_range_and_follow_the_study_s_seed() {
        String study = "vary.learning-rate = { log-uniform = [1e-4, 1], points = 200 }";
        List<Double> drawn = plan(study).runs().stream()
                .map(run -> run.configuration().getDouble("learning-rate"))
                .toList();
        assertThat(drawn).allMatch(rate -> rate >= 1e-4 && rate <= 1);
        // Half of them lie below the middle of the scale of logarithms: 100, give or take four deviations.
        assertThat(drawn.stream().filter(rate -> rate < 1e-2).count()).isBetween(72L, 128L);
        assertThat(names(study)).isEqualTo(names(study)).isNotEqualTo(names("seed = 2\n" + study));
    }

    @Test
    void a_sample_takes_some_combinations_with_all_their_seeds() {
        String all =
                "vary { optimizer = [adam, nesterov], learning-rate = { grid = [0.1, 0.9], points = 9 }, seed = [1, 2, 3] }";
        StudyPlan sample = plan("sample = 5\n" + all);
        assertThat(sample.runs()).hasSize(15);
        Set<String> settings = new HashSet<>();
        sample.runs().forEach(run -> settings.add(run.name().replaceFirst("-seed-.*", "")));
        assertThat(settings).hasSize(5);
        assertThat(names(all))
                .containsSubsequence(
                        sample.runs().stream().map(PlannedRun::name).toList());
        assertThat(names("sample = 500\n" + all)).hasSize(54);
    }

    @Test
    void a_budget_takes_the_place_of_the_base_run_s_limits_and_leaves_its_other_rules() {
        Config stop = plan("budget { passes = 2.5, minutes = 3 }")
                .runs()
                .get(0)
                .configuration()
                .getConfig("stop");
        assertThat(stop.root().unwrapped()).isEqualTo(Map.of("passes", 2.5, "minutes", 3L, "patience", 2));
        assertThat(plan("").runs().get(0).configuration().getInt("stop.epochs")).isEqualTo(3);
        assertThat(names("")).containsExactly("adam");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "vary.seed = [] | study.vary.seed = []: no value, so there is no run",
                "vary.learning-rate = { grid = [1, 2], points = 0 } | no points, so there is no run",
                "vary.learning-rate = { grid = [1, 2] } | no points",
                "vary.learning-rate = { log-grid = [0, 2], points = 2 } | log-grid = [from, to], both positive",
                "vary.learning-rate = { grid = [2, 1], points = 2 } | grid = [from, to] with the smaller number first",
                "vary.learning-rate = { log-grid = [1, 0.1], points = 2 } | = [from, to] with the smaller number first",
                "vary.learning-rate = { log-grid = [1, -1], points = 2 } | log-grid = [from, to], both positive",
                "vary.learning-rate = { grid = [1], points = 2 } | 'points\":2}: expected grid = [from, to]'",
                "vary.learning-rate = { grid = [a, b], points = 2 } | line 3: study.vary.learning-rate.grid = [\"a\",\"b\"]",
                "vary.learning-rate = { grid = [1, 2], points = 2.5 } | line 3: study.vary.learning-rate.points = 2.5",
                "vary.learning-rate = { grid = [1, 2], point = 2 } | key study.vary.learning-rate.point; did you mean points?",
                "vary.learning-rate = { loggrid = [1, 2], points = 2 } | line 3: study.vary.learning-rate = {",
                "vary.learning-rate = { loggrid = [1, 2] } | each = [from, to]; did you mean log-grid?",
                "vary.learning-rate = { range = [1, 2], points = 2 } | expected one of grid, log-grid, uniform, log-uniform",
                "vary.seed = [1, 2, 1] | a.conf, line 3: study.vary.seed = [1,2,1]: 1 is there twice",
                "vary.learning-rate = [0.1, 0.10] | study.vary.learning-rate = [0.1,0.1]: 0.1 is there twice",
                "vary.optimizer = [adam, adam] | study.vary.optimizer = [\"adam\",\"adam\"]: adam is there twice",
                "vary.optimizer = [{ name = adam, learning-rate = [1, 1] }] | study.vary.optimizer.learning-rate = [1,1]: 1 is",
                "vary.data.label = [a b, a-b] | two have the same name label-a-b",
                "vary.name = [a, b] | a.conf, line 3: study.vary.name = [\"a\",\"b\"]: a run's name follows from what varies",
                "vary.stop.passes = [1, 5], budget.passes = 2 | line 3: study.vary.stop.passes = [1,5]: study.budget takes",
                "vary.stop.epochs = [1, 5], budget.passes = 2 | study.vary.stop.epochs = [1,5]: study.budget takes the place",
                "vary.stop = [{ epochs = 1 }], budget.passes = 2 | study.budget takes the place of stop's",
                "vary = 3 | expected keys of a run in braces",
                "budget.passes = 0 | study.budget.passes = 0: no run would take a step",
                "budget.epochs = -1 | no run would take a step",
                "sample = 0 | study.sample = 0: no run",
                "base = 3 | study.base = 3: expected a run's configuration",
                "vary { seed = { grid = [1, 100], points = 50 }, batch = { grid = [1, 100], points = 50 } } | more than 2000"
            })
    void what_means_no_study_is_one_line(String study, String complaint) {
        assertThatThrownBy(() -> plan(study))
                .isInstanceOf(InputException.class)
                .hasMessageContaining(complaint)
                .extracting(Throwable::getMessage)
                .asString()
                .doesNotContain("\n");
    }

    @Test
    void what_a_budget_does_not_bound_may_vary_beside_it() {
        assertThat(names("vary.stop.patience = [2, 5], budget.passes = 2")).containsExactly("patience-2", "patience-5");
        assertThat(names("vary.stop.passes = [1, 5]")).containsExactly("passes-1", "passes-5");
        assertThat(names("vary.optimizer = [{ name = adam, learning-rate = 1 }, { name = adam, learning-rate = 2 }]"))
                .as("their rates tell them apart")
                .containsExactly("adam-1", "adam-2");
    }

    @Test
    void without_a_study_there_is_none() {
        assertThatThrownBy(() -> StudyPlan.read(Settings.parse("name = x", "a.conf", List.of()), "a.conf"))
                .hasMessageContaining("the key study is missing: expected study { base");
    }

    @Test
    void variants_are_whole_runs_and_multiply_with_what_varies() {
        StudyPlan plan = plan("""
                variants = [
                  { name = small, columns.size = 1, network.hidden = [4] }
                  { name = by signs, columns.size = 2, optimizer { name = rprop, variant = rprop-plus } }
                ]
                vary.seed = [1, 2]
                """);
        assertThat(plan.varied()).containsExactly("variant", "size", "seed");
        assertThat(plan.runs().stream().map(PlannedRun::name))
                .containsExactly("small-seed-1", "small-seed-2", "by-signs-seed-1", "by-signs-seed-2");
        PlannedRun small = run(plan, "small-seed-2");
        assertThat(small.varied())
                .containsExactly(Map.entry("variant", "small"), Map.entry("size", "1"), Map.entry("seed", "2"));
        assertThat(small.method()).isEqualTo("adam");
        assertThat(small.configuration().getIntList("network.hidden")).containsExactly(4);
        assertThat(small.configuration().hasPath("columns")).isFalse();
        assertThat(small.configuration().getInt("stop.patience"))
                .as("the base's")
                .isEqualTo(2);
        PlannedRun signs = run(plan, "by-signs-seed-1");
        assertThat(signs.method()).isEqualTo("rprop");
        assertThat(signs.configuration().hasPath("learning-rate"))
                .as("Rprop has none")
                .isFalse();
    }

    @Test
    void a_variant_s_source_or_schedule_takes_the_place_of_the_base_s() {
        StudyPlan plan = StudyPlan.read(Settings.parse("""
                        study {
                          base { optimizer = adam, learning-rate { schedule = exponential, initial = 1, decay = 0.1 }
                                 data { train { format = csv, path = a.csv, label = y }, standardize = true } }
                          variants = [ { name = v, learning-rate { schedule = linear, initial = 2 }
                                         data.train { format = synthetic, generator = xor } } ]
                        }
                        """, "a.conf", List.of()), "a.conf");
        Config only = plan.runs().get(0).configuration();
        assertThat(only.getConfig("learning-rate").entrySet()).hasSize(2);
        assertThat(only.getConfig("data.train").entrySet()).hasSize(2);
        assertThat(only.getBoolean("data.standardize"))
                .as("what stands beside it is merged")
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "variants = [] | no variant",
                "variants = [ { seed = 1 } ] | expected a name",
                "variants = 3 | expected a list of objects",
                "variants = [ { name = a }, { name = a } ] | a.conf, line 3: study.variants.2.name = a: another variant is called so",
                "variants = [ { name = a, stop.steps = 9 } ], budget.passes = 2 | a has stop.steps: study.budget takes",
                "variants = [ { name = a, seed = 1 } ], vary.seed = [1, 2] | a has seed, which varies",
            })
    void mistakes_in_variants_cost_one_line(String study, String complaint) {
        assertThatThrownBy(() -> plan(study)).isInstanceOf(InputException.class).hasMessageContaining(complaint);
    }
}
