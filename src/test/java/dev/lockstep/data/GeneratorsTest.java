package dev.lockstep.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.lockstep.InputException;
import dev.lockstep.Settings;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What each generator promises of its rows, and what all of them do. No Spark here. */
class GeneratorsTest {
    /**
     * Rows, taken out of a generator.
     *
     * @param x features, one row each
     * @param y labels
     */
    private record Rows(double[][] x, double[] y) {
        static Rows of(String keys) {
            return of(generator(keys));
        }

        static Rows of(Generator generator) {
            int rows = (int) generator.rows();
            double[][] x = new double[rows][generator.features()];
            double[] y = new double[rows];
            for (int i = 0; i < rows; i++) {
                y[i] = generator.make(i, x[i]);
            }
            return new Rows(x, y);
        }

        double share(double label) {
            return (double) Arrays.stream(y).filter(v -> v == label).count() / y.length;
        }

        double mean() {
            return Arrays.stream(y).average().orElseThrow();
        }

        double variance() {
            double mean = mean();
            return Arrays.stream(y).map(v -> (v - mean) * (v - mean)).average().orElseThrow();
        }

        /** Share of the labels that differ from other rows'. */
        double differing(Rows others) {
            long count = IntStream.range(0, y.length)
                    .filter(i -> y[i] != others.y[i])
                    .count();
            return (double) count / y.length;
        }
    }

    private static Generator generator(String keys) {
        Settings settings = Settings.of(Settings.inline("generator=" + keys, "--data"));
        Generator generator = SyntheticSource.generator(settings);
        settings.refuseUnknown();
        return generator;
    }

    /** Each with what it cannot do without. */
    static List<String> generators() {
        return SyntheticSource.generators().stream()
                .map(name ->
                        name.equals("points") ? "points,features=[[1,2],[3,4],[5,6],[7,8]],labels=[0,1,2,1]" : name)
                .toList();
    }

    static List<String> sources() {
        return Stream.concat(
                        generators().stream(),
                        Stream.of(
                                "points,features=[[1],[2],[3],[4],[5]],targets=[[1,2],[3,4],[5,6],[7,8],[9,10]]",
                                "noise,targets=3,copies=2",
                                "xor,label-values=[0.1,0.9]",
                                "blobs,centres=[[0,2],[0,-2]],extra=[[4,-6]],extra-labels=[0]"))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("generators")
    void every_generator_makes_rows_that_are_functions_of_their_number(String name) throws Exception {
        Generator generator = generator(name);
        Generator travelled = travelled(generator);
        double[] first = new double[generator.features()];
        double[] second = new double[generator.features()];
        Arrays.fill(second, Double.NaN);
        for (long row : new long[] {3, 0, generator.rows() - 1, 1, 3}) {
            double label = generator.make(row, first);
            assertThat(travelled.make(row, second)).isEqualTo(label);
            assertThat(second).isEqualTo(first);
            assertThat(Arrays.stream(first).allMatch(Double::isFinite)).isTrue();
            assertThat(Double.isFinite(label)).isTrue();
            if (generator.classes() > 0) {
                assertThat(label).isEqualTo(Math.rint(label)).isBetween(0.0, generator.classes() - 1.0);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("sources")
    void every_source_of_them_gives_the_same_rows_however_it_is_cut(String name) throws IOException {
        List<List<Double>> whole = read(name, 1L << 40);
        assertThat(read(name, 50)).isEqualTo(whole);
        assertThat(read(name, 100_000)).isEqualTo(whole);
    }

    private static List<List<Double>> read(String name, long sliceBytes) throws IOException {
        String size = name.matches("(quadratic|autoencoder|points).*") ? "" : ",rows=23";
        Source source =
                Sources.read(Settings.of(Settings.inline("format=synthetic,generator=" + name + size, "--data")));
        List<List<Double>> rows = new ArrayList<>();
        Source.Listing listing = source.list(new Configuration(), new Source.Cut(sliceBytes, 1));
        for (Slice slice : listing.slices()) {
            try (RowReader reader = source.open(slice, new Configuration(), false)) {
                while (reader.next()) {
                    List<Double> row = new ArrayList<>(List.of((double) reader.position()));
                    for (int i = 0; i < listing.targets().size(); i++) {
                        row.add(reader.target(i));
                    }
                    Arrays.stream(reader.features()).forEach(row::add);
                    rows.add(row);
                }
            }
        }
        return rows;
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "teacher",
                "teacher,activation=relu,classes=0",
                "separable",
                "xor",
                "rosenbrock-regression",
                "sparse",
                "noise,targets=2"
            })
    void more_rows_begin_with_the_fewer_and_another_seed_draws_others(String keys) {
        Rows few = Rows.of(keys + ",rows=10");
        Rows many = Rows.of(keys + ",rows=40");
        assertThat(Arrays.copyOf(many.x, 10)).isDeepEqualTo(few.x);
        assertThat(Arrays.copyOf(many.y, 10)).isEqualTo(few.y);
        Rows other = Rows.of(keys + ",rows=10,seed=2");
        assertThat(Arrays.deepEquals(other.x, few.x) && Arrays.equals(other.y, few.y))
                .isFalse();
    }

    /** The seed of the rows must not decide what is learnt: the same features have the same label for every seed. */
    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"teacher,classes=0", "sparse,density=0.5,features=20,classes=0"})
    void rows_of_another_seed_have_the_same_teacher(String keys) {
        Rows train = Rows.of(keys + ",noise=0,rows=400");
        Rows test = Rows.of(keys + ",noise=0,rows=400,seed=2");
        Rows other = Rows.of(keys + ",noise=0,rows=400,seed=2,teacher-seed=2");
        assertThat(other.x).as("the teacher changes no features").isDeepEqualTo(test.x);
        assertThat(nearestError(train, test)).isLessThan(0.75 * nearestError(train, other));
    }

    /** Mean square error of the label of the nearest training row, in variances. */
    private static double nearestError(Rows train, Rows test) {
        double sum = 0;
        for (int i = 0; i < test.y.length; i++) {
            double[] x = test.x[i];
            int nearest = IntStream.range(0, train.y.length)
                    .boxed()
                    .min((a, b) -> Double.compare(distance(train.x[a], x), distance(train.x[b], x)))
                    .orElseThrow();
            sum += (test.y[i] - train.y[nearest]) * (test.y[i] - train.y[nearest]);
        }
        return sum / test.y.length / test.variance();
    }

    private static double distance(double[] x, double[] y) {
        double sum = 0;
        for (int j = 0; j < x.length; j++) {
            sum += (x[j] - y[j]) * (x[j] - y[j]);
        }
        return sum;
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "classes=2",
                "classes=2,activation=relu",
                "classes=5,hidden=[32]",
                "classes=10,hidden=[64,64]",
                "classes=3,hidden=[]",
                "classes=10,hidden=[64,64],activation=relu",
                "classes=2,hidden=[1]"
            })
    void a_teacher_has_no_class_that_hardly_occurs(String keys) {
        for (int teacher = 1; teacher <= 3; teacher++) {
            Rows rows = Rows.of("teacher,noise=0,rows=3000,teacher-seed=" + teacher + "," + keys);
            int classes = (int) Arrays.stream(rows.y).max().orElseThrow() + 1;
            assertThat(keys).startsWith("classes=" + classes);
            for (int c = 0; c < classes; c++) {
                assertThat(rows.share(c) * classes)
                        .as("class " + c + " of teacher " + teacher)
                        .isBetween(0.3, 2.5);
            }
        }
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {"teacher", "teacher,hidden=[]", "teacher,hidden=[20,20],activation=relu", "sparse,density=0.2"})
    void numbers_of_a_teacher_have_mean_0_and_variance_1_and_the_noise_on_top(String keys) {
        Rows pure = Rows.of(keys + ",classes=0,noise=0,rows=4000");
        assertThat(pure.mean()).isCloseTo(0, within(0.12));
        assertThat(pure.variance()).isCloseTo(1, within(0.15));
        Rows noisy = Rows.of(keys + ",classes=0,noise=0.5,rows=4000");
        assertThat(noisy.x).isDeepEqualTo(pure.x);
        double[] noise = new double[4000];
        Arrays.setAll(noise, i -> noisy.y[i] - pure.y[i]);
        Rows difference = new Rows(pure.x, noise);
        assertThat(difference.mean()).isCloseTo(0, within(0.03));
        assertThat(difference.variance()).isCloseTo(0.25, within(0.02));
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"teacher,classes=4", "sparse"})
    void noise_makes_labels_wrong_more_of_it_more(String keys) {
        Rows pure = Rows.of(keys + ",noise=0");
        double little = pure.differing(Rows.of(keys + ",noise=0.1"));
        double much = pure.differing(Rows.of(keys + ",noise=1"));
        assertThat(little).isBetween(0.01, 0.15);
        assertThat(much).isBetween(2 * little, 0.75);
    }

    @ParameterizedTest(name = "{0} classes, {1} features, margin {2}")
    @CsvSource({"2,1,0.5", "2,2,0.1", "3,2,0.3", "2,50,1.0", "10,9,0.2", "10,64,0.05"})
    void separable_classes_keep_the_margin_for_every_seed(int classes, int features, double margin) {
        String keys = "separable,rows=500,classes=" + classes + ",features=" + features + ",margin=" + margin;
        double[][] corners = ((Separable) generator(keys)).corners();
        double nearest = Double.POSITIVE_INFINITY;
        for (int seed = 1; seed <= 2; seed++) {
            Rows rows = Rows.of(keys + ",seed=" + seed);
            for (int c = 0; c < classes; c++) {
                assertThat(rows.share(c)).isCloseTo(1.0 / classes, within(0.01));
            }
            for (int i = 0; i < rows.y.length; i++) {
                double[] own = corners[(int) rows.y[i]];
                for (double[] other : corners) {
                    if (other != own) {
                        nearest = Math.min(nearest, distanceToBorder(rows.x[i], own, other));
                    }
                }
            }
        }
        assertThat(nearest).as("the nearest point").isBetween(margin - 1e-12, margin + 0.1);
    }

    /** Distance of x from the hyperplane of equal products with two corners; negative on the side of the second. */
    private static double distanceToBorder(double[] x, double[] own, double[] other) {
        double product = 0;
        double square = 0;
        for (int j = 0; j < x.length; j++) {
            product += (own[j] - other[j]) * x[j];
            square += (own[j] - other[j]) * (own[j] - other[j]);
        }
        return product / Math.sqrt(square);
    }

    /** Novikoff's bound: a perceptron without bias makes at most (R / margin)^2 mistakes. */
    @Test
    void a_perceptron_makes_no_more_mistakes_than_its_theorem_allows() {
        Rows rows = Rows.of("separable,rows=1000,features=5,margin=0.2");
        double[] w = new double[5];
        double radius = 0;
        int mistakes = 0;
        boolean clean = false;
        while (!clean) {
            clean = true;
            for (int i = 0; i < rows.y.length; i++) {
                double sign = rows.y[i] == 0 ? -1 : 1;
                double product = 0;
                double square = 0;
                for (int j = 0; j < 5; j++) {
                    product += w[j] * rows.x[i][j];
                    square += rows.x[i][j] * rows.x[i][j];
                }
                radius = Math.max(radius, Math.sqrt(square));
                if (sign * product <= 0) {
                    clean = false;
                    mistakes++;
                    assertThat(mistakes).isLessThan(10_000);
                    for (int j = 0; j < 5; j++) {
                        w[j] += sign * rows.x[i][j];
                    }
                }
            }
        }
        assertThat(mistakes).isBetween(1, (int) (radius * radius / 0.04));
    }

    @Test
    void xor_without_noise_is_its_truth_table() {
        Rows rows = Rows.of("xor,rows=4,noise=0");
        List<String> table = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            table.add(rows.x[i][0] + " " + rows.x[i][1] + " " + rows.y[i]);
        }
        assertThat(table).containsExactlyInAnyOrder("1.0 1.0 0.0", "1.0 -1.0 1.0", "-1.0 1.0 1.0", "-1.0 -1.0 0.0");
    }

    @ParameterizedTest(name = "{0} features")
    @ValueSource(ints = {1, 2, 3, 5, 40, 62})
    void the_class_of_xor_is_the_parity_of_the_signs(int features) {
        Rows pure = Rows.of("xor,noise=0,rows=512,features=" + features);
        Rows noisy = Rows.of("xor,noise=0.3,rows=512,features=" + features);
        double square = 0;
        for (int i = 0; i < 512; i++) {
            long negative = Arrays.stream(pure.x[i]).filter(v -> v < 0).count();
            assertThat(pure.y[i]).isEqualTo((double) (negative % 2));
            square += distance(pure.x[i], noisy.x[i]) / features / 512;
        }
        assertThat(noisy.y).as("noise moves points, not classes").isEqualTo(pure.y);
        assertThat(square).isCloseTo(0.09, within(0.012));
        assertThat(pure.share(1)).isCloseTo(0.5, within(features <= 9 ? 0.0 : 0.07));
    }

    @Test
    void rosenbrock_is_0_at_ones_and_the_known_values_elsewhere() {
        assertThat(Rosenbrock.valley(new double[] {1, 1, 1, 1, 1})).isZero();
        assertThat(Rosenbrock.valley(new double[] {-1.2, 1})).isCloseTo(24.2, within(1e-12));
        assertThat(Rosenbrock.valley(new double[] {0, 0, 0})).isEqualTo(2);
        assertThat(Rosenbrock.valley(new double[] {-2, -2})).isEqualTo(3609);
        Rows rows = Rows.of("rosenbrock-regression,rows=5000");
        assertThat(Arrays.stream(rows.x).flatMapToDouble(Arrays::stream).min().orElseThrow())
                .isBetween(-2.0, -1.99);
        assertThat(Arrays.stream(rows.x).flatMapToDouble(Arrays::stream).max().orElseThrow())
                .isBetween(1.99, 2.0);
        assertThat(rows.mean()).isCloseTo(455.67, within(30.0));
        Rows noisy = Rows.of("rosenbrock-regression,rows=5000,scale=0.001,noise=0.1");
        double square = 0;
        for (int i = 0; i < 5000; i++) {
            double noise = noisy.y[i] - 0.001 * rows.y[i];
            square += noise * noise / 5000;
        }
        assertThat(square).isCloseTo(0.01, within(0.001));
    }

    @ParameterizedTest(name = "{0} features, density {1}")
    @CsvSource({"1000,0.01", "7,0.5", "50,1", "100000,0.00002"})
    void sparse_rows_have_the_density_in_every_column(int features, double density) {
        int count = features > 10_000 ? 100 : 1000;
        Rows rows = Rows.of("sparse,features=" + features + ",density=" + density + ",rows=" + count);
        int half = features / 2;
        double[] halves = new double[2];
        for (double[] x : rows.x) {
            for (int j = 0; j < features; j++) {
                halves[j < half ? 0 : 1] += x[j] != 0 ? 1 : 0;
            }
        }
        double first = halves[0] / count / half;
        double second = halves[1] / count / (features - half);
        double deviation = Math.sqrt(density * (1 - density) / count / half);
        assertThat(first).isCloseTo(density, within(4 * deviation));
        assertThat(second).isCloseTo(density, within(4 * deviation));
        assertThat(rows.share(0)).isBetween(0.3, 0.7);
    }

    @Test
    void circles_without_noise_lie_on_their_circles_at_even_angles() {
        Rows rows = Rows.of("circles,rows=9,noise=0,inner=0.25");
        Complex fifth = new Complex(Math.cos(2 * Math.PI / 5), Math.sin(2 * Math.PI / 5));
        Complex quarter = new Complex(0, 1);
        Complex outer = new Complex(1, 0);
        Complex inner = new Complex(0.25, 0);
        for (int i = 0; i < 9; i++) {
            Complex expected = i % 2 == 0 ? outer : inner;
            assertThat(rows.y[i]).isEqualTo(i % 2);
            assertThat(rows.x[i][0]).isCloseTo(expected.re, within(1e-15));
            assertThat(rows.x[i][1]).isCloseTo(expected.im, within(1e-15));
            outer = i % 2 == 0 ? outer.times(fifth) : outer;
            inner = i % 2 == 0 ? inner : inner.times(quarter);
        }
        Rows pure = Rows.of("circles,noise=0");
        Rows noisy = Rows.of("circles,noise=0.1");
        double square = 0;
        for (int i = 0; i < 2000; i++) {
            square += distance(pure.x[i], noisy.x[i]) / 4000;
        }
        assertThat(square).isCloseTo(0.01, within(0.0008));
    }

    /** A point of the plane, which a product turns. */
    private record Complex(double re, double im) {
        Complex times(Complex other) {
            return new Complex(re * other.re - im * other.im, re * other.im + im * other.re);
        }
    }

    @ParameterizedTest(name = "degree {0}")
    @ValueSource(ints = {0, 1, 2, 3, 4, 11})
    void chebyshevs_polynomials_are_the_cosines_of_multiples(int degree) {
        Rows rows = Rows.of("chebyshev,rows=21,degree=" + degree);
        for (int i = 0; i < 21; i++) {
            assertThat(rows.x[i][0]).isCloseTo(-1 + 0.1 * i, within(1e-15));
            assertThat(rows.y[i]).isCloseTo(Math.cos(degree * Math.acos(rows.x[i][0])), within(1e-13));
        }
        assertThat(rows.x[20][0]).isEqualTo(1);
        assertThat(Rows.of("chebyshev").y).hasSize(20);
    }

    @Test
    void autoencoder_rows_have_the_second_moments_that_were_asked_for_and_are_their_targets() {
        Generator generator = generator("autoencoder,eigenvalues=[4,0.25,3]");
        Rows rows = Rows.of(generator);
        assertThat(rows.x).hasDimensions(6, 3);
        double[][] moments = new double[3][3];
        double[] sums = new double[3];
        double[] targets = new double[3];
        for (int i = 0; i < 6; i++) {
            generator.targets(i, rows.x[i], rows.y[i], targets);
            assertThat(targets).isEqualTo(rows.x[i]);
            for (int j = 0; j < 3; j++) {
                sums[j] += rows.x[i][j];
                for (int k = 0; k < 3; k++) {
                    moments[j][k] += rows.x[i][j] * rows.x[i][k] / 6;
                }
            }
        }
        assertThat(sums).containsExactly(0, 0, 0);
        assertThat(moments[0][0]).isCloseTo(4, within(1e-14));
        assertThat(moments[1][1]).isCloseTo(0.25, within(1e-14));
        assertThat(moments[2][2]).isCloseTo(3, within(1e-14));
        assertThat(moments[0][1] + moments[0][2] + moments[1][2]).isZero();
    }

    @Test
    void noise_is_standard_normal_in_each_column_and_columns_are_independent() {
        Generator generator = generator("noise,rows=4000,targets=2");
        double[] y = new double[2];
        double[] sums = new double[5];
        for (int i = 0; i < 4000; i++) {
            double[] x = new double[1];
            generator.targets(i, x, generator.make(i, x), y);
            assertThat(x[0]).isEqualTo(1);
            double[] terms = {y[0], y[1], y[0] * y[0], y[1] * y[1], y[0] * y[1]};
            Arrays.setAll(sums, k -> sums[k] + terms[k] / 4000);
        }
        assertThat(sums[0]).isCloseTo(0, within(0.05));
        assertThat(sums[1]).isCloseTo(0, within(0.05));
        assertThat(sums[2]).isCloseTo(1, within(0.08));
        assertThat(sums[3]).isCloseTo(1, within(0.08));
        assertThat(sums[4]).isCloseTo(0, within(0.05));
    }

    @Test
    void points_are_those_that_were_given_and_copies_repeat_their_targets() {
        Rows rows = Rows.of("points,features=[[1,0],[0,-2.5]],labels=[1,0]");
        assertThat(rows.x).isDeepEqualTo(new double[][] {{1, 0}, {0, -2.5}});
        assertThat(rows.y).containsExactly(1, 0);
        assertThat(targets("points,features=[[1],[2]],targets=[[0.9,7],[0.1,8]],copies=2", 1))
                .containsExactly(0.1, 8, 0.1, 8);
        assertThat(targets("points,features=[[1],[2]],labels=[1,0]", 0)).containsExactly(1);
        String values = "points,features=[[1],[2]],labels=[1,0],label-values=[-0.25,3],copies=3";
        assertThat(targets(values, 0)).containsExactly(3, 3, 3);
        assertThat(targets(values, 1)).containsExactly(-0.25, -0.25, -0.25);
    }

    private static double[] targets(String keys, long row) {
        Generator generator = generator(keys);
        double[] targets = new double[generator.targets()];
        double[] x = new double[generator.features()];
        generator.targets(row, x, generator.make(row, x), targets);
        return targets;
    }

    @Test
    void given_centres_take_the_place_of_drawn_ones_and_extra_rows_come_last() {
        Rows pure = Rows.of("blobs,rows=6,centres=[[0,2],[0,-2]],deviation=0,extra=[[4,-6],[5,5]],extra-labels=[0,1]");
        assertThat(pure.x)
                .isDeepEqualTo(new double[][] {{0, 2}, {0, -2}, {0, 2}, {0, -2}, {0, 2}, {0, -2}, {4, -6}, {5, 5}});
        assertThat(pure.y).containsExactly(0, 1, 0, 1, 0, 1, 0, 1);
        Rows noisy = Rows.of("blobs,rows=6,centres=[[0,2],[0,-2]],extra=[[4,-6]],extra-labels=[0]");
        Rows without = Rows.of("blobs,rows=6,centres=[[0,2],[0,-2]]");
        assertThat(Arrays.copyOf(noisy.x, 6)).isDeepEqualTo(without.x);
        Rows drawn = Rows.of("blobs,rows=6,classes=2,distance=0");
        assertThat(without.x[3][1] + 2).isCloseTo(drawn.x[3][1], within(1e-15));
    }

    @Test
    void classes_that_became_numbers_are_no_classes_any_more() {
        for (String keys : List.of("xor,label-values=[0.1,0.9]", "xor,copies=2")) {
            Source source = Sources.read(Settings.of(Settings.inline("format=synthetic,generator=" + keys, "--data")));
            assertThatThrownBy(() -> source.open(new Slice("xor", 0, 1, 8), new Configuration(), true))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("label-values or copies")
                    .hasMessageContaining("squared-error");
        }
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "teacher,rows=0|rows = 0|from 1",
                "teacher,rows=1e11|rows|from 1 to 10000000000",
                "teacher,classes=1|classes = 1|0 for numbers",
                "teacher,hidden=[16,0]|hidden|widths from 1",
                "teacher,hidden=[2.5]|hidden|widths from 1",
                "teacher,hidden=[100000,100000]|hidden|weights",
                "teacher,activation=sigmoid|activation = sigmoid|tanh, relu",
                "teacher,noise=-1|noise = -1|at least 0",
                "teacher,hiden=[3]|unknown key hiden|did you mean hidden?",
                "teacher,hidden=[1,1,1,1,1,1,1,1,1,1,1,1],activation=relu|hidden|teacher-seed",
                "separable,classes=4,features=2|features = 2|at least 3",
                "separable,margin=-1|margin|at least 0",
                "separable,sede=1|unknown key sede|did you mean seed?",
                "xor,features=63|features = 63|from 1 to 62",
                "xor,classes=2|unknown key classes|known here",
                "rosenbrock-regression,features=1|features = 1|from 2",
                "rosenbrock-regression,scale=0|scale = 0|other than 0",
                "sparse,density=0|density = 0|(0, 1]",
                "sparse,density=1.5|density = 1.5|(0, 1]",
                "sparce|generator = sparce|did you mean sparse?",
                "circles,rows=1|rows = 1|at least 2",
                "circles,inner=-1|inner = -1|at least 0",
                "chebyshev,degree=-1|degree = -1|from 0 to 1000",
                "autoencoder,eigenvalues=[1,-1]|eigenvalues|at least 0",
                "autoencoder,eigenvalues=[]|eigenvalues|at least 0",
                "noise,targets=0|targets = 0|from 1",
                "blobs,centres=[[0,2]]|centres|at least two",
                "blobs,centres=[[0,2],[0]]|centres|2 numbers each",
                "blobs,centres=[[0,2],[0,-2]],classes=2|classes = 2|leave this key out",
                "blobs,centres=[[0,2],[0,-2]],extra=[[4]],extra-labels=[0]|extra = [[4]]|2 numbers each",
                "blobs,extra=[[4,-6]]|the key extra-labels is missing|from 0 to 999 for each of 1 row",
                "blobs,classes=2,extra=[[4,-6]],extra-labels=[2]|extra-labels = [2]|there are 2 classes",
                "points,labels=[0]|the key features is missing|such as [[0, 1], [1, 0]]",
                "points,features=[[1],[2]]|the key labels is missing|or targets",
                "points,features=[[1],[2]],labels=[0,1],targets=[[0],[1]]|labels = [0,1]|either",
                "points,features=[[1],[2]],labels=[0]|labels = [0]|for each of 2 rows",
                "points,features=[[1],[2]],labels=[0,0.5]|labels = [0,0.5]|a whole number from 0",
                "points,features=[[1],[2]],labels=[0,-1]|labels = [0,-1]|a whole number from 0",
                "points,features=[[1],[2]],targets=[[1]]|targets = [[1]]|each of 2 rows",
                "points,features=[[1],[2,3]],labels=[0,1]|features|one number each",
                "points,features=[1,2],labels=[0,1]|features = [1,2]|list of lists",
                "quadratic,label-values=[0,1]|label-values|makes numbers",
                "xor,label-values=[1]|label-values = [1]|each of 2 classes",
                "xor,copies=0|copies = 0|from 1",
            })
    void a_wrong_key_is_named(String keys, String what, String remedy) {
        assertThatThrownBy(() -> generator(keys))
                .isInstanceOf(InputException.class)
                .hasMessageContaining(what)
                .hasMessageContaining(remedy);
    }

    private static Generator travelled(Generator generator) throws IOException, ClassNotFoundException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream stream = new ObjectOutputStream(bytes)) {
            stream.writeObject(generator);
        }
        try (ObjectInputStream stream = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            return (Generator) stream.readObject();
        }
    }
}
