package dev.lockstep.study;

import dev.lockstep.observe.Folder;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * {@code curves.csv}: the curves of the report in long form, a row for each run, moment and quantity.
 *
 * <p>{@code of} says whether the moment is a step or the end of an epoch. Numbers are doubles that parsing gives
 * back.
 */
public final class CurvesCsv {
    private static final List<String> PLACES =
            List.of(Quantity.STEP, Quantity.EPOCH, Quantity.PASSES, Quantity.SECONDS, Quantity.BYTES);

    /** Columns that say when, and are no quantities. */
    private static final Set<String> MOMENTS = Set.of(
            Quantity.STEP, Quantity.STEPS, Quantity.EPOCH, Quantity.PASSES, Quantity.SECONDS, Quantity.EVALUATIONS);

    private CurvesCsv() {}

    /**
     * Writes the file into the study's folder.
     *
     * @param runs in the plan's order
     */
    public static void write(Folder study, List<RunReader> runs) {
        try (Writer writer =
                new BufferedWriter(new OutputStreamWriter(study.write("curves.csv"), StandardCharsets.UTF_8))) {
            write(writer, Summary.results(runs));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void write(Writer writer, List<RunResult> runs) throws IOException {
        List<String> header = new ArrayList<>(List.of("run", "of"));
        header.addAll(PLACES);
        header.addAll(List.of("quantity", "value"));
        writer.write(Csv.line(header));
        for (RunResult run : runs) {
            write(writer, run, run.steps(), Quantity.STEP);
            write(writer, run, run.epochs(), Quantity.EPOCH);
        }
    }

    private static void write(Writer writer, RunResult run, Series series, String of) throws IOException {
        int[] shown = Thinning.indices(series.column(Quantity.EPOCH));
        List<double[]> places =
                PLACES.stream().map(name -> RunJson.column(run, series, name)).toList();
        for (String quantity : series.names()) {
            if (MOMENTS.contains(quantity)) {
                continue;
            }
            double[] values = series.column(quantity);
            for (int index : shown) {
                if (Double.isFinite(values[index])) {
                    List<String> row = new ArrayList<>(List.of(run.key().name(), of));
                    places.forEach(place -> row.add(Shown.exact(place[index])));
                    row.add(quantity);
                    row.add(Shown.exact(values[index]));
                    writer.write(Csv.line(row));
                }
            }
        }
    }
}
