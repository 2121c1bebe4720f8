package dev.lockstep.data;

import dev.lockstep.InputException;
import dev.lockstep.Settings;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;

/** Rows of a {@link Generator}: data without files. A row's position is its number. */
final class SyntheticSource implements Source {
    private static final Map<String, Function<Settings, Generator>> GENERATORS = new LinkedHashMap<>();

    static {
        GENERATORS.put("spirals", Spirals::read);
        GENERATORS.put("blobs", Blobs::read);
        GENERATORS.put("quadratic", Quadratic::read);
        GENERATORS.put("teacher", Teacher::read);
        GENERATORS.put("separable", Separable::read);
        GENERATORS.put("xor", ExclusiveOr::read);
        GENERATORS.put("rosenbrock-regression", Rosenbrock::read);
        GENERATORS.put("sparse", Sparse::read);
        GENERATORS.put("circles", Circles::read);
        GENERATORS.put("chebyshev", Chebyshev::read);
        GENERATORS.put("autoencoder", Autoencoder::read);
        GENERATORS.put("noise", Noise::read);
        GENERATORS.put("points", Points::read);
    }

    private final String name;
    private final Generator generator;

    SyntheticSource(Settings settings) {
        generator = generator(settings);
        name = settings.text("generator");
    }

    /** The words that {@code generator} takes. */
    static List<String> generators() {
        return List.copyOf(GENERATORS.keySet());
    }

    /** The generator that the settings name, with its parameters. */
    static Generator generator(Settings settings) {
        if (!settings.has("generator")) {
            throw settings.wrong("generator", "expected one of " + String.join(", ", generators()));
        }
        Generator generator = GENERATORS
                .get(settings.choice("generator", null, GENERATORS.keySet()))
                .apply(settings);
        return TargetColumns.over(generator, settings);
    }

    /** Names of the label or of the target columns. */
    static List<String> targets(Generator generator) {
        return generator.targets() == 1
                ? List.of("label")
                : IntStream.range(0, generator.targets()).mapToObj(i -> "y" + i).toList();
    }

    static double atLeastZero(Settings settings, String key, double otherwise) {
        double value = settings.number(key, otherwise);
        if (!(value >= 0)) {
            throw settings.wrong(key, "expected a number of at least 0");
        }
        return value;
    }

    @Override
    public Listing list(Configuration hadoop, Cut cut) {
        long rowBytes = 8L * (generator.features() + generator.targets());
        long step = Math.max(1, cut.bytes(generator.rows() * rowBytes) / rowBytes);
        List<Slice> slices = new ArrayList<>();
        for (long from = 0; from < generator.rows(); from += step) {
            long to = Math.min(generator.rows(), from + step);
            slices.add(new Slice(name, from, to, (to - from) * rowBytes));
        }
        List<Column> features = IntStream.range(0, generator.features())
                .mapToObj(i -> Column.number("x" + i))
                .toList();
        return new Listing(features, targets(generator), slices);
    }

    @Override
    public RowReader open(Slice slice, Configuration hadoop, boolean classes) {
        if (classes && generator.classes() == 0) {
            throw new InputException("the generator " + name
                    + " makes numbers to be learnt, not classes; use network.loss = squared-error");
        }
        if (classes && generator instanceof TargetColumns) {
            throw new InputException(
                    "the generator " + name + " makes numbers of its classes, by label-values or copies;"
                            + " leave these keys out, or use network.loss = squared-error");
        }
        return new Reader(slice, classes);
    }

    @Override
    public String describe(String file, long position, Configuration hadoop) {
        return file + ", row " + position;
    }

    /** The rows of a slice. */
    private final class Reader implements RowReader {
        private final long end;
        private final double[] features = new double[generator.features()];
        private final double[] targets = new double[generator.targets()];
        private final boolean classes;
        private long row;
        private double label;

        Reader(Slice slice, boolean classes) {
            this.classes = classes;
            row = slice.from() - 1;
            end = slice.to();
        }

        @Override
        public boolean next() {
            if (row + 1 >= end) {
                return false;
            }
            row++;
            label = generator.make(row, features);
            if (!classes) {
                generator.targets(row, features, label, targets);
            }
            return true;
        }

        @Override
        public long position() {
            return row;
        }

        @Override
        public String problem() {
            return null;
        }

        @Override
        public double[] features() {
            return features;
        }

        @Override
        public String label() {
            return Long.toString((long) label);
        }

        @Override
        public double target(int index) {
            return targets[index];
        }

        @Override
        public void close() {
            // Nothing is open.
        }
    }
}
