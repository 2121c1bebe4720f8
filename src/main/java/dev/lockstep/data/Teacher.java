package dev.lockstep.data;

import dev.lockstep.Settings;
import dev.lockstep.linalg.Mixing;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * Labels that a {@link RandomNetwork} gives to normal features: a network of the same widths can learn them down to the
 * noise.
 *
 * <p>The label is the network's output plus noise, a number with variance 1 + noise^2; with classes, the place of the
 * largest of as many outputs, noise on each. With fewer hidden units than classes some classes hardly ever win.
 *
 * @param rows number of rows
 * @param features number of features, each standard normal
 * @param network the teacher; decided by {@code teacher-seed}, so that training and test rows can share it
 * @param classes number of classes; 0 for numbers
 * @param noise standard deviation of the normal noise on each output
 * @param seed decides features and noise
 */
record Teacher(long rows, int features, RandomNetwork network, int classes, double noise, long seed)
        implements Generator {
    private static final List<String> ACTIVATIONS = List.of("tanh", "relu");
    private static final int WIDEST = 1 << 20;
    private static final long MOST_WEIGHTS = 1L << 26;

    static Teacher read(Settings settings) {
        int features = settings.integer("features", 10, 1, WIDEST);
        int classes = GeneratorKeys.classesOrNumbers(settings);
        List<Integer> widths = new ArrayList<>(List.of(features));
        widths.addAll(hidden(settings));
        widths.add(Math.max(1, classes));
        long weights = IntStream.range(1, widths.size())
                .mapToLong(l -> (long) widths.get(l) * (widths.get(l - 1) + 1))
                .sum();
        if (weights > MOST_WEIGHTS) {
            throw settings.wrong("hidden", "expected a network of at most " + MOST_WEIGHTS + " weights");
        }
        String activation = settings.choice("activation", "tanh", ACTIVATIONS);
        long rows = GeneratorKeys.rows(settings);
        double noise = GeneratorKeys.noise(settings, 0.1);
        long seed = GeneratorKeys.seed(settings);
        RandomNetwork network = new RandomNetwork(
                widths.stream().mapToInt(Integer::intValue).toArray(),
                RandomNetwork.Activation.valueOf(activation.toUpperCase(Locale.ROOT)),
                GeneratorKeys.teacherSeed(settings));
        if (network.isConstant()) {
            throw settings.wrong(
                    "hidden",
                    "this teacher says the same of every row; give wider layers, or another " + "teacher-seed");
        }
        return new Teacher(rows, features, network, classes, noise, seed);
    }

    /** Widths of the hidden layers; one layer of 16 if nothing is said, none for an empty list. */
    private static List<Integer> hidden(Settings settings) {
        if (!settings.has("hidden")) {
            return List.of(16);
        }
        List<Integer> widths = new ArrayList<>();
        for (double width : settings.numbers("hidden")) {
            if (width != Math.rint(width) || width < 1 || width > WIDEST) {
                throw settings.wrong("hidden", "expected widths from 1 to " + WIDEST + ", such as [16, 8]");
            }
            widths.add((int) width);
        }
        return widths;
    }

    @Override
    public double make(long row, double[] values) {
        long key = Mixing.mix(Mixing.key(seed, "teacher"), row);
        RandomNetwork.draw(values, key);
        return Scores.label(network.outputs(values), noise, key, classes);
    }
}
