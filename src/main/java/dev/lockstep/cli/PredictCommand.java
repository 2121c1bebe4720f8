package dev.lockstep.cli;

import dev.lockstep.InputException;
import dev.lockstep.data.PreparedRows;
import dev.lockstep.data.Standardization;
import dev.lockstep.data.TableWriter;
import dev.lockstep.distributed.Predictions;
import dev.lockstep.linalg.Blas;
import dev.lockstep.network.ClassLoss;
import dev.lockstep.network.Loss;
import dev.lockstep.observe.SavedModel;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** One prediction for each row of a data set, beside all that the row holds. */
@Command(
        name = "predict",
        description = "Predicts every row of a data set with a saved model; keeps all columns, and the rows' order. No "
                + "label is needed.",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Versions.class)
final class PredictCommand implements Callable<Integer> {
    private static final Logger LOG = LoggerFactory.getLogger(PredictCommand.class);

    @Mixin
    private ModelOptions model;

    @Option(
            names = "--output",
            required = true,
            paramLabel = "PATH",
            description =
                    "The folder of part files, one row a row of the data; its ending says the format: .csv or .parquet.")
    private String output;

    @Option(
            names = "--prefix",
            paramLabel = "TEXT",
            defaultValue = "",
            description = "Stands in front of the names of the new columns, where the data has such columns already.")
    private String prefix;

    @Option(names = "--overwrite", description = "Replaces the output if it is a table.")
    private boolean overwrite;

    @Mixin
    private CommonOptions options;

    @Override
    public Integer call() {
        SavedModel saved = model.load(options);
        DataDesign.Input input = model.input(saved, options, false);
        TableWriter.check(output, overwrite, Session.hadoop(options));
        try (Session session = Session.start("lockstep predict", options)) {
            session.announce(Blas.Kind.JAVA);
            session.logNoFailures(options);
            predict(session, saved, input);
            return 0;
        }
    }

    private void predict(Session session, SavedModel saved, DataDesign.Input input) {
        PreparedRows rows = PreparedRows.of(
                session.spark(),
                input.source(),
                new PreparedRows.Treatment(saved.encoding(), saved.scale(), saved.preparation()),
                input.faults().rules(false));
        refuseOwnInput(rows.files(), session.spark().hadoopConfiguration());
        Said said = Said.of(saved);
        StructType schema = rows.schema();
        List<String> taken = Arrays.asList(schema.fieldNames());
        for (StructField field : said.schema(prefix).fields()) {
            if (taken.contains(field.name())) {
                throw new InputException("the data has a column " + field.name()
                        + " already; give the new ones other names with --prefix");
            }
            schema = schema.add(field);
        }
        JavaRDD<Row> predicted = Predictions.of(
                session.spark(),
                rows.rows(),
                new Predictions.Trained(saved.network(), saved.weights(), saved.precision()),
                said);
        long begun = System.nanoTime();
        TableWriter.write(TableWriter.session(session.spark()), predicted, schema, output, overwrite);
        if (rows.bad().value() > 0) {
            LOG.warn(
                    "rows that are bad or lack a value, and so have no prediction: {}",
                    rows.bad().value());
        }
        System.out.printf(
                Locale.ROOT,
                "%s: %s beside the %d columns of the data, %.1f s%n",
                output,
                String.join(", ", said.schema(prefix).fieldNames()),
                rows.schema().size(),
                TrainCommand.seconds(begun));
    }

    /** Overwriting deletes what is there before the first row is read. */
    private void refuseOwnInput(List<String> files, Configuration hadoop) {
        try {
            Path folder = new Path(output);
            String own = folder.getFileSystem(hadoop).makeQualified(folder) + "/";
            if (files.stream().anyMatch(file -> file.startsWith(own))) {
                throw new InputException(output + ": the data lies there, and would be replaced; give another output");
            }
        } catch (IOException e) {
            throw new InputException(output + ": the file system cannot be reached: " + e.getMessage(), e);
        }
    }

    /**
     * What outputs say: a class and probabilities, or numbers.
     *
     * @param loss decides what outputs are
     * @param classes names of the classes; empty for numbers
     * @param whole whether all classes are whole numbers, and are given as such
     * @param targets names of the targets
     * @param standardization of the targets, to be turned back; or null
     */
    private record Said(
            Loss loss,
            ArrayList<String> classes,
            boolean whole,
            ArrayList<String> targets,
            Standardization standardization)
            implements Predictions.Meaning {
        static Said of(SavedModel saved) {
            List<String> names = saved.classNames();
            return new Said(
                    saved.network().loss(),
                    new ArrayList<>(names),
                    names.stream().allMatch(name -> name.matches("-?\\d{1,18}")),
                    new ArrayList<>(saved.targets()),
                    saved.preparation().targets());
        }

        private boolean hasProbabilities() {
            return loss == ClassLoss.CROSS_ENTROPY || loss == ClassLoss.BINARY_CROSS_ENTROPY;
        }

        StructType schema(String prefix) {
            StructType schema = new StructType();
            if (!loss.forClasses()) {
                for (String target : targets) {
                    String name = targets.size() == 1 ? "prediction" : "prediction_" + target;
                    schema = schema.add(prefix + name, DataTypes.DoubleType);
                }
                return schema;
            }
            DataType type = whole ? DataTypes.LongType : DataTypes.StringType;
            schema = schema.add(prefix + "prediction", type);
            for (String name : classes) {
                schema = hasProbabilities() ? schema.add(prefix + "probability_" + name, DataTypes.DoubleType) : schema;
            }
            return schema;
        }

        @Override
        public Object[] of(double[] outputs) {
            List<Object> values = new ArrayList<>();
            if (outputs == null) {
                values.addAll(Collections.nCopies(schema("").size(), null));
            } else if (loss instanceof ClassLoss own) {
                String name = classes.get(own.decide(outputs));
                values.add(whole ? (Object) Long.valueOf(name) : name);
                if (hasProbabilities()) {
                    Arrays.stream(own.probabilities(outputs)).forEach(values::add);
                }
            } else {
                for (int i = 0; i < outputs.length; i++) {
                    values.add(standardization == null ? outputs[i] : standardization.turnBack(outputs[i], i));
                }
            }
            return values.toArray();
        }
    }
}
