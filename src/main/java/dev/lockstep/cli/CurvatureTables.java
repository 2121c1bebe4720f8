package dev.lockstep.cli;

import dev.lockstep.curvature.CriticalPoint;
import dev.lockstep.curvature.LossAlong;
import dev.lockstep.curvature.SpectralDensity;
import dev.lockstep.curvature.Spectrum;
import dev.lockstep.curvature.StabilityLimits;
import dev.lockstep.network.Network;
import dev.lockstep.observe.Tables;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What {@code jobs/curvature} prints for people. */
record CurvatureTables(CurvatureReport report) {
    /** All of it. */
    String text() {
        Spectrum.Condition condition = report.spectrum().condition();
        List<List<String>> rows = new ArrayList<>();
        rows.add(row(
                "lambdaMax",
                report.spectrum().largest().value(),
                report.spectrum().largest().residual(),
                "residual"));
        rows.add(row(
                "lambdaMin",
                report.spectrum().smallest().value(),
                report.spectrum().smallest().residual(),
                "residual"));
        rows.add(row(
                "trace",
                report.spectrum().trace().value(),
                report.spectrum().trace().standardError(),
                "standard error"));
        rows.add(List.of(
                "negative eigenvalues, %", Tables.number(100 * report.spectrum().negativeShare()), shareError()));
        rows.add(List.of("condition number", Tables.number(condition.value()), CurvatureReport.conditionOf(condition)));
        rows.add(List.of("loss", Tables.number(report.here().value()), "with the penalty"));
        rows.add(List.of("gradient's norm", Tables.number(report.here().gradientNorm()), "with the penalty"));
        StringBuilder text = new StringBuilder();
        text.append(String.format(
                Locale.ROOT,
                "%n%s: %s, %,d parameters; %s of %,d of %,d rows in %s, l2 = %s%n",
                report.setting().folder(),
                report.setting().network().widths(),
                report.setting().network().parameters(),
                report.setting().matrixKey(),
                report.cost().rows(),
                report.cost().allRows(),
                report.setting().precision().key(),
                report.setting().trained().penalty().l2()));
        text.append(Tables.of(List.of("", "value", "how far off"), rows)).append('\n');
        if (!report.spectrum().converged()) {
            text.append("lambdaMax or lambdaMin is not found yet: take more --steps, or --precision float64\n");
        }
        text.append(verdict()).append('\n').append(rates()).append('\n').append(layers());
        text.append('\n').append(profiles());
        return text.append(String.format(
                        Locale.ROOT,
                        "%.1f s after %.1f s of reading: %,d values, gradients and products in %,d scans, %.1f passes%n",
                        report.cost().seconds(),
                        report.cost().readingSeconds(),
                        report.cost().evaluations(),
                        report.cost().scans(),
                        report.cost().passes()))
                .toString();
    }

    private List<String> row(String name, double value, double error, String what) {
        return List.of(
                name, Tables.number(value), error == 0 ? "exact" : String.format(Locale.ROOT, "%.1e %s", error, what));
    }

    private String shareError() {
        if (report.spectrum().eigenvalues().isPresent()) {
            return "exact";
        }
        SpectralDensity.Bounds bounds = report.spectrum().negativeShareBounds();
        double error = report.spectrum().negativeShareError();
        String spread = Double.isNaN(error) ? "" : String.format(Locale.ROOT, " (%.1e)", 100 * error);
        return String.format(
                Locale.ROOT, "by the probes %.1f to %.1f%s", 100 * bounds.low(), 100 * bounds.high(), spread);
    }

    private String verdict() {
        String gradient = String.format(
                Locale.ROOT,
                "gradient's norm %.3g, %s %.3g",
                report.here().gradientNorm(),
                report.point().kind() == CriticalPoint.Kind.NOT_CRITICAL ? "above" : "at most",
                report.point().gradientThreshold());
        String below = String.format(
                Locale.ROOT,
                "%s of %,d eigenvalues below -%.3g",
                number(),
                report.setting().network().parameters(),
                report.point().eigenvalueThreshold());
        return report.kind() == null
                ? "the Gauss-Newton matrix does not tell minima from saddles; " + gradient
                : report.kind() + ": " + gradient + "; " + below;
    }

    /** Of negative eigenvalues: what is certain of a spectrum that is not exact. */
    private String number() {
        if (report.spectrum().eigenvalues().isPresent()) {
            return String.format(Locale.ROOT, "%,d", report.spectrum().index());
        }
        SpectralDensity.Bounds bounds = report.spectrum().negativeShareBounds();
        int parameters = report.setting().network().parameters();
        return String.format(
                Locale.ROOT, "by the probes %,d to %,d", (long) Math.floor(bounds.low() * parameters), (long)
                        Math.ceil(bounds.high() * parameters));
    }

    private String rates() {
        List<List<String>> rows = new ArrayList<>();
        StabilityLimits limits = report.limits();
        rows.add(List.of("best for gradient descent, 1/lambdaMax", Tables.number(limits.bestLearningRate())));
        for (Map.Entry<String, Double> limit : limits.limits().entrySet()) {
            String momentum = limit.getKey().equals("gradient-descent") ? "" : ", momentum " + limits.beta();
            rows.add(List.of("limit of " + limit.getKey() + momentum, Tables.number(limit.getValue())));
        }
        report.setting()
                .trained()
                .learningRate()
                .ifPresent(rate -> rows.add(List.of("in use, constant", Tables.number(rate))));
        return Tables.of(List.of("learning rate", "value"), rows);
    }

    private String layers() {
        List<List<String>> rows = new ArrayList<>();
        int layer = -1;
        List<Network.Tensor> tensors = report.setting().network().tensors();
        for (int i = 0; i < tensors.size(); i++) {
            boolean begins = tensors.get(i).isWeight();
            layer += begins ? 1 : 0;
            rows.add(List.of(
                    tensors.get(i).name(),
                    String.format(Locale.ROOT, "%,d", tensors.get(i).size()),
                    Tables.number(report.spectrum().trace().blocks().get(i)),
                    String.format(
                            Locale.ROOT,
                            "%.1e",
                            report.spectrum().trace().blockErrors().get(i)),
                    begins ? Tables.number(report.spectrum().layers().get(layer).lambdaMax()) : ""));
        }
        return Tables.of(List.of("tensor", "parameters", "trace", "error", "layer's lambdaMax"), rows);
    }

    private String profiles() {
        StringBuilder text = new StringBuilder();
        for (int p = 0; p < report.along().size(); p++) {
            LossAlong profile = report.along().get(p);
            List<List<String>> rows = new ArrayList<>();
            for (int i = 0; i < profile.distances().size(); i++) {
                rows.add(List.of(
                        Tables.number(profile.distances().get(i)),
                        Tables.number(profile.values().get(i)),
                        Tables.number(profile.parabola().get(i))));
            }
            String name = p == 0 ? "along the sharpest direction" : "along the most negative one";
            text.append(Tables.of(List.of(name, "loss", "parabola"), rows)).append('\n');
        }
        return text.toString();
    }
}
