package dev.lockstep.observe;

import dev.lockstep.observe.LinePlot.Form;
import dev.lockstep.observe.LinePlot.Line;
import dev.lockstep.observe.LinePlot.Pen;
import dev.lockstep.observe.LinePlot.Symbol;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.Shape;
import java.awt.geom.AffineTransform;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.IntFunction;

/**
 * Draws a {@link LinePlot}: texts are measured, so that no two marks touch and no name is cut; lines end at the frame, with
 * an arrow where one leaves it at the top and a cross where a run diverged.
 */
final class PlotPicture {
    private static final int WIDTH = 900;
    private static final int HEIGHT = 540;
    private static final int TOP = 40;
    private static final int BOTTOM = 56;
    private static final int EDGE = 16;
    private static final int LEGEND = 270;
    private static final int LABELS = 330;
    private static final int SWATCH = 34;
    private static final int ROW = 17;
    private static final int MOST_MARKS = 13;
    private static final double SYMBOL = 4.2;

    /** A range as small as that beside its values is rounding. */
    private static final double SAME = 1e-9;

    /** Pixels between symbols of a line whose points are marked one by one, and of one that is marked here and there. */
    private static final double NEAR = 12;

    private static final double FAR = 100;
    private static final double OUTSIDE = 20_000;
    private static final Color INK = new Color(0x16191d);
    private static final Color MUTED = new Color(0x56606b);
    private static final Color RULE = new Color(0x8a939c);
    private static final Color GRID = new Color(0xe4e8eb);
    private static final Font TEXT = new Font(Font.SANS_SERIF, Font.PLAIN, 12);
    private static final Font TITLE = new Font(Font.SANS_SERIF, Font.BOLD, 15);
    private static final Pen USUAL = new Pen(new Color(0x0072b2), 1.8f, List.of(), Form.PLAIN);
    private static final Pen SECOND = new Pen(new Color(0xd55e00), 1.8f, List.of(9f, 4f), Form.PLAIN);

    private final LinePlot plot;
    private final List<Line> lines;
    private final BufferedImage image = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
    private final Graphics2D graphics = image.createGraphics();
    private final FontMetrics metrics = graphics.getFontMetrics(TEXT);
    private Scale x;
    private Scale y;
    private Rectangle2D frame;

    /** @param lines those points of the plot's lines that its axes take */
    PlotPicture(LinePlot plot, List<Line> lines) {
        this.plot = plot;
        this.lines = lines;
        x = scale(plot.x(), Line::x);
        y = scale(plot.y(), Line::y);
    }

    /** An axis with its limits; a share of 0 lies at one end of the frame and 1 at the other. */
    private record Scale(LinePlot.Axis axis, double from, double to) {
        double share(double value) {
            // The ratio of two limits may be beyond a double's range.
            return axis.logarithmic()
                    ? (Math.log(value) - Math.log(from)) / (Math.log(to) - Math.log(from))
                    : (value - from) / (to - from);
        }

        Scale widened(double factor) {
            double middle = (from + to) / 2;
            double half = (to - from) / 2 * Math.max(1, factor);
            return new Scale(axis, middle - half, middle + half);
        }
    }

    private interface Places {
        List<Double> of(Line line);
    }

    /** The limits of an axis, or those of the points with a little air. */
    private Scale scale(LinePlot.Axis axis, Places places) {
        double least = Double.POSITIVE_INFINITY;
        double most = Double.NEGATIVE_INFINITY;
        for (Line line : lines) {
            for (double place : places.of(line)) {
                least = Math.min(least, place);
                most = Math.max(most, place);
            }
        }
        if (least > most) {
            least = axis.logarithmic() ? 1 : 0;
            most = 1;
        }
        most = axis.max() != null ? axis.max() : most;
        if (axis.logarithmic()) {
            double range = Math.log(most) - Math.log(least);
            double air = Math.exp(Math.max(0.04 * range, (Math.log(2) - range) / 2));
            return new Scale(
                    axis,
                    axis.min() != null ? axis.min() : Math.max(least / air, Double.MIN_NORMAL),
                    axis.max() != null ? axis.max() : Math.min(most * air, Double.MAX_VALUE));
        }
        boolean zero = least >= 0 && least < 0.4 * most && !plot.equal();
        double range = most - least > SAME * Math.abs(most) ? most - least : Math.max(Math.abs(most), 1);
        double from = axis.min() != null ? axis.min() : zero ? 0 : least - 0.04 * range;
        return new Scale(axis, from, axis.max() != null ? axis.max() : most + 0.04 * range);
    }

    BufferedImage drawn() {
        graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        graphics.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        graphics.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
        graphics.setColor(Color.WHITE);
        graphics.fillRect(0, 0, WIDTH, HEIGHT);
        List<Line> named = lines.stream().filter(line -> !line.name().isEmpty()).toList();
        setFrame(named.size() > 1 ? named : List.of());
        axes();
        titles();
        legend(named.size() > 1 ? named : List.of());
        Shape whole = graphics.getClip();
        graphics.setClip(frame);
        for (int i = 0; i < lines.size(); i++) {
            course(lines.get(i), pen(i));
        }
        graphics.setClip(whole);
        for (int i = 0; i < lines.size(); i++) {
            symbols(lines.get(i), pen(i), (i + 0.5) / lines.size());
        }
        graphics.dispose();
        return image;
    }

    private Pen pen(int i) {
        Pen pen = lines.get(i).pen();
        return pen != null ? pen : i == 0 ? USUAL : SECOND;
    }

    /** Leaves room for the marks and the names, and makes units alike if asked to. */
    private void setFrame(List<Line> named) {
        int legend = 0;
        for (Line line : named) {
            for (String part : wrapped(line.name(), LEGEND)) {
                legend = Math.max(legend, SWATCH + 12 + metrics.stringWidth(part) + EDGE);
            }
        }
        int marks = 0;
        for (String mark : verticalMarks(HEIGHT - TOP - BOTTOM).values()) {
            for (String part : wrapped(mark, LABELS)) {
                marks = Math.max(marks, metrics.stringWidth(part));
            }
        }
        int left = EDGE + (plot.y().marked() ? ROW + 6 : 0) + marks + 8;
        frame = new Rectangle2D.Double(left, TOP, WIDTH - left - Math.max(EDGE, legend), HEIGHT - TOP - BOTTOM);
        if (plot.equal()) {
            double across = frame.getWidth() / (x.to() - x.from());
            double up = frame.getHeight() / (y.to() - y.from());
            x = x.widened(across / up);
            y = y.widened(up / across);
        }
    }

    private SortedMap<Double, String> verticalMarks(double height) {
        if (!plot.y().places().isEmpty()) {
            return plot.y().places();
        }
        return labelled(y, most -> true, Math.max(2, (int) (height / 34)));
    }

    private SortedMap<Double, String> horizontalMarks() {
        return labelled(x, most -> apart(labelled(x, any -> true, most)), MOST_MARKS);
    }

    /** The most marks that fit. */
    private static SortedMap<Double, String> labelled(Scale scale, IntFunction<Boolean> fits, int most) {
        int count = most;
        while (count > 2 && !fits.apply(count)) {
            count--;
        }
        SortedMap<Double, String> marks = new TreeMap<>();
        if (scale.axis().marked()) {
            List<Double> places = scale.axis().logarithmic()
                    ? Marks.logarithmic(scale.from(), scale.to(), count)
                    : Marks.linear(scale.from(), scale.to(), count);
            places.forEach(place -> marks.put(place, Marks.label(place)));
        }
        return marks;
    }

    private boolean apart(SortedMap<Double, String> marks) {
        double end = Double.NEGATIVE_INFINITY;
        for (var mark : marks.entrySet()) {
            double half = metrics.stringWidth(mark.getValue()) / 2.0;
            if (across(mark.getKey()) - half < end + NEAR) {
                return false;
            }
            end = across(mark.getKey()) + half;
        }
        return true;
    }

    private double across(double value) {
        return frame.getMinX() + frame.getWidth() * x.share(value);
    }

    private double up(double value) {
        return frame.getMaxY() - frame.getHeight() * y.share(value);
    }

    private void axes() {
        graphics.setFont(TEXT);
        graphics.setStroke(new BasicStroke(1));
        horizontalMarks().forEach((place, label) -> {
            double at = across(place);
            rule(at, frame.getMinY(), at, frame.getMaxY(), GRID);
            rule(at, frame.getMaxY(), at, frame.getMaxY() + 4, RULE);
            text(label, at - metrics.stringWidth(label) / 2.0, frame.getMaxY() + 18, MUTED);
        });
        boolean places = !plot.y().places().isEmpty();
        verticalMarks(frame.getHeight()).forEach((place, label) -> {
            double at = up(place);
            if (!places) {
                rule(frame.getMinX(), at, frame.getMaxX(), at, GRID);
                rule(frame.getMinX() - 4, at, frame.getMinX(), at, RULE);
            }
            List<String> parts = wrapped(label, LABELS);
            double base = at + 4 - (parts.size() - 1) * ROW / 2.0;
            for (String part : parts) {
                text(part, frame.getMinX() - 8 - metrics.stringWidth(part), base, places ? INK : MUTED);
                base += ROW;
            }
        });
        graphics.setColor(RULE);
        graphics.draw(frame);
    }

    private void rule(double x1, double y1, double x2, double y2, Color colour) {
        graphics.setColor(colour);
        graphics.draw(new Line2D.Double(x1, y1, x2, y2));
    }

    private void text(String text, double left, double base, Color colour) {
        graphics.setColor(colour);
        graphics.drawString(text, (float) left, (float) base);
    }

    private void titles() {
        graphics.setFont(TITLE);
        double middle = frame.getCenterX();
        double half = graphics.getFontMetrics().stringWidth(plot.title()) / 2.0;
        text(plot.title(), Math.max(EDGE, Math.min(middle, WIDTH - EDGE - half) - half), TOP - 14, INK);
        graphics.setFont(TEXT);
        text(name(plot.x()), middle - metrics.stringWidth(name(plot.x())) / 2.0, HEIGHT - EDGE, INK);
        AffineTransform upright = graphics.getTransform();
        graphics.rotate(-Math.PI / 2, EDGE + 10, frame.getCenterY());
        String beside = name(plot.y());
        text(beside, EDGE + 10 - metrics.stringWidth(beside) / 2.0, frame.getCenterY(), INK);
        graphics.setTransform(upright);
    }

    private static String name(LinePlot.Axis axis) {
        return axis.name() + (axis.logarithmic() && !axis.name().isEmpty() ? ", log scale" : "");
    }

    private void legend(List<Line> named) {
        double left = frame.getMaxX() + 12;
        double base = frame.getMinY() + ROW - 3;
        for (Line line : named) {
            List<String> parts = wrapped(line.name(), LEGEND);
            if (base + ROW * parts.size() > HEIGHT - EDGE) {
                text("…", left + SWATCH + 6, base, MUTED);
                return;
            }
            Pen pen = pen(lines.indexOf(line));
            double middle = base - 4;
            if (pen.width() > 0) {
                graphics.setStroke(stroke(pen));
                graphics.setColor(pen.colour());
                graphics.draw(new Line2D.Double(left, middle, left + SWATCH, middle));
            }
            if (pen.form() == Form.CROSSES) {
                cross(left + SWATCH / 2.0, middle, pen.colour());
            } else if (pen.symbol() != null) {
                symbol(pen, left + SWATCH / 2.0, middle);
            }
            for (String part : parts) {
                text(part, left + SWATCH + 6, base, INK);
                base += ROW;
            }
        }
    }

    /** A text in pieces not longer than so many pixels, broken at spaces where it has some. */
    private List<String> wrapped(String text, int width) {
        List<String> parts = new ArrayList<>();
        String rest = text;
        while (metrics.stringWidth(rest) > width) {
            int end = rest.length();
            while (metrics.stringWidth(rest.substring(0, end)) > width) {
                end--;
            }
            int space = rest.lastIndexOf(' ', end);
            int cut = space > 0 ? space : end;
            parts.add(rest.substring(0, cut));
            rest = rest.substring(cut).strip();
        }
        parts.add(rest);
        return parts;
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

    /** The line itself, or the area. */
    private void course(Line line, Pen pen) {
        if (pen.form() != Form.AREA && pen.width() == 0) {
            return;
        }
        Path2D path = new Path2D.Double();
        for (int i = 0; i < line.x().size(); i++) {
            double a = across(line.x().get(i));
            // A stroke is dashed along all of its length, also far outside.
            double b = Math.max(-OUTSIDE, Math.min(OUTSIDE, up(line.y().get(i))));
            if (i == 0) {
                path.moveTo(a, b);
            } else {
                path.lineTo(a, b);
            }
        }
        graphics.setColor(pen.colour());
        if (pen.form() == Form.AREA) {
            path.closePath();
            graphics.fill(path);
        } else {
            graphics.setStroke(stroke(pen));
            graphics.draw(path);
        }
    }

    private void symbols(Line line, Pen pen, double shift) {
        if (pen.form() == Form.AREA) {
            return;
        }
        if (pen.form() == Form.CROSSES) {
            for (int i = 0; i < line.x().size(); i++) {
                cross(across(line.x().get(i)), edge(line.y().get(i)), pen.colour());
            }
            return;
        }
        if (pen.symbol() != null || line.x().size() == 1) {
            for (int i : marked(line, pen, shift)) {
                double b = up(line.y().get(i));
                if (b >= frame.getMinY() - 1 && b <= frame.getMaxY() + 1) {
                    symbol(pen, across(line.x().get(i)), b);
                }
            }
        }
        leaves(line, pen);
    }

    /** The height of a value, within the frame. */
    private double edge(double value) {
        return Math.min(Math.max(up(value), frame.getMinY() + 7), frame.getMaxY());
    }

    /** Which points carry a symbol: all of a cloud or a path, else so many that they do not touch. */
    private List<Integer> marked(Line line, Pen pen, double shift) {
        List<Integer> marked = new ArrayList<>();
        boolean each = pen.form() == Form.CIRCLES;
        boolean all = pen.width() == 0 || plot.equal() || !ascending(line.x());
        double next = across(line.x().get(0)) + (each ? 0 : shift * FAR);
        int last = line.x().size() - 1;
        for (int i = 0; i <= last; i++) {
            double at = across(line.x().get(i));
            if (all || at >= next) {
                marked.add(i);
                next = each ? at + NEAR : Math.max(next + FAR, at + NEAR);
            }
        }
        double end = across(line.x().get(last));
        if (marked.isEmpty() || end - across(line.x().get(marked.get(marked.size() - 1))) >= NEAR) {
            marked.add(last);
        }
        return marked;
    }

    private static boolean ascending(List<Double> places) {
        for (int i = 1; i < places.size(); i++) {
            if (places.get(i) < places.get(i - 1)) {
                return false;
            }
        }
        return true;
    }

    /** An arrow where a line leaves the frame at the top for the first time, unless a cross says more. */
    private void leaves(Line line, Pen pen) {
        for (int i = 0; i < line.y().size(); i++) {
            double over = up(line.y().get(i));
            if (pen.width() > 0 && over < frame.getMinY() - 1) {
                double at = across(line.x().get(i));
                if (i > 0) {
                    double before = up(line.y().get(i - 1));
                    double share = (before - frame.getMinY()) / (before - over);
                    at = across(line.x().get(i - 1)) * (1 - share) + at * share;
                }
                if (!crossed(at, pen.colour())) {
                    graphics.setColor(pen.colour());
                    double top = frame.getMinY();
                    graphics.fill(closed(at - 5, top + 10, at, top + 1, at + 5, top + 10));
                }
                return;
            }
        }
    }

    private boolean crossed(double at, Color colour) {
        for (Line line : lines) {
            if (line.pen() != null
                    && line.pen().form() == Form.CROSSES
                    && line.pen().colour().getRGB() == (colour.getRGB() | 0xff000000)) {
                for (double place : line.x()) {
                    if (Math.abs(across(place) - at) < 2 * NEAR) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    private void cross(double a, double b, Color colour) {
        graphics.setColor(colour);
        graphics.setStroke(new BasicStroke(2));
        graphics.draw(new Line2D.Double(a - 5, b - 5, a + 5, b + 5));
        graphics.draw(new Line2D.Double(a - 5, b + 5, a + 5, b - 5));
    }

    private void symbol(Pen pen, double a, double b) {
        Symbol symbol = pen.symbol() == null ? Symbol.CIRCLE : pen.symbol();
        Shape shape = switch (symbol.outline()) {
            case CIRCLE -> new Ellipse2D.Double(a - SYMBOL, b - SYMBOL, 2 * SYMBOL, 2 * SYMBOL);
            case SQUARE -> new Rectangle2D.Double(a - 3.8, b - 3.8, 7.6, 7.6);
            case TRIANGLE -> closed(a - 5, b + 4, a, b - 5, a + 5, b + 4);
            case DIAMOND -> closed(a, b - 5.4, a + 4.6, b, a, b + 5.4, a - 4.6, b);
        };
        graphics.setColor(symbol.hollow() ? Color.WHITE : pen.colour());
        graphics.fill(shape);
        graphics.setColor(pen.colour());
        graphics.setStroke(new BasicStroke(1.5f));
        graphics.draw(shape);
    }

    private static Path2D closed(double... places) {
        Path2D path = new Path2D.Double();
        path.moveTo(places[0], places[1]);
        for (int i = 2; i < places.length; i += 2) {
            path.lineTo(places[i], places[i + 1]);
        }
        path.closePath();
        return path;
    }
}
