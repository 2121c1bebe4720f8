package dev.lockstep.observe;

import dev.lockstep.InputException;
import java.awt.BasicStroke;
import java.awt.Color;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.ArrayList;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import javax.imageio.ImageIO;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.XYStyler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * Lines over two axes, drawn without a screen.
 *
 * @param title above the plot
 * @param x the axis under it
 * @param y the axis beside it
 * @param lines in the order in which they are drawn and named
 */
public record LinePlot(String title, Axis x, Axis y, List<Line> lines) {
    private static final int WIDTH = 900;
    private static final int HEIGHT = 540;

    /** More names than that would cover the plot: they stand beside it. */
    private static final int NAMES_INSIDE = 2;

    private static final int MANY_PLACES = 20;
    private static final String UNEVEN = " uneven";

    /** The ratio up to which there is room for several numbers a decade. */
    private static final double FEW_DECADES = 2000;

    /**
     * @param name with its unit
     * @param logarithmic whether values are drawn by their logarithms; those that are not positive are left out then
     * @param marked whether it shows numbers
     */
    public record Axis(String name, boolean logarithmic, boolean marked) {
        public static Axis linear(String name) {
            return new Axis(name, false, true);
        }

        public static Axis logarithmic(String name) {
            return new Axis(name, true, true);
        }

        /** An axis of places without a meaning. */
        public static Axis unmarked() {
            return new Axis("", false, false);
        }

        private boolean takes(Double value) {
            return value != null && Double.isFinite(value) && (!logarithmic || value > 0);
        }
    }

    /**
     * @param name in the legend; empty for none
     * @param x places; null or not finite where unknown
     * @param y values, as many
     * @param pen how it looks; null leaves it to the plot
     */
    public record Line(String name, List<Double> x, List<Double> y, Pen pen) {}

    /**
     * @param colour with its opacity
     * @param width in pixels; 0 draws points alone
     * @param dash lengths of strokes and gaps in pixels; empty for none
     * @param points whether each point is marked
     */
    public record Pen(Color colour, float width, List<Float> dash, boolean points) {}

    /** Whether some line has a point that its axes take. */
    public boolean hasPoints() {
        return lines.stream().anyMatch(line -> !known(line).x().isEmpty());
    }

    /**
     * The picture as a PNG file.
     *
     * @throws InputException if this Java cannot draw text, as one without fonts
     */
    public byte[] png() {
        System.setProperty("java.awt.headless", "true");
        try {
            XYChart chart = new XYChartBuilder()
                    .width(WIDTH)
                    .height(HEIGHT)
                    .title(title)
                    .xAxisTitle(x.name())
                    .yAxisTitle(y.name())
                    .build();
            style(chart.getStyler());
            for (int i = 0; i < lines.size(); i++) {
                Line line = known(lines.get(i));
                if (!line.x().isEmpty()) {
                    add(chart, line, i);
                    unevenPlace(chart, line);
                }
            }
            ByteArrayOutputStream png = new ByteArrayOutputStream();
            ImageIO.write(BitmapEncoder.getBufferedImage(chart), "png", png);
            return png.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (LinkageError | InternalError e) {
            throw new InputException(
                    "plots: this Java cannot draw text (" + e + "); install fontconfig and a font, or leave plots out",
                    e);
        }
    }

    private void style(XYStyler styler) {
        long names = lines.stream().filter(line -> !line.name().isEmpty()).count();
        styler.setChartBackgroundColor(Color.WHITE);
        styler.setXAxisLogarithmic(x.logarithmic());
        styler.setYAxisLogarithmic(y.logarithmic());
        styler.setXAxisLogarithmicDecadeOnly(false);
        styler.setYAxisLogarithmicDecadeOnly(false);
        styler.setXAxisTickLabelsFormattingFunction(marks(x, Line::x));
        styler.setYAxisTickLabelsFormattingFunction(marks(y, Line::y));
        styler.setXAxisTicksVisible(x.marked());
        styler.setYAxisTicksVisible(y.marked());
        styler.setYAxisTitleVisible(y.marked());
        styler.setLegendVisible(names > 1);
        styler.setLegendPosition(
                names > NAMES_INSIDE ? Styler.LegendPosition.OutsideE : Styler.LegendPosition.InsideNE);
    }

    /** The numbers along an axis; a logarithmic one shows 1, 2 and 5 of each decade, or 1 alone where there are many. */
    private Function<Double, String> marks(Axis axis, Function<Line, List<Double>> places) {
        if (!axis.logarithmic()) {
            return LinePlot::number;
        }
        DoubleSummaryStatistics range = lines.stream()
                .flatMap(line -> places.apply(known(line)).stream())
                .mapToDouble(place -> place)
                .summaryStatistics();
        boolean many = range.getMax() / range.getMin() > FEW_DECADES;
        return value -> {
            String digits = new BigDecimal(value)
                    .round(new MathContext(2))
                    .stripTrailingZeros()
                    .unscaledValue()
                    .toString();
            return digits.equals("1") || (!many && (digits.equals("2") || digits.equals("5"))) ? number(value) : " ";
        };
    }

    private static String number(double value) {
        double size = Math.abs(value);
        boolean plain = size < 1e-12 || (size >= 1e-4 && size < 1e7);
        DecimalFormatSymbols symbols = DecimalFormatSymbols.getInstance(Locale.ROOT);
        return new DecimalFormat(plain ? "#,##0.######" : "0.###E0", symbols).format(value);
    }

    private static void add(XYChart chart, Line line, int i) {
        // Names of series must differ; those without a name are not in the legend.
        String name = line.name().isEmpty() ? " " + i : line.name();
        XYSeries series = chart.addSeries(name, line.x(), line.y());
        series.setShowInLegend(!line.name().isEmpty());
        series.setMarker(SeriesMarkers.NONE);
        Pen pen = line.pen();
        if (pen == null) {
            return;
        }
        series.setLineColor(pen.colour());
        series.setLineStyle(stroke(pen));
        if (pen.width() == 0) {
            series.setXYSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.Scatter);
        }
        if (pen.points() || line.x().size() == 1) {
            series.setMarker(SeriesMarkers.CIRCLE);
            series.setMarkerColor(pen.colour());
        }
    }

    /**
     * Adds an invisible point between two others of a long line: the library marks equally spaced places by themselves, as
     * 0.559322 and 1.118644, and only uneven ones by round numbers.
     */
    private static void unevenPlace(XYChart chart, Line line) {
        if (line.x().size() > MANY_PLACES && chart.getSeries(UNEVEN) == null) {
            double place = line.x().get(0) + (line.x().get(1) - line.x().get(0)) / Math.PI;
            XYSeries point =
                    chart.addSeries(UNEVEN, List.of(place), List.of(line.y().get(0)));
            point.setShowInLegend(false);
            point.setMarker(SeriesMarkers.NONE);
        }
    }

    private static BasicStroke stroke(Pen pen) {
        if (pen.dash().isEmpty()) {
            return new BasicStroke(pen.width(), BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND);
        }
        float[] dash = new float[pen.dash().size()];
        for (int i = 0; i < dash.length; i++) {
            dash[i] = pen.dash().get(i);
        }
        return new BasicStroke(pen.width(), BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 10, dash, 0);
    }

    /** The line with those points alone that both axes take. */
    private Line known(Line line) {
        List<Double> places = new ArrayList<>();
        List<Double> values = new ArrayList<>();
        for (int i = 0; i < Math.min(line.x().size(), line.y().size()); i++) {
            if (x.takes(line.x().get(i)) && y.takes(line.y().get(i))) {
                places.add(line.x().get(i));
                values.add(line.y().get(i));
            }
        }
        return new Line(line.name(), places, values, line.pen());
    }
}
