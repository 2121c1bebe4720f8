package dev.lockstep;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaFieldAccess;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.spark.api.java.JavaRDDLike;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The arrows of the architecture: packages are the pipeline, and imports point one way only. */
class ArchitectureTest {
    private static final JavaClasses MAIN = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.lockstep");

    /** What each package may import of the others. */
    private static final Map<String, List<String>> ARROWS = Map.of(
            "linalg", List.of(),
            "optimize", List.of("linalg"),
            "curvature", List.of("linalg", "optimize"),
            "data", List.of("linalg"),
            "network", List.of("linalg", "data"),
            "distributed", List.of("linalg", "data", "network", "optimize"),
            "train", List.of("linalg", "data", "network", "optimize", "curvature", "distributed"),
            "observe", List.of("linalg", "data", "network", "optimize", "curvature", "distributed", "train"),
            "study", List.of("linalg", "data", "network", "optimize", "curvature", "distributed", "train", "observe"),
            "cli",
                    List.of(
                            "linalg",
                            "data",
                            "network",
                            "optimize",
                            "curvature",
                            "distributed",
                            "train",
                            "observe",
                            "study"));

    private static final String VECTOR_CLASSES =
            "dev\\.lockstep\\.linalg\\.(Listed|Magnitude|Product|Rehearsal|Sparse|Sum|Tile)?Lanes(32|64).*";

    private static final Set<String> MERGING =
            Set.of("reduce", "fold", "aggregate", "treeAggregate", "treeReduce", "sample", "sum", "mean", "stats");

    static List<String> packages() {
        return ARROWS.keySet().stream().sorted().toList();
    }

    @ParameterizedTest
    @MethodSource("packages")
    void imports_point_one_way(String name) {
        List<String> forbidden = new ArrayList<>(ARROWS.keySet());
        forbidden.remove(name);
        forbidden.removeAll(ARROWS.get(name));
        if (forbidden.isEmpty()) {
            return;
        }
        noClasses()
                .that()
                .resideInAPackage("dev.lockstep." + name + "..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(forbidden.stream()
                        .map(other -> "dev.lockstep." + other + "..")
                        .toArray(String[]::new))
                .because("packages are the pipeline; see src/site/markdown/architecture.md")
                .check(MAIN);
    }

    @Test
    void every_package_has_its_arrows_here() {
        classes()
                .should()
                .resideInAnyPackage(List.of(
                                "dev.lockstep",
                                "dev.lockstep.linalg",
                                "dev.lockstep.optimize",
                                "dev.lockstep.curvature",
                                "dev.lockstep.data",
                                "dev.lockstep.network",
                                "dev.lockstep.distributed",
                                "dev.lockstep.train",
                                "dev.lockstep.observe",
                                "dev.lockstep.study",
                                "dev.lockstep.observe.events",
                                "dev.lockstep.cli")
                        .toArray(new String[0]))
                .because("a new package needs a line in this test")
                .check(MAIN);
    }

    @Test
    void the_root_package_stands_alone() {
        noClasses()
                .that()
                .resideInAPackage("dev.lockstep")
                .should()
                .dependOnClassesThat(resideInAPackage("dev.lockstep.*.."))
                .because("everybody may use the root package")
                .check(MAIN);
    }

    @Test
    void the_mathematics_does_not_know_spark() {
        noClasses()
                .that()
                .resideInAnyPackage(
                        "dev.lockstep",
                        "dev.lockstep.linalg..",
                        "dev.lockstep.network..",
                        "dev.lockstep.optimize..",
                        "dev.lockstep.curvature..",
                        "dev.lockstep.train..",
                        "dev.lockstep.observe..",
                        "dev.lockstep.study..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.apache.spark..")
                .because("the optimizer never sees Spark, and is tested in milliseconds")
                .check(MAIN);
    }

    @Test
    void linalg_is_the_only_door_to_breeze_and_blas() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.lockstep.linalg")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("breeze..", "dev.ludovic.netlib..", "org.bytedeco..")
                .because("which BLAS computes is decided in one place")
                .check(MAIN);
    }

    @Test
    void linalg_is_the_only_door_to_vector_registers() {
        noClasses()
                .that()
                .haveNameNotMatching(VECTOR_CLASSES)
                .should()
                .dependOnClassesThat(resideInAPackage("jdk.incubator.."))
                .orShould()
                .dependOnClassesThat()
                .haveNameMatching(VECTOR_CLASSES)
                .because("a JVM without the module must not load what needs it")
                .check(MAIN);
    }

    @Test
    void vectors_have_one_width() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .haveFullyQualifiedName("jdk.incubator.vector.VectorShape")
                .orShould()
                .accessFieldWhere(new DescribedPredicate<JavaFieldAccess>("is a width of its own") {
                    @Override
                    public boolean test(JavaFieldAccess access) {
                        return access.getTargetOwner().getName().startsWith("jdk.incubator.vector.")
                                && access.getName().matches("SPECIES_(64|128|256|512|MAX)");
                    }
                })
                .because("vectors of a second width make the JVM box all others that it compiles later")
                .check(MAIN);
    }

    @Test
    void vector_code_begins_with_the_rehearsal() {
        assertThat(callsOfRehearsal("Lanes")).containsExactly("begin");
        assertThat(callsOfRehearsal("Gate")).containsExactly("goOn");
    }

    private static List<String> callsOfRehearsal(String type) {
        return MAIN.get("dev.lockstep.linalg." + type).getMethodCallsFromSelf().stream()
                .filter(call -> call.getTargetOwner().getSimpleName().equals("Rehearsal"))
                .map(JavaMethodCall::getName)
                .toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"32", "64"})
    void the_rehearsal_has_every_vector_operation(String bits) {
        Set<String> played = new TreeSet<>();
        Set<String> rehearsed = new TreeSet<>();
        for (JavaClass type : MAIN) {
            if (type.getName().matches(VECTOR_CLASSES) && type.getName().contains("Lanes" + bits)) {
                (type.getSimpleName().startsWith("Rehearsal") ? rehearsed : played).addAll(vectorOperations(type));
            }
        }
        assertThat(played).contains("FMA", "fromArray", "intoArray");
        assertThat(rehearsed).containsAll(played);
    }

    /** Constants of {@code VectorOperators}, and names of methods but the one that computes nothing. */
    private static Set<String> vectorOperations(JavaClass type) {
        Set<String> names = new TreeSet<>();
        type.getFieldAccessesFromSelf().stream()
                .filter(access -> access.getTargetOwner().getName().equals("jdk.incubator.vector.VectorOperators"))
                // Comparisons are of one kind.
                .map(access -> access.getName().matches("GT|LT|LE|EQ") ? "a comparison" : access.getName())
                .forEach(names::add);
        type.getMethodCallsFromSelf().stream()
                .filter(call -> call.getTargetOwner().getName().matches("jdk\\.incubator\\.vector\\.\\w+Vector"))
                .map(JavaMethodCall::getName)
                .filter(name -> !name.equals("lane"))
                .forEach(names::add);
        return names;
    }

    @Test
    void randomness_is_a_function_of_keys() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .haveNameMatching("java\\.util\\.(Random|SplittableRandom|random\\..*)|"
                        + "java\\.util\\.concurrent\\.ThreadLocalRandom")
                .orShould()
                .callMethod(Math.class, "random")
                .because("every number must be the same on every machine; use Mixing")
                .check(MAIN);
    }

    @Test
    void spark_never_adds_for_us() {
        noClasses()
                .should()
                .callMethodWhere(new DescribedPredicate<JavaMethodCall>("merges an RDD") {
                    @Override
                    public boolean test(JavaMethodCall call) {
                        return MERGING.contains(call.getName())
                                && call.getTargetOwner().isAssignableTo(JavaRDDLike.class);
                    }
                })
                .because("RDDs merge in the order of completion, and their sample scans everything; see SumTree")
                .check(MAIN);
    }

    @Test
    void only_commands_print() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.lockstep.cli")
                .should()
                .accessField(System.class, "out")
                .because("standard output holds results only")
                .check(MAIN);
    }
}
