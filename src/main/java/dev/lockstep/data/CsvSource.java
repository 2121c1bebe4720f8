package dev.lockstep.data;

import com.univocity.parsers.common.TextParsingException;
import com.univocity.parsers.csv.CsvParser;
import com.univocity.parsers.csv.CsvParserSettings;
import dev.lockstep.InputException;
import dev.lockstep.Settings;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.mapreduce.TaskAttemptID;
import org.apache.hadoop.mapreduce.lib.input.FileSplit;
import org.apache.hadoop.mapreduce.lib.input.LineRecordReader;
import org.apache.hadoop.mapreduce.task.TaskAttemptContextImpl;

/**
 * Text with one row a line. Lines are found by Hadoop, fields by univocity; a field that spans lines is not supported. A
 * row's position is the byte offset of its line.
 */
final class CsvSource implements Source {
    private final String path;
    private final boolean header;
    private final String separator;
    private final List<String> labels;
    private final List<String> features;
    /** Name of the weight's column, or null. */
    private final String weight;

    /** Set on the driver by {@link #list}, used by the executors. */
    private Columns columns;

    /** Numbers of the columns from 0, and all their names. */
    private record Columns(List<String> names, int[] features, int[] labels, int weight)
            implements java.io.Serializable {}

    CsvSource(Settings settings) {
        path = settings.text("path");
        header = settings.flag("header", true);
        separator = settings.text("separator", ",").replace("\\t", "\t");
        if (separator.length() != 1) {
            throw settings.wrong("separator", "expected one character, or \\t");
        }
        labels = new ArrayList<>(settings.texts("label"));
        if (labels.isEmpty()) {
            throw settings.wrong(
                    "label",
                    "expected the label's column: a name, or a number from 0 (-1 is the last), or a list of them");
        }
        features = new ArrayList<>(settings.texts("features"));
        weight = settings.text("weight", null);
        if (settings.has("categorical")) {
            throw settings.wrong(
                    "categorical",
                    "text columns cannot be one-hot encoded in this version; list the others " + "under features");
        }
    }

    @Override
    public Listing list(Configuration hadoop, Cut cut) throws IOException {
        List<FileStatus> files = Files.list(path, "path", hadoop);
        columns = columns(firstLine(files, hadoop));
        long total = files.stream().mapToLong(FileStatus::getLen).sum();
        long most = cut.bytes(total);
        List<Slice> slices = new ArrayList<>();
        for (FileStatus file : files) {
            boolean splittable = Files.codec(file.getPath(), hadoop) == null;
            long step = splittable ? most : Math.max(1, file.getLen());
            for (long from = 0; from < file.getLen(); from += step) {
                long to = Math.min(file.getLen(), from + step);
                slices.add(new Slice(file.getPath().toString(), from, to, to - from));
            }
        }
        return new Listing(names(columns.features), names(columns.labels), slices);
    }

    private List<String> names(int[] indices) {
        return Arrays.stream(indices).mapToObj(columns.names::get).toList();
    }

    private String[] firstLine(List<FileStatus> files, Configuration hadoop) throws IOException {
        for (FileStatus file : files) {
            try (LineRecordReader lines = lines(file.getPath(), 0, file.getLen(), hadoop)) {
                while (lines.nextKeyValue()) {
                    String line = lines.getCurrentValue().toString();
                    if (!isEmpty(line)) {
                        return parser(columnsOf(line)).parseLine(line);
                    }
                }
            }
        }
        throw new InputException(path + ": no rows; the file is empty");
    }

    /** Most columns that a line can have. */
    private int columnsOf(String line) {
        return (int) line.chars().filter(c -> c == separator.charAt(0)).count() + 1;
    }

    /** Whether a line holds no row; one of nothing but separators is a row, of missing values. */
    private boolean isEmpty(String line) {
        return line.isBlank() && line.indexOf(separator.charAt(0)) < 0;
    }

    private Columns columns(String[] firstLine) {
        List<String> names = IntStream.range(0, firstLine.length)
                .mapToObj(i -> header && firstLine[i] != null ? firstLine[i].strip() : Integer.toString(i))
                .toList();
        int[] labelColumns =
                labels.stream().mapToInt(name -> index(name, names, "label")).toArray();
        int weightColumn = weight == null ? -1 : index(weight, names, "weight");
        Set<Integer> taken = new HashSet<>();
        Arrays.stream(labelColumns).forEach(taken::add);
        taken.add(weightColumn);
        int[] featureColumns = features.isEmpty()
                ? IntStream.range(0, names.size())
                        .filter(i -> !taken.contains(i))
                        .toArray()
                : features.stream()
                        .mapToInt(name -> index(name, names, "features"))
                        .toArray();
        refuseTwice(names, labelColumns, weightColumn, featureColumns);
        if (featureColumns.length == 0) {
            throw new InputException(path + ": no feature columns left beside the label; the first line has "
                    + names.size() + " columns; check separator");
        }
        return new Columns(names, featureColumns, labelColumns, weightColumn);
    }

    private void refuseTwice(List<String> names, int[] labelColumns, int weightColumn, int[] featureColumns) {
        Set<String> seen = new HashSet<>();
        for (String name : names) {
            if (header && !seen.add(name)) {
                throw new InputException(
                        path + ": two columns are called \"" + name + "\"; give every column a name of its own");
            }
        }
        Set<Integer> used = new HashSet<>();
        IntStream all = IntStream.concat(
                IntStream.concat(Arrays.stream(labelColumns), IntStream.of(weightColumn)),
                Arrays.stream(featureColumns));
        all.filter(column -> column >= 0).forEach(column -> {
            if (!used.add(column)) {
                throw new InputException(path + ": column " + names.get(column)
                        + " is used twice; label, weight and features take a column once");
            }
        });
    }

    private int index(String column, List<String> names, String key) {
        if (header && names.contains(column)) {
            return names.indexOf(column);
        }
        try {
            int index = Integer.parseInt(column);
            if (index >= -names.size() && index < names.size()) {
                return index < 0 ? index + names.size() : index;
            }
        } catch (NumberFormatException e) {
            // No number, so no column: said below.
        }
        String known = header ? "its columns are " + shortened(names) : "it has columns 0 to " + (names.size() - 1);
        throw new InputException(path + ": there is no column " + column + "; " + known + "; check " + key
                + (header ? "" : " and header"));
    }

    private static String shortened(List<String> names) {
        return names.size() <= 20
                ? String.join(", ", names)
                : String.join(", ", names.subList(0, 20)) + ", … (" + names.size() + " in all)";
    }

    @Override
    public RowReader open(Slice slice, Configuration hadoop, boolean classes) throws IOException {
        return new Reader(lines(new Path(slice.file()), slice.from(), slice.to(), hadoop), slice.from() == 0, classes);
    }

    private static LineRecordReader lines(Path path, long from, long to, Configuration hadoop) throws IOException {
        LineRecordReader lines = new LineRecordReader();
        lines.initialize(
                new FileSplit(path, from, to - from, new String[0]),
                new TaskAttemptContextImpl(hadoop, new TaskAttemptID()));
        return lines;
    }

    private CsvParser parser(int mostColumns) {
        CsvParserSettings settings = new CsvParserSettings();
        settings.getFormat().setDelimiter(separator.charAt(0));
        settings.setCommentProcessingEnabled(false);
        settings.setMaxCharsPerColumn(-1);
        settings.setMaxColumns(mostColumns);
        return new CsvParser(settings);
    }

    @Override
    public String describe(String file, long position, Configuration hadoop) throws IOException {
        return file + ", line " + Files.line(new Path(file), hadoop, position);
    }

    /** The rows of a slice. */
    private final class Reader implements RowReader {
        private final LineRecordReader lines;
        private final boolean classes;
        private final CsvParser parser;
        private final double[] featureValues = new double[columns.features.length];
        private final double[] targetValues = new double[columns.labels.length];
        private boolean headerAhead;
        private String labelText;
        private double weightValue;
        private long position;
        private String problem;

        Reader(LineRecordReader lines, boolean atStart, boolean classes) {
            this.lines = lines;
            this.classes = classes;
            this.headerAhead = header && atStart;
            this.parser = parser(columns.names.size() + 64);
        }

        @Override
        public boolean next() throws IOException {
            while (lines.nextKeyValue()) {
                String line = lines.getCurrentValue().toString();
                if (isEmpty(line)) {
                    continue;
                }
                position = lines.getCurrentKey().get();
                if (headerAhead) {
                    headerAhead = false;
                    checkHeader(line);
                    continue;
                }
                problem = read(line);
                return true;
            }
            return false;
        }

        private void checkHeader(String line) {
            String[] fields = parser(columnsOf(line)).parseLine(line);
            List<String> names =
                    Arrays.stream(fields).map(f -> f == null ? "" : f.strip()).toList();
            List<String> expected = columns.names;
            if (names.size() != expected.size() || !names.equals(expected)) {
                throw new InputException(path + ": a file begins with the columns " + shortened(names)
                        + ", another with " + shortened(expected) + "; give files with the same header");
            }
        }

        private String read(String line) {
            String[] fields;
            try {
                fields = parser.parseLine(line);
            } catch (TextParsingException e) {
                return "the line cannot be split into " + columns.names.size() + " columns";
            }
            if (fields == null || fields.length != columns.names.size()) {
                return "expected " + columns.names.size() + " columns, got " + (fields == null ? 0 : fields.length);
            }
            for (int i = 0; i < featureValues.length; i++) {
                featureValues[i] = number(fields, columns.features[i]);
                if (Double.isNaN(featureValues[i])) {
                    return complaint(fields, columns.features[i]);
                }
            }
            if (columns.weight >= 0) {
                weightValue = number(fields, columns.weight);
                if (Double.isNaN(weightValue)) {
                    return complaint(fields, columns.weight);
                }
                if (weightValue < 0) {
                    return column(columns.weight) + ": a weight of " + fields[columns.weight] + " is negative";
                }
            }
            if (classes) {
                labelText = fields[columns.labels[0]];
                return labelText == null ? column(columns.labels[0]) + ": the label is missing" : null;
            }
            for (int i = 0; i < targetValues.length; i++) {
                targetValues[i] = number(fields, columns.labels[i]);
                if (Double.isNaN(targetValues[i])) {
                    return complaint(fields, columns.labels[i]);
                }
            }
            return null;
        }

        private double number(String[] fields, int column) {
            String text = fields[column];
            return text == null ? Double.NaN : Numbers.parse(text);
        }

        private String complaint(String[] fields, int column) {
            String text = fields[column];
            return text == null
                    ? column(column) + ": the value is missing"
                    : column(column) + ": \"" + text + "\" is not a finite number";
        }

        private String column(int column) {
            return header ? "column \"" + columns.names.get(column) + "\"" : "column " + column;
        }

        @Override
        public long position() {
            return position;
        }

        @Override
        public String problem() {
            return problem;
        }

        @Override
        public double[] features() {
            return featureValues;
        }

        @Override
        public String label() {
            return labelText;
        }

        @Override
        public double target(int index) {
            return targetValues[index];
        }

        @Override
        public double weight() {
            return columns.weight >= 0 ? weightValue : 1.0;
        }

        @Override
        public boolean hasWeights() {
            return columns.weight >= 0;
        }

        @Override
        public void close() throws IOException {
            lines.close();
        }
    }
}
