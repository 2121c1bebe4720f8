package dev.lockstep.data;

import dev.lockstep.Settings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.StringTokenizer;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;

/**
 * LIBSVM's text: a label, then {@code index:value} for each feature that is not 0, indices from 1 and rising; what follows
 * a {@code #} is a remark. Rows are packed densely. A row's position is the byte offset of its line.
 */
final class LibsvmSource implements Source {
    private static final int MOST_FEATURES = 1 << 24;

    private final List<String> paths;
    private final boolean labelled;

    /** Number of features; 0 until it is known. */
    private int width;

    LibsvmSource(Settings settings, Sources.Use use) {
        paths = Files.paths(settings);
        width = settings.has("features") ? settings.integer("features", 0, 1, MOST_FEATURES) : 0;
        labelled = use.labelled();
    }

    @Override
    public Listing list(Configuration hadoop, Cut cut) throws IOException {
        List<FileStatus> files = Files.text(paths, "libsvm", hadoop);
        List<String> targets = labelled ? List.of("label") : List.of();
        return new Listing(width == 0 ? null : columns(width), targets, Files.cut(files, true, hadoop, cut));
    }

    @Override
    public List<Column> columns(int features) {
        width = Math.max(1, features);
        return IntStream.rangeClosed(1, width)
                .mapToObj(i -> Column.number(Integer.toString(i)))
                .toList();
    }

    @Override
    public int width(Slice slice, Configuration hadoop) throws IOException {
        int most = 0;
        try (Lines lines = Lines.open(slice, StandardCharsets.UTF_8, hadoop)) {
            while (lines.next()) {
                String line = content(lines.text());
                int colon = line.lastIndexOf(':');
                if (colon > 0) {
                    int start = Math.max(line.lastIndexOf(' ', colon), line.lastIndexOf('\t', colon)) + 1;
                    int index = index(line.substring(start, colon));
                    most = Math.max(most, index > MOST_FEATURES ? 0 : index);
                }
            }
        }
        return most;
    }

    private static String content(String line) {
        int remark = line.indexOf('#');
        return (remark < 0 ? line : line.substring(0, remark)).strip();
    }

    /** The index that a text stands for, or -1. */
    private static int index(String text) {
        if (text.isEmpty() || text.length() > 9) {
            return -1;
        }
        return text.chars().allMatch(c -> c >= '0' && c <= '9') ? Integer.parseInt(text) : -1;
    }

    @Override
    public RowReader open(Slice slice, Configuration hadoop, boolean classes) throws IOException {
        return new Reader(Lines.open(slice, StandardCharsets.UTF_8, hadoop), classes);
    }

    @Override
    public String describe(String file, long position, Configuration hadoop) throws IOException {
        return Files.describeLine(file, position, hadoop);
    }

    /** The rows of a slice. */
    private final class Reader implements RowReader {
        private final Lines lines;
        private final boolean classes;
        private final double[] values = new double[width];
        private final List<Integer> filled = new ArrayList<>();
        private String label;
        private double target;
        private String problem;

        Reader(Lines lines, boolean classes) {
            this.lines = lines;
            this.classes = classes;
        }

        @Override
        public boolean next() throws IOException {
            while (lines.next()) {
                String line = content(lines.text());
                if (!line.isEmpty()) {
                    filled.forEach(i -> values[i] = 0.0);
                    filled.clear();
                    problem = read(line);
                    return true;
                }
            }
            return false;
        }

        private String read(String line) {
            StringTokenizer tokens = new StringTokenizer(line, " \t");
            String first = tokens.nextToken();
            boolean hasLabel = first.indexOf(':') < 0;
            if (labelled && !hasLabel) {
                return "the line begins with \"" + first + "\", expected a label";
            }
            if (labelled) {
                label = first;
                target = Numbers.parse(first);
                if (!classes && Double.isNaN(target)) {
                    return "the label \"" + first + "\" is not a finite number";
                }
            }
            int last = 0;
            String token = hasLabel ? (tokens.hasMoreTokens() ? tokens.nextToken() : null) : first;
            while (token != null) {
                int colon = token.indexOf(':');
                if (token.startsWith("qid:")) {
                    return "a query (\"" + token + "\"): rankings are not learnt";
                }
                int index = colon < 0 ? -1 : index(token.substring(0, colon));
                double value = colon < 0 ? Double.NaN : Numbers.parse(token.substring(colon + 1));
                if (index < 1 || Double.isNaN(value)) {
                    return "\"" + token + "\": expected index:value, an index from 1 and a finite number";
                }
                if (index <= last) {
                    return "\"" + token + "\": the index does not rise, it comes after " + last;
                }
                if (index > width) {
                    return "\"" + token + "\": the index is above the number of features, " + width
                            + "; set features to the highest index";
                }
                values[index - 1] = value;
                filled.add(index - 1);
                last = index;
                token = tokens.hasMoreTokens() ? tokens.nextToken() : null;
            }
            return null;
        }

        @Override
        public long position() {
            return lines.position();
        }

        @Override
        public String problem() {
            return problem;
        }

        @Override
        public double[] features() {
            return values;
        }

        @Override
        public String label() {
            return label;
        }

        @Override
        public double target(int index) {
            return target;
        }

        @Override
        public void close() throws IOException {
            lines.close();
        }
    }
}
