package dev.lockstep.study;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.observe.Json;
import dev.lockstep.observe.LinePlot;
import java.awt.Color;
import java.util.List;

/**
 * Colours, dashes and symbols of methods, the same in the page and in the PNGs: no two of the first 24 methods share two of
 * them.
 *
 * <p>The colours are Okabe and Ito's, told apart by people with any kind of colour blindness, with a grey in place of their
 * yellow, which is too faint on white.
 */
final class Palette {
    private static final List<String> COLOURS =
            List.of("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000", "#7D7D7D");
    private static final List<List<Float>> DASHES = List.of(List.of(), List.of(9f, 4f), List.of(2f, 3f));

    /** From dark to light, for what has an order: a part of Viridis. */
    private static final List<Color> SEQUENCE =
            List.of(Color.decode("#440154"), Color.decode("#365c8d"), Color.decode("#1fa187"), Color.decode("#a0c92c"));

    private static final float WIDTH = 1.8f;

    private Palette() {}

    /** What the page's scripts read. */
    static ObjectNode json() {
        ObjectNode json = Json.object();
        COLOURS.forEach(json.putArray("colours")::add);
        ArrayNode dashes = json.putArray("dashes");
        DASHES.forEach(dash -> dash.forEach(dashes.addArray()::add));
        json.set("reach", Reach.json());
        return json;
    }

    /** The colour of a method. */
    static Color colour(int method) {
        return Color.decode(COLOURS.get(method % COLOURS.size()));
    }

    /** The line of a method. */
    static LinePlot.Pen pen(int method) {
        return new LinePlot.Pen(colour(method), WIDTH, dash(method), LinePlot.Form.PLAIN, symbol(method));
    }

    /** The line of a method without its symbol. */
    static LinePlot.Pen plain(int method) {
        return new LinePlot.Pen(colour(method), WIDTH, dash(method), LinePlot.Form.PLAIN);
    }

    /** The line of a run that diverged. */
    static LinePlot.Pen lost(Color colour) {
        return new LinePlot.Pen(faint(colour, 150), 1.4f, List.of(3f, 3f), LinePlot.Form.PLAIN);
    }

    /** The line of a method, each of whose points is marked. */
    static LinePlot.Pen marked(int method) {
        return new LinePlot.Pen(colour(method), WIDTH, dash(method), LinePlot.Form.CIRCLES, symbol(method));
    }

    /** Points of a method without a line. */
    static LinePlot.Pen dots(int method) {
        return new LinePlot.Pen(colour(method), 0, List.of(), LinePlot.Form.CIRCLES, symbol(method));
    }

    /** A limit of a method. */
    static LinePlot.Pen limit(int method) {
        return new LinePlot.Pen(colour(method), 1.5f, List.of(2f, 4f), LinePlot.Form.PLAIN);
    }

    /** A thin line beside a method's own, for the edge of a band. */
    static LinePlot.Pen edge(int method) {
        return new LinePlot.Pen(faint(colour(method), 90), 1, List.of(), LinePlot.Form.PLAIN);
    }

    /** What lies between the edges of a method's band. */
    static LinePlot.Pen band(int method) {
        return new LinePlot.Pen(faint(colour(method), 45), 1, List.of(), LinePlot.Form.AREA);
    }

    /** Where a run of a method diverged. */
    static LinePlot.Pen cross(int method) {
        return cross(colour(method));
    }

    /** The same, of any colour. */
    static LinePlot.Pen cross(Color colour) {
        return new LinePlot.Pen(colour, 0, List.of(), LinePlot.Form.CROSSES);
    }

    private static Color faint(Color whole, int opacity) {
        return new Color(whole.getRed(), whole.getGreen(), whole.getBlue(), opacity);
    }

    /** The i-th of so many lines in order. */
    static LinePlot.Pen ordered(int i, int count) {
        return new LinePlot.Pen(inOrder(i, count), 1.3f, List.of(), LinePlot.Form.PLAIN, symbol(i));
    }

    /** The same, for lines that are many. */
    static LinePlot.Pen thin(int i, int count) {
        return new LinePlot.Pen(inOrder(i, count), 1, List.of(), LinePlot.Form.PLAIN);
    }

    private static Color inOrder(int i, int count) {
        double place = count < 2 ? 0 : (double) i / (count - 1) * (SEQUENCE.size() - 1);
        int below = (int) place;
        Color from = SEQUENCE.get(below);
        Color to = SEQUENCE.get(Math.min(below + 1, SEQUENCE.size() - 1));
        double share = place - below;
        return new Color(
                mixed(from.getRed(), to.getRed(), share),
                mixed(from.getGreen(), to.getGreen(), share),
                mixed(from.getBlue(), to.getBlue(), share));
    }

    private static int mixed(int from, int to, double share) {
        return (int) Math.round(from * (1 - share) + to * share);
    }

    /** Shifted by one whenever the colours begin again. */
    private static LinePlot.Symbol symbol(int method) {
        LinePlot.Symbol[] symbols = LinePlot.Symbol.values();
        return symbols[(method + method / COLOURS.size()) % symbols.length];
    }

    private static List<Float> dash(int method) {
        return DASHES.get(method / COLOURS.size() % DASHES.size());
    }
}
