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
 * @param equal whether a unit is as long on both axes, as on a map; linear axes only
 */
public record LinePlot(String title, Axis x, Axis y, List<Line> lines, boolean equal) {
    private static final int WIDTH = 900;
    private static final int HEIGHT = 540;

    /** More names than that would cover the plot: they stand beside it. */
    private static final int NAMES_INSIDE = 2;

    private static final int MANY_PLACES = 20;
    private static final String UNEVEN = " uneven";

    /** The ratio up to which there is room for several numbers a decade. */
    private static final double FEW_DECADES = 2000;

    /** A plot whose axes need not have units of equal length. */
    public LinePlot(String title, Axis x, Axis y, List<Line> lines) {
        this(title, x, y, lines, false);
    }

    /**
     * @param name with its unit
     * @param logarithmic whether values are drawn by their logarithms; those that are not positive are left out then
     * @param marked whether it shows numbers
     * @param min where it begins, positive on a logarithmic axis; null leaves that to the points
     * @param max where it ends; null leaves that to the points
     */
    public record Axis(String name, boolean logarithmic, boolean marked, Double min, Double max) {
        public static Axis linear(String name) {
            return new Axis(name, false, true, null, null);
        }

        public static Axis logarithmic(String name) {
            return new Axis(name, true, true, null, null);
        }

        /** An axis of places without a meaning. */
        public static Axis unmarked() {
            return new Axis("", false, false, null, null);
        }

        /** The same axis between limits; null leaves one to the points. */
        public Axis between(Double from, Double to) {
            return new Axis(name, logarithmic, marked, from, to);
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
     * @param form what is drawn beside the line
     */
    public record Pen(Color colour, float width, List<Float> dash, Form form) {}

    /** What is drawn beside a line. */
    public enum Form {
        /** Nothing, but for a circle where it is one point. */
        PLAIN,
        /** A circle at each point. */
        CIRCLES,
        /** A cross at each point. */
        CROSSES,
        /** The area that it surrounds. */
        AREA
    }

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
            if (equal) {
                alike(chart);
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

    /** Widens the axis whose unit is longer about its middle: how long a unit is, is known when it was drawn once. */
    private void alike(XYChart chart) {
        XYStyler styler = chart.getStyler();
        double[] across = apart(limits(x, Line::x));
        double[] up = apart(limits(y, Line::y));
        setLimits(styler, across, up);
        BitmapEncoder.getBufferedImage(chart);
        double unitAcross = chart.getScreenXFromChart(across[1]) - chart.getScreenXFromChart(across[0]);
        unitAcross /= across[1] - across[0];
        double unitUp = chart.getScreenYFromChart(up[0]) - chart.getScreenYFromChart(up[1]);
        unitUp /= up[1] - up[0];
        setLimits(styler, widened(across, unitAcross / unitUp), widened(up, unitUp / unitAcross));
    }

    /** The limits of an axis, or those of the points. */
    private double[] limits(Axis axis, Function<Line, List<Double>> places) {
        DoubleSummaryStatistics range = range(places);
        double min = axis.min() != null ? axis.min() : range.getMin();
        double max = axis.max() != null ? axis.max() : range.getMax();
        return new double[] {min, max};
    }

    private static double[] apart(double[] limits) {
        return limits[0] < limits[1] ? limits : new double[] {limits[0] - 1, limits[0] + 1};
    }

    private static double[] widened(double[] limits, double factor) {
        double middle = (limits[0] + limits[1]) / 2;
        double half = (limits[1] - limits[0]) / 2 * Math.max(1, factor);
        return new double[] {middle - half, middle + half};
    }

    private static void setLimits(XYStyler styler, double[] across, double[] up) {
        styler.setXAxisMin(across[0]);
        styler.setXAxisMax(across[1]);
        styler.setYAxisMin(up[0]);
        styler.setYAxisMax(up[1]);
    }

    private void style(XYStyler styler) {
        long names = lines.stream().filter(line -> !line.name().isEmpty()).count();
        styler.setChartBackgroundColor(Color.WHITE);
        styler.setXAxisLogarithmic(x.logarithmic());
        styler.setYAxisLogarithmic(y.logarithmic());
        styler.setXAxisLogarithmicDecadeOnly(false);
        styler.setYAxisLogarithmicDecadeOnly(false);
        styler.setXAxisMin(x.min());
        styler.setXAxisMax(x.max());
        styler.setYAxisMin(y.min());
        styler.setYAxisMax(y.max());
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
        double[] limits = limits(axis, places);
        boolean many = limits[1] / limits[0] > FEW_DECADES;
        return value -> {
            String digits = new BigDecimal(value)
                    .round(new MathContext(2))
                    .stripTrailingZeros()
                    .unscaledValue()
                    .toString();
            return digits.equals("1") || (!many && (digits.equals("2") || digits.equals("5"))) ? number(value) : " ";
        };
    }

    private DoubleSummaryStatistics range(Function<Line, List<Double>> places) {
        return lines.stream()
                .flatMap(line -> places.apply(known(line)).stream())
                .mapToDouble(place -> place)
                .summaryStatistics();
    }

    /** A number as the axes show it: thousands apart, very small and very large ones with an exponent. */
    public static String number(double value) {
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
        if (pen.form() == Form.AREA) {
            series.setXYSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.PolygonArea);
            series.setFillColor(pen.colour());
        } else if (pen.form() == Form.CROSSES) {
            series.setMarker(SeriesMarkers.CROSS);
            series.setMarkerColor(pen.colour());
        } else if (pen.form() == Form.CIRCLES || line.x().size() == 1) {
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
