package dev.lockstep.observe;

import dev.lockstep.InputException;
import java.awt.Color;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import javax.imageio.ImageIO;

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
     * @param places names that stand beside it instead of numbers; empty for none
     */
    public record Axis(
            String name,
            boolean logarithmic,
            boolean marked,
            Double min,
            Double max,
            SortedMap<Double, String> places) {
        private static final double AROUND = 0.8;

        public static Axis linear(String name) {
            return new Axis(name, false, true, null, null, new TreeMap<>());
        }

        public static Axis logarithmic(String name) {
            return new Axis(name, true, true, null, null, new TreeMap<>());
        }

        /** An axis of names, as of bars; at least one. */
        public static Axis of(SortedMap<Double, String> places) {
            return new Axis("", false, false, places.firstKey() - AROUND, places.lastKey() + AROUND, places);
        }

        /** The same axis between limits; null leaves one to the points. */
        public Axis between(Double from, Double to) {
            return new Axis(name, logarithmic, marked, from, to, places);
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
     * @param symbol that tells the line from others without its colour; null for none
     */
    public record Pen(Color colour, float width, List<Float> dash, Form form, Symbol symbol) {
        /** A pen without a symbol, or with circles. */
        public Pen(Color colour, float width, List<Float> dash, Form form) {
            this(colour, width, dash, form, form == Form.CIRCLES ? Symbol.CIRCLE : null);
        }
    }

    /** What marks points, in the order in which the page of a study gives them to methods. */
    public enum Symbol {
        CIRCLE(Outline.CIRCLE, false),
        SQUARE(Outline.SQUARE, false),
        TRIANGLE(Outline.TRIANGLE, false),
        DIAMOND(Outline.DIAMOND, false),
        HOLLOW_CIRCLE(Outline.CIRCLE, true),
        HOLLOW_SQUARE(Outline.SQUARE, true),
        HOLLOW_TRIANGLE(Outline.TRIANGLE, true),
        HOLLOW_DIAMOND(Outline.DIAMOND, true);

        private final Outline outline;
        private final boolean hollow;

        Symbol(Outline outline, boolean hollow) {
            this.outline = outline;
            this.hollow = hollow;
        }

        Outline outline() {
            return outline;
        }

        boolean hollow() {
            return hollow;
        }
    }

    /** The outline of a symbol. */
    enum Outline {
        CIRCLE,
        SQUARE,
        TRIANGLE,
        DIAMOND
    }

    /** What is drawn beside a line. */
    public enum Form {
        /** The symbol here and there, if it has one, and where it is one point. */
        PLAIN,
        /** The symbol at each point; as many as do not touch where a line has many. */
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
            List<Line> drawn = lines.stream()
                    .map(this::known)
                    .filter(line -> !line.x().isEmpty())
                    .toList();
            ByteArrayOutputStream png = new ByteArrayOutputStream();
            ImageIO.write(new PlotPicture(this, drawn).drawn(), "png", png);
            return png.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (LinkageError | InternalError e) {
            throw new InputException(
                    "plots: this Java cannot draw text (" + e + "); install fontconfig and a font, or leave plots out",
                    e);
        }
    }

    /** A number beside a plot: thousands apart, very small and very large ones with an exponent. */
    public static String number(double value) {
        return Marks.text(value, "0.######", "0.###E0");
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
