package dev.lockstep.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.lockstep.InputException;
import dev.lockstep.Settings;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Sources read the same rows however they are cut, and say what is wrong with a row. No Spark here. */
class SourceTest {
    private static final Configuration HADOOP = new Configuration();

    @TempDir
    Path folder;

    private String write(String name, byte[] content) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.write(file, content);
        return file.toString();
    }

    private String write(String name, String content) throws IOException {
        return write(name, content.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] gzip(byte[] content) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream stream = new GZIPOutputStream(bytes)) {
            stream.write(content);
        }
        return bytes.toByteArray();
    }

    /** Every row as text: position, features, label or problem. */
    private static List<String> rows(String source, boolean classes, long sliceBytes) throws IOException {
        Source read = Sources.read(Settings.of(Settings.inline(source, "--data")));
        List<String> rows = new ArrayList<>();
        for (Slice slice : read.list(HADOOP, new Source.Cut(sliceBytes, 1)).slices()) {
            try (RowReader reader = read.open(slice, HADOOP, classes)) {
                while (reader.next()) {
                    StringBuilder row = new StringBuilder().append(reader.position());
                    if (reader.problem() != null) {
                        rows.add(row.append(" ! ").append(reader.problem()).toString());
                        continue;
                    }
                    for (double value : reader.features()) {
                        row.append(' ').append(value);
                    }
                    row.append(" -> ").append(classes ? reader.label() : Double.toString(reader.target(0)));
                    rows.add(row.append(reader.hasWeights() ? " x " + reader.weight() : "")
                            .toString());
                }
            }
        }
        return rows;
    }

    private static List<String> rows(String source) throws IOException {
        return rows(source, true, 1 << 20);
    }

    @ParameterizedTest(name = "line ends {0}")
    @ValueSource(strings = {"\n", "\r\n"})
    void every_cut_gives_the_same_rows(String end) throws IOException {
        StringBuilder csv = new StringBuilder("a,label,b").append(end);
        for (int i = 0; i < 12; i++) {
            csv.append(i)
                    .append(i % 5 == 0 ? ",\"x, y\"," : ",z,")
                    .append(0.5 * i)
                    .append(i == 11 ? "" : end);
            csv.append(i == 6 ? end : "");
        }
        String source = "format=csv,label=label,path=" + write("rows.csv", csv.toString());
        List<String> whole = rows(source);
        assertThat(whole).hasSize(12);
        assertThat(whole.get(5)).endsWith(" 5.0 2.5 -> x, y");
        for (int bytes = 1; bytes < 45; bytes++) {
            assertThat(rows(source, true, bytes)).isEqualTo(whole);
        }
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "label=kind|a b weight|1.0 2.0 3.0 -> x",
                "label=-1|a b weight|1.0 2.0 3.0 -> x",
                "label=3,weight=weight|a b|1.0 2.0 -> x x 3.0",
                "label=kind,features=[b]|b|2.0 -> x",
                "label=kind,features=[1,0]|b a|2.0 1.0 -> x",
            })
    void columns_are_taken_by_name_and_by_number(String keys, String features, String row) throws IOException {
        String source = "format=csv,path=" + write("c.csv", "a,b,weight,kind\n1,2,3,x\n") + "," + keys;
        Source read = Sources.read(Settings.of(Settings.inline(source, "--data")));
        assertThat(String.join(
                        " ",
                        read.list(HADOOP, new Source.Cut(1 << 20, 1)).features().stream()
                                .map(Column::name)
                                .toList()))
                .isEqualTo(features);
        assertThat(rows(source)).singleElement().asString().endsWith(row);
    }

    @Test
    void separators_gzip_byte_order_marks_and_missing_headers_are_fine() throws IOException {
        assertThat(rows("format=csv,header=false,separator=;,label=1,path=" + write("s.csv", "1;x\n2;y\n")))
                .containsExactly("0 1.0 -> x", "4 2.0 -> y");
        assertThat(rows("format=csv,header=false,separator=\\t,label=-1,path=" + write("t.tsv", "1\tx\n# \ty\n")))
                .containsExactly("0 1.0 -> x", "4 ! column 0: \"#\" is not a finite number");
        byte[] text = "\uFEFFa,l\n1,x\n2,y\n".getBytes(StandardCharsets.UTF_8);
        String zipped = "format=csv,label=l,path=" + write("z.csv.gz", gzip(text));
        assertThat(rows(zipped, true, 3)).hasSize(2).first().asString().endsWith("1.0 -> x");
    }

    @Test
    void a_compressed_file_that_is_cut_short_is_named() throws IOException {
        byte[] whole = gzip("x,l\n1,p\n2,q\n".repeat(2000).getBytes(StandardCharsets.UTF_8));
        String cut = write("cut.csv.gz", java.util.Arrays.copyOf(whole, whole.length - 12));
        String other = write("other.csv.gz", "x,l\n1,p\n");
        for (String file : List.of(cut, other)) {
            assertThatThrownBy(() -> rows("format=csv,label=l,on-bad-row=skip,path=" + file))
                    .isInstanceOf(InputException.class)
                    .hasMessageContainingAll(file, "cannot be decompressed", "damaged");
        }
    }

    @Test
    void a_codec_that_this_machine_lacks_is_named() throws IOException {
        assertThatThrownBy(() -> rows("format=csv,label=l,path=" + write("a.csv.zst", "(\u00b5/\u00fd")))
                .isInstanceOf(InputException.class)
                .hasMessageContainingAll("a.csv.zst", "gzip");
    }

    @Test
    void a_folder_with_a_name_that_hadoop_does_not_take_is_refused() throws IOException {
        write("colon/a:b.csv", "x,l\n1,p\n");
        assertThatThrownBy(() -> rows("format=csv,label=l,path=" + folder.resolve("colon")))
                .isInstanceOf(InputException.class)
                .hasMessageContainingAll("colon", "a:b.csv", "rename");
    }

    @Test
    void words_of_another_encoding_are_not_taken_for_each_other() throws IOException {
        String file = write(
                "latin.csv",
                "x,l,note\n1,B\u00e4r,a\n2,B\u00f6r,a\n3,Bar,\u00e4\n".getBytes(StandardCharsets.ISO_8859_1));
        String keys = "format=csv,label=l,features=x,path=" + file;
        List<String> rows = rows(keys);
        assertThat(rows.subList(0, 2))
                .allSatisfy(row -> assertThat(row).contains("column \"l\"", "not written in UTF-8", "set encoding"));
        assertThat(rows.get(2)).as("a column without a role").endsWith("3.0 -> Bar");
        assertThat(rows(keys + ",encoding=ISO-8859-1").get(1)).endsWith("2.0 -> B\u00f6r");
        String header = write("head.csv", "x,\u00e4\n1,2\n".getBytes(StandardCharsets.ISO_8859_1));
        assertThatThrownBy(() -> rows("format=csv,label=1,path=" + header))
                .isInstanceOf(InputException.class)
                .hasMessageContainingAll("names of the columns", "set encoding");
    }

    @Test
    void quotes_hold_between_blanks_too() throws IOException {
        String text = "\"x\"  \"l\"\n 1 \"a b\"\n\"2\"\t\"say \"\"c\"\"\" \n3 d\"e\n4 \"\"\n";
        String source = "format=csv,separator=whitespace,label=l,path=";
        List<String> rows = rows(source + write("r.txt", text));
        assertThat(rows.subList(0, 3))
                .extracting(row -> row.substring(row.indexOf(' ')))
                .containsExactly(" 1.0 -> a b", " 2.0 -> say \"c\"", " 3.0 -> d\"e");
        assertThat(rows.get(3)).endsWith("the label is missing");
        assertThatThrownBy(() -> rows(source + write("open.txt", "x l\n1 \"a b\n")))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("does not end in its line");
    }

    @Test
    void two_objects_in_a_line_are_not_one_row() throws IOException {
        String file = write("two.json", "{\"x\":1,\"l\":\"p\"}\n{\"x\":2,\"l\":\"q\"}{\"x\":3,\"l\":\"q\"}\n");
        assertThat(rows("format=json,label=l,path=" + file))
                .hasSize(2)
                .last()
                .asString()
                .contains("not one JSON object");
    }

    @Test
    void a_folder_and_a_glob_are_read_in_the_order_of_their_paths() throws IOException {
        write("many/b.csv", "x,l\n2,q\n");
        write("many/a.csv", "x,l\n1,p\n");
        write("many/_SUCCESS", "");
        write("many/.hidden.csv", "x,l\n9,p\n");
        String tail = ",label=l,format=csv";
        assertThat(rows("path=" + folder.resolve("many") + tail)).containsExactly("4 1.0 -> p", "4 2.0 -> q");
        assertThat(rows("path=" + folder + "/many/[ab].csv" + tail)).hasSize(2);
        write("many/c.csv", "y,l" + ",z".repeat(100) + "\n3,p\n");
        assertThatThrownBy(() -> rows("path=" + folder.resolve("many") + tail))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("same header");
    }

    @Test
    void a_row_of_seventy_thousand_columns_is_read() throws IOException {
        String csv = "l" + ",1".repeat(70_000) + "\n";
        assertThat(rows("format=csv,header=false,label=0,path=" + write("wide.csv", csv)))
                .singleElement()
                .asString()
                .endsWith("1.0 -> l");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "1,2,3|expected 2 columns, got 3",
                "1|expected 2 columns, got 1",
                ",x|column \"a\": the value is missing; set missing = mean or skip to allow for that",
                "NaN,x|column \"a\": the value is missing (\"NaN\"); set missing = mean or skip to allow for that",
                "0x1p3,x|column \"a\": \"0x1p3\" is not a finite number; if it is a category, list the column under categorical",
                "2024-05-01,x|column \"a\": \"2024-05-01\" is not a finite number; is it a date? make numbers of it, or leave the column out by listing others under features",
                "1e999,x|column \"a\": \"1e999\" is not a finite number",
                "red,x|column \"a\": \"red\" is not a finite number; if it is a category, list the column under categorical",
                "1,|column \"l\": the label is missing",
            })
    void what_is_wrong_with_a_row_is_said(String line, String problem) throws IOException {
        assertThat(rows("format=csv,label=l,path=" + write("w.csv", "a,l\n" + line + "\n")))
                .containsExactly("4 ! " + problem);
    }

    private static byte[] idx(int type, int... dimensions) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeInt(type << 8 | dimensions.length);
        int count = 1;
        for (int dimension : dimensions) {
            out.writeInt(dimension);
            count *= dimension;
        }
        for (int i = 0; i < count; i++) {
            switch (type) {
                case 0x08, 0x09 -> out.writeByte(250 + i);
                case 0x0B -> out.writeShort(1000 - i);
                case 0x0C -> out.writeInt(100_000 + i);
                case 0x0D -> out.writeFloat(0.5f * i);
                default -> out.writeDouble(0.1 * i);
            }
        }
        return bytes.toByteArray();
    }

    @ParameterizedTest(name = "type {0}: {1}")
    @CsvSource({"8, 250.0", "9, -6.0", "11, 1000.0", "12, 100000.0", "13, 0.0", "14, 0.0"})
    void idx_of_every_number_type_is_read_in_every_cut_and_zipped(int type, String first) throws IOException {
        byte[] images = idx(type, 5, 2, 2);
        byte[] labels = idx(0x08, 5);
        String plain = "format=idx,images=" + write("i", images) + ",labels=" + write("l", labels);
        List<String> whole = rows(plain);
        assertThat(whole).hasSize(5).first().asString().startsWith("0 " + first).endsWith("-> 250");
        for (int bytes = 1; bytes < 40; bytes += 3) {
            assertThat(rows(plain, true, bytes)).isEqualTo(whole);
        }
        assertThat(rows("format=idx,images=" + write("i.gz", gzip(images)) + ",labels=" + write("l.gz", gzip(labels))))
                .isEqualTo(whole);
    }

    @Test
    void idx_files_that_lie_are_refused() throws IOException {
        String images = write("i", idx(0x08, 5, 4));
        String labels = write("l", idx(0x08, 5));
        byte[] cut = java.util.Arrays.copyOf(idx(0x08, 5, 4), 20);
        assertRefused("images=" + write("cut", cut) + ",labels=" + labels, "cut short");
        assertRefused("images=" + write("z.gz", gzip(cut)) + ",labels=" + labels, "cut short");
        assertRefused("images=" + write("text", "hello world") + ",labels=" + labels, "not an IDX file");
        assertRefused("images=" + write("none", "") + ",labels=" + labels, "empty");
        assertRefused("images=" + images + ",labels=" + images, "exchanged");
        assertRefused("images=" + images + ",labels=" + write("four", idx(0x08, 4)), "5 images");
        assertRefused("images=" + images + ",labels=" + folder + "/nowhere", "no such file");
        assertRefused("images=" + folder + "/[i]" + ",labels=" + labels, "takes one by its name");
        ByteArrayOutputStream nan = new ByteArrayOutputStream();
        new DataOutputStream(nan).writeInt(0x0D01);
        new DataOutputStream(nan).writeInt(1);
        new DataOutputStream(nan).writeFloat(Float.NaN);
        String bad =
                "format=idx,images=" + write("one", idx(0x08, 1, 2)) + ",labels=" + write("nan", nan.toByteArray());
        assertThat(rows(bad)).singleElement().asString().contains("the label is NaN");
    }

    private static void assertRefused(String keys, String part) {
        assertThatThrownBy(() -> rows("format=idx," + keys))
                .isInstanceOf(InputException.class)
                .hasMessageContaining(part);
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "eigenvalues=[9,4,1,0.25]",
                "eigenvalues=[9,4,1,0.25],rotated=true,rows=24",
                "hessian=[[5,4,0,0],[4,5,0,0],[0,0,1,0],[0,0,0,0.25]]"
            })
    void the_quadratic_has_the_eigenvalues_that_were_asked_for(String keys) throws IOException {
        List<String> rows = rows("format=synthetic,generator=quadratic,optimum=[1,2,3,4]," + keys, false, 100);
        double[][] hessian = new double[4][4];
        double[] mean = new double[4];
        for (String row : rows) {
            double[] values = java.util.Arrays.stream(row.replace("->", "").split("\\s+", -1))
                    .mapToDouble(Double::parseDouble)
                    .toArray();
            double target = 0;
            for (int i = 0; i < 4; i++) {
                mean[i] += values[1 + i] / rows.size();
                target += values[1 + i] * (i + 1);
                for (int j = 0; j < 4; j++) {
                    hessian[i][j] += values[1 + i] * values[1 + j] / rows.size();
                }
            }
            assertThat(values[5]).as("no error at the optimum").isCloseTo(target, within(1e-13));
        }
        assertThat(mean).containsExactly(new double[4], within(1e-14));
        // Trace, trace of the square and determinant, through the characteristic polynomial at each eigenvalue.
        for (double eigenvalue : new double[] {9, 4, 1, 0.25}) {
            double expected = keys.startsWith("hessian") && eigenvalue == 4 ? 1 : eigenvalue;
            assertThat(determinantOfShifted(hessian, expected)).isCloseTo(0, within(1e-10));
        }
        double trace = hessian[0][0] + hessian[1][1] + hessian[2][2] + hessian[3][3];
        assertThat(trace).isCloseTo(keys.startsWith("hessian") ? 11.25 : 14.25, within(1e-12));
    }

    /** det(matrix - shift I) by elimination with pivots. */
    private static double determinantOfShifted(double[][] matrix, double shift) {
        int n = matrix.length;
        double[][] a = new double[n][];
        for (int i = 0; i < n; i++) {
            a[i] = matrix[i].clone();
            a[i][i] -= shift;
        }
        double determinant = 1;
        for (int k = 0; k < n; k++) {
            int pivot = k;
            for (int i = k + 1; i < n; i++) {
                pivot = Math.abs(a[i][k]) > Math.abs(a[pivot][k]) ? i : pivot;
            }
            double[] swapped = a[k];
            a[k] = a[pivot];
            a[pivot] = swapped;
            determinant *= pivot == k ? a[k][k] : -a[k][k];
            for (int i = k + 1; i < n && a[k][k] != 0; i++) {
                double factor = a[i][k] / a[k][k];
                for (int j = k; j < n; j++) {
                    a[i][j] -= factor * a[k][j];
                }
            }
        }
        return determinant;
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"generator=spirals,rows=30,classes=3", "generator=blobs,rows=30,classes=3,features=4"})
    void synthetic_rows_are_functions_of_their_number(String keys) throws IOException {
        List<String> whole = rows("format=synthetic," + keys);
        assertThat(whole).hasSize(30);
        assertThat(rows("format=synthetic," + keys, true, 100)).isEqualTo(whole);
        assertThat(rows("format=synthetic,seed=2," + keys)).isNotEqualTo(whole);
        for (int label = 0; label < 3; label++) {
            String end = "-> " + label;
            assertThat(whole).filteredOn(row -> row.endsWith(end)).hasSize(10);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r\n", "\r"})
    void lines_are_counted_as_they_are_read(String end) throws IOException {
        String file = write("ends.csv", "a,l" + end + "1,x" + end + end + "2,x" + end);
        Source read = Sources.read(Settings.of(Settings.inline("format=csv,label=l,path=" + file, "--data")));
        Slice all = read.list(HADOOP, new Source.Cut(1 << 20, 1)).slices().get(0);
        try (RowReader reader = read.open(all, HADOOP, true)) {
            reader.next();
            assertThat(read.describe(file, reader.position(), HADOOP)).endsWith("line 2");
            reader.next();
            assertThat(read.describe(file, reader.position(), HADOOP)).endsWith("line 4");
        }
    }
}
