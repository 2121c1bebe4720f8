package dev.lockstep.data;

import com.univocity.parsers.common.TextParsingException;
import com.univocity.parsers.csv.CsvParser;
import com.univocity.parsers.csv.CsvParserSettings;
import dev.lockstep.InputException;
import dev.lockstep.Settings;
import java.io.IOException;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;

/**
 * Text with one row a line and separators between its cells. Lines are found by Hadoop, cells by univocity; a cell that
 * spans lines is refused. A row's position is the byte offset of its line.
 */
final class CsvTable implements Table {
    private static final String WHITESPACE = "whitespace";

    /** What people write for a value that is not there, beside nothing at all. */
    private static final List<String> MISSING = List.of("NA", "N/A", "n/a", "NaN", "nan", "null", "NULL", "?");

    private static final List<String> CHARSETS =
            List.of("UTF-8", "US-ASCII", "ISO-8859-1", "ISO-8859-15", "windows-1252");

    /** What a decoder puts in the place of bytes that mean nothing in its encoding. */
    private static final char UNREADABLE = '\uFFFD';

    private final List<String> paths;
    private final boolean header;

    /** What stands between cells; null for any number of blanks. */
    private final String separator;

    private final char quote;

    /** What a line begins with that is none; empty for nothing. */
    private final String comment;

    private final String charset;
    private final Set<String> missing;

    /** Whether a word for a missing value begins as numbers do; mostly not, and then most cells need not be looked up. */
    private final boolean missingNumbers;

    /** Names of all columns; set on the driver by {@link #look}. */
    private List<String> names;

    /** Set on the driver by {@link #select}. */
    private int[] selected;

    CsvTable(Settings settings) {
        paths = Files.paths(settings);
        header = settings.flag("header", true);
        String given = settings.text("separator", ",").replace("\\t", "\t");
        if (given.isEmpty() || given.contains("\"") || given.contains("\n")) {
            throw settings.wrong("separator", "expected one character or several, \\t, or whitespace");
        }
        separator = given.equals(WHITESPACE) ? null : given;
        String quoted = settings.text("quote", "\"");
        if (quoted.length() != 1) {
            throw settings.wrong("quote", "expected one character");
        }
        quote = quoted.charAt(0);
        comment = settings.text("comment", "");
        charset = settings.choice("encoding", "UTF-8", CHARSETS);
        List<String> words = settings.texts("missing-values");
        missing = new HashSet<>(settings.has("missing-values") ? words : MISSING);
        missingNumbers = missing.stream().anyMatch(word -> word.matches("[-.0-9].*"));
    }

    @Override
    public String place() {
        return String.join(", ", paths);
    }

    @Override
    public Layout look(Configuration hadoop, Source.Cut cut) throws IOException {
        List<FileStatus> files = Files.text(paths, "csv", hadoop);
        String[] first = firstLine(files, hadoop);
        names = IntStream.range(0, first.length)
                .mapToObj(i -> header && first[i] != null ? first[i] : Integer.toString(i))
                .toList();
        List<Field> fields = names.stream()
                .map(name -> new Field(name, Type.ANY, 1, "string"))
                .toList();
        return new Layout(fields, header, Files.cut(files, true, hadoop, cut));
    }

    @Override
    public void select(int[] columns, boolean all) {
        selected = columns.clone();
    }

    private String[] firstLine(List<FileStatus> files, Configuration hadoop) throws IOException {
        for (FileStatus file : files) {
            Slice whole = new Slice(file.getPath().toString(), 0, file.getLen(), file.getLen());
            try (Lines lines = Lines.open(whole, Charset.forName(charset), hadoop)) {
                while (lines.next()) {
                    if (!isEmpty(lines.text())) {
                        refuseOpenQuote(lines.text(), whole.file(), lines.position(), hadoop);
                        refuseUnreadable(lines.text(), whole.file());
                        return new Splitter(columnsOf(lines.text())).split(lines.text());
                    }
                }
            }
        }
        throw new InputException(place() + ": no rows; the file is empty");
    }

    private void refuseUnreadable(String line, String file) {
        if (header && line.indexOf(UNREADABLE) >= 0) {
            throw new InputException(Files.local(file) + ": the names of the columns are not written in " + charset
                    + "; set encoding to that of the file, one of " + String.join(", ", CHARSETS));
        }
    }

    /** Most columns that a line can have. */
    private int columnsOf(String line) {
        return separator == null
                ? line.length()
                : (int) line.chars().filter(c -> c == separator.charAt(0)).count() + 1;
    }

    /** Whether a line holds no row; one of nothing but separators is a row, of missing values. */
    private boolean isEmpty(String line) {
        return (line.isBlank() && (separator == null || !line.contains(separator)))
                || (!comment.isEmpty() && line.startsWith(comment));
    }

    /** A cell that goes on in the next line: lines would no longer be rows, nor their offsets the rows' positions. */
    private void refuseOpenQuote(String line, String file, long position, Configuration hadoop) throws IOException {
        if (line.indexOf(quote) < 0) {
            return;
        }
        boolean isOpen = false;
        boolean atStart = true;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (isOpen) {
                if (c == quote) {
                    boolean isDoubled = i + 1 < line.length() && line.charAt(i + 1) == quote;
                    isOpen = isDoubled;
                    i += isDoubled ? 1 : 0;
                }
            } else if (separator == null && Character.isWhitespace(c)) {
                atStart = true;
            } else if (separator != null && line.startsWith(separator, i)) {
                atStart = true;
                i += separator.length() - 1;
            } else if (atStart && c == quote) {
                isOpen = true;
                atStart = false;
            } else if (c != ' ' && c != '\t') {
                atStart = false;
            }
        }
        if (isOpen) {
            throw new InputException(
                    Files.local(describe(file, position, hadoop))
                            + ": a quoted cell does not end in its line, but a row is a line here; take the line breaks out of "
                            + "the cells, or write the table as Parquet; if the quote means nothing, set quote to another sign");
        }
    }

    @Override
    public Cells open(Slice slice, Configuration hadoop) throws IOException {
        return new Rows(Lines.open(slice, Charset.forName(charset), hadoop), slice, hadoop);
    }

    @Override
    public String describe(String file, long position, Configuration hadoop) throws IOException {
        return Files.describeLine(file, position, hadoop);
    }

    /** Splits lines into cells; null for an empty one. */
    private final class Splitter {
        private final CsvParser parser;

        Splitter(int mostColumns) {
            CsvParserSettings settings = new CsvParserSettings();
            settings.getFormat().setDelimiter(separator == null ? " " : separator);
            settings.getFormat().setQuote(quote);
            settings.getFormat().setQuoteEscape(quote);
            settings.setCommentProcessingEnabled(false);
            settings.setMaxCharsPerColumn(-1);
            settings.setMaxColumns(mostColumns);
            parser = new CsvParser(settings);
        }

        String[] split(String line) {
            if (separator == null) {
                return line.indexOf(quote) < 0 ? line.strip().split("\\s+") : splitQuoted(line);
            }
            String[] cells = parser.parseLine(line);
            return cells == null ? new String[0] : cells;
        }

        /** Splits at blanks, but for those in quotes. */
        private String[] splitQuoted(String line) {
            List<String> cells = new ArrayList<>();
            int at = 0;
            while (at < line.length()) {
                if (Character.isWhitespace(line.charAt(at))) {
                    at++;
                    continue;
                }
                StringBuilder cell = new StringBuilder();
                boolean isOpen = line.charAt(at) == quote;
                at += isOpen ? 1 : 0;
                while (at < line.length() && (isOpen || !Character.isWhitespace(line.charAt(at)))) {
                    char c = line.charAt(at++);
                    if (isOpen && c == quote) {
                        isOpen = at < line.length() && line.charAt(at) == quote;
                        at += isOpen ? 1 : 0;
                        if (!isOpen) {
                            continue;
                        }
                    }
                    cell.append(c);
                }
                cells.add(cell.isEmpty() ? null : cell.toString());
            }
            return cells.toArray(new String[0]);
        }
    }

    /** The rows of a slice. */
    private final class Rows implements Cells {
        private final Lines lines;
        private final Slice slice;
        private final Configuration hadoop;
        private final Splitter splitter = new Splitter(names.size() + 64);
        private boolean headerAhead;
        private String[] cells;
        private String problem;

        Rows(Lines lines, Slice slice, Configuration hadoop) {
            this.lines = lines;
            this.slice = slice;
            this.hadoop = hadoop;
            this.headerAhead = header && slice.from() == 0;
        }

        @Override
        public boolean next() throws IOException {
            while (lines.next()) {
                String line = lines.text();
                if (isEmpty(line)) {
                    continue;
                }
                refuseOpenQuote(line, slice.file(), lines.position(), hadoop);
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
            List<String> found = new ArrayList<>();
            String[] given = new Splitter(columnsOf(line)).split(line);
            for (int i = 0; i < given.length; i++) {
                found.add(given[i] == null ? Integer.toString(i) : given[i]);
            }
            if (!found.equals(names)) {
                throw new InputException(Files.local(slice.file()) + ": the file begins with the columns "
                        + Names.some(found) + ", another with " + Names.some(names)
                        + "; give files with the same header");
            }
        }

        private String read(String line) {
            try {
                cells = splitter.split(line);
            } catch (TextParsingException e) {
                cells = new String[0];
                return "the line cannot be split into " + names.size() + " columns";
            }
            if (cells.length != names.size()) {
                return "expected " + names.size() + " columns, got " + cells.length;
            }
            return line.indexOf(UNREADABLE) < 0 ? null : unreadable();
        }

        /** What is wrong with a row that has a sign which stands for others: two different words would become one. */
        private String unreadable() {
            for (int column : selected) {
                if (cells[column] != null && cells[column].indexOf(UNREADABLE) >= 0) {
                    return (header ? "column \"" + names.get(column) + "\"" : "column " + column) + ": \""
                            + cells[column]
                            + "\" is not written in " + charset + "; set encoding to that of the file, one of "
                            + String.join(", ", CHARSETS);
                }
            }
            return null;
        }

        /** The text of a cell; null if it is empty, or a bad row is too short to have it. */
        private String cell(int column) {
            return selected[column] < cells.length ? cells[selected[column]] : null;
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
        public boolean isMissing(int column) {
            String text = cell(column);
            return text == null || ((missingNumbers || !startsNumber(text)) && missing.contains(text));
        }

        private static boolean startsNumber(String text) {
            char c = text.isEmpty() ? ' ' : text.charAt(0);
            return (c >= '0' && c <= '9') || c == '-' || c == '.';
        }

        @Override
        public double number(int column) {
            String text = cell(column);
            return text == null ? Double.NaN : Numbers.parse(text);
        }

        @Override
        public String text(int column) {
            return cell(column);
        }

        @Override
        public int vector(int column, double[] target, int from, int width) {
            throw new UnsupportedOperationException("cells of text hold no vectors");
        }

        @Override
        public Object value(int column) {
            return cell(column);
        }

        @Override
        public void close() throws IOException {
            lines.close();
        }
    }
}
