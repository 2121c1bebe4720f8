package dev.lockstep.observe;

import dev.lockstep.InputException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * Lines over a common axis, drawn without a screen.
 *
 * @param title above the plot
 * @param xLabel under it
 * @param yLabel beside it
 * @param logarithmic whether the values are drawn by their logarithms; they must be positive then
 * @param x places, ascending
 * @param lines values by name, as many as places each
 */
public record LinePlot(
        String title,
        String xLabel,
        String yLabel,
        boolean logarithmic,
        List<Double> x,
        Map<String, List<Double>> lines) {
    private static final int WIDTH = 900;
    private static final int HEIGHT = 540;

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
                    .xAxisTitle(xLabel)
                    .yAxisTitle(yLabel)
                    .build();
            chart.getStyler().setYAxisLogarithmic(logarithmic);
            chart.getStyler().setLegendVisible(lines.size() > 1);
            chart.getStyler().setLegendPosition(Styler.LegendPosition.InsideNE);
            lines.forEach((name, values) -> chart.addSeries(name, x, values).setMarker(SeriesMarkers.NONE));
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
}
