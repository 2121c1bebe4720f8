package dev.lockstep.cli;

import dev.lockstep.curvature.DerivativeCheck;
import dev.lockstep.data.Batch;
import dev.lockstep.distributed.BatchObjective;
import dev.lockstep.distributed.Engine;
import dev.lockstep.distributed.Request.RowSet;
import dev.lockstep.linalg.Mixing;
import dev.lockstep.linalg.Vector;
import dev.lockstep.network.Dropout;
import dev.lockstep.network.Network;
import dev.lockstep.observe.Tables;
import dev.lockstep.train.Trainer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What {@code jobs/train --check-gradient} does: the run's derivatives at its first weights, on a sample of its rows. */
final class GradientCheck {
    /** Rows of the sample. */
    static final long ROWS = 200;

    /** Parameters of each tensor whose derivative is compared. */
    private static final int PER_TENSOR = 24;

    private GradientCheck() {}

    /**
     * Compares and prints.
     *
     * @param run with float64, in which differences mean something
     * @return the exit code
     */
    static int run(Session session, RunConfiguration run) {
        DataSets data = DataSets.read(session, run);
        Network network =
                run.network().build(data.train().features().size(), data.train().classesOrTargets());
        Trainer.Plan plan = TrainingRun.plan(run, data, network);
        long rows = data.rows(RowSet.TRAINING);
        long sample = Math.min(rows, ROWS);
        Batch batch = sample == rows
                ? Batch.all(rows)
                : new Batch(rows, 0, sample, Mixing.key(run.seed(), "gradient check"), true);
        Dropout dropout = network.dropout() > 0 ? Dropout.of(run.seed(), 0, network.dropout()) : null;
        Engine engine = TrainCommand.jobs(session, run, data, network);
        BatchObjective objective = new BatchObjective(engine, 0, batch, dropout, plan.penalty(), plan.tensors());
        Vector weights = new FirstWeights().of(run, network, session.spark().hadoopConfiguration());
        DerivativeCheck.Report report = DerivativeCheck.of(objective, weights, PER_TENSOR, run.seed());
        System.out.print(text(report, network, sample, rows));
        return report.holds() ? 0 : Complaints.EXIT_FAILED;
    }

    private static String text(DerivativeCheck.Report report, Network network, long sample, long rows) {
        StringBuilder text = new StringBuilder(String.format(
                Locale.ROOT,
                "derivatives at the first weights, on %,d of %,d training rows, in float64, against differences\n\n",
                sample,
                rows));
        List<List<String>> lines = new ArrayList<>();
        add(lines, "gradient", report.gradient(), network);
        add(lines, "Hessian times a direction", report.product(), network);
        text.append(Tables.of(
                List.of("", "tensor", "compared", "at a kink", "worst", "computed", "difference", "error"), lines));
        text.append('\n');
        if (report.settled() == 0) {
            text.append("nothing could be compared: every parameter lies at a kink; take another seed, or a smooth"
                    + " activation\n");
        } else if (report.holds()) {
            text.append(String.format(Locale.ROOT, "right: no relative error above %.0e\n", DerivativeCheck.TOLERANCE));
        } else {
            text.append(String.format(
                    Locale.ROOT,
                    "WRONG: relative errors above %.0e; lines with an exclamation mark name the worst parameter\n",
                    DerivativeCheck.TOLERANCE));
        }
        return text.toString();
    }

    private static void add(
            List<List<String>> lines, String what, List<DerivativeCheck.Finding> findings, Network network) {
        for (DerivativeCheck.Finding finding : findings) {
            Network.Tensor tensor = network.tensors().get(finding.tensor());
            lines.add(List.of(
                    what,
                    tensor.name(),
                    String.format(Locale.ROOT, "%,d", finding.checked()),
                    String.format(Locale.ROOT, "%,d", finding.unsettled()),
                    finding.worst() < 0 ? "-" : place(tensor, finding.worst()),
                    String.format(Locale.ROOT, "%.9g", finding.exact()),
                    String.format(Locale.ROOT, "%.9g", finding.difference()),
                    String.format(Locale.ROOT, "%.1e%s", finding.error(), finding.holds() ? "" : " !")));
        }
    }

    /** Such as {@code [12, 305]}. */
    private static String place(Network.Tensor tensor, int parameter) {
        int at = parameter - tensor.from();
        if (!tensor.isWeight()) {
            return "[" + at + "]";
        }
        int columns = tensor.shape().get(1);
        return "[" + at / columns + ", " + at % columns + "]";
    }
}
