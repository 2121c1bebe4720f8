// The charts of claims as plots: see study.Chart for what a chart says of itself, plots.js for what a plot is.

/** A line with as many points is thinned to what a screen shows. */
const DENSE = 4000;
const COLUMNS = 700;

/** A line with fewer points marks each of them where it is emphasized. */
const MOST_MARKED = 60;

function plotOf(chart) {
  return chart.layers.some(layer => layer.kind === "bars") ? barPlot(chart) : linePlot(chart);
}

function axisOf({ label, log }) {
  return { name: label + (log ? ", log scale" : ""), log };
}

/** The axis with the limits that a chart sets, and around the points where it sets none; null where there are none. */
function withLimits(axis, given, found) {
  if (!found && !(finite(given.min) && finite(given.max))) return null;
  const limits = { min: given.min ?? found.min, max: given.max ?? found.max };
  return limits.min < limits.max ? { ...axis, limits } : null;
}

function linePlot(chart) {
  const drawn = chart.layers.filter(layer => layer.kind !== "contours");
  const lines = drawn.map(lineOf);
  const contours = chart.layers.filter(layer => layer.kind === "contours").flatMap(contoursOf);
  const plot = { title: chart.title, x: axisOf(chart.x), y: axisOf(chart.y), equal: chart.equal, lines, contours };
  const around = { ...plot, lines: [...lines, ...contours.flatMap(level => level.lines.map(points => ({ points })))] };
  const x = withLimits(plot.x, chart.x, limitsOf(around, 0));
  const y = withLimits(plot.y, chart.y, limitsOf(around, 1));
  if (!x || !y) return null;
  const map = chart.equal || lines.some(line => !ascending(line.points));
  return { ...plot, x, y, map, lines: lines.map(line => (map ? line : thinnedLine(line))) };
}

function lineOf(layer, i) {
  const style = { ...look(i), name: layer.name, points: layer.points.filter(Boolean), label: false };
  if (layer.kind === "points") {
    return { ...style, width: 0, markers: true, size: layer.points.length > 200 ? 5 : 8 };
  }
  const gaps = layer.points.some(point => !point);
  return {
    ...style,
    width: layer.emphasis ? 2.6 : 1.8,
    dash: layer.style === "dashed" ? [7, 5] : style.dash,
    symbol: layer.style === "dashed" ? null : style.symbol,
    markers: layer.emphasis && style.points.length < MOST_MARKED,
    size: 7,
    pieces: gaps ? layer.points.map(point => point || ["-", "-"]) : null,
  };
}

function contoursOf(layer) {
  return layer.levels.map(({ value, lines }, i) => ({ value, lines, colour: ordered(i, layer.levels.length) }));
}

function ascending(points) {
  return points.every(([x], i) => !i || x >= points[i - 1][0]);
}

/** A dense line by the first, lowest, highest and last of its points in each column of the screen. */
function thinnedLine(line) {
  const all = line.pieces || line.points;
  if (all.length < DENSE) return line;
  const kept = [];
  const size = Math.ceil(all.length / COLUMNS);
  for (let from = 0; from < all.length; from += size) {
    const places = all.slice(from, from + size).map((point, k) => ({ k, y: point[1] }));
    const known = places.filter(place => finite(place.y)).sort((a, b) => a.y - b.y);
    const gap = places.find(place => !finite(place.y));
    const chosen = new Set([0, places.length - 1, ...[known[0], known[known.length - 1], gap].filter(Boolean).map(place => place.k)]);
    kept.push(...[...chosen].sort((a, b) => a - b).map(k => all[from + k]));
  }
  return { ...line, pieces: kept };
}

/** A row for each category and layer of bars; the first layer of points lies over the first of bars, and so on. */
function barPlot(chart) {
  const categories = [...new Set(chart.layers.flatMap(layer => layer.points.map(([category]) => category)))];
  const layers = chart.layers.map((layer, i) => ({
    ...layer, ...look(i), values: new Map(layer.points.filter(([, value]) => finite(value))),
  }));
  const bars = layers.filter(layer => layer.kind === "bars");
  const points = layers.filter(layer => layer.kind === "points");
  const middle = (bars.length - 1) >> 1;
  const over = i => points.filter((_, k) => Math.min(k, bars.length - 1) === i);
  const rows = categories.flatMap((category, c) => [
    ...(c && bars.length > 1 ? [{ name: "", text: "", hover: "" }] : []),
    ...bars.map((bar, i) => barRow(category, bar, bars.length > 1, over(i), i === middle)),
  ]);
  const x = axisOf(chart.y);
  const values = rows.flatMap(barValues);
  const limits = chart.y.log ? logLimits(values) : linearLimits([0, ...values]);
  const limited = limits && withLimits(x, chart.y, chart.y.log ? { ...limits, min: limits.min / 1.5 } : limits);
  return values.length && limited ? { title: chart.title, x: limited, bars: rows, grouped: bars.length > 1 } : null;
}

function barRow(category, bar, several, points, named) {
  const value = bar.values.get(category);
  const marks = points.filter(point => point.values.has(category))
    .map(point => ({ value: point.values.get(category), colour: point.colour, symbol: point.symbol, name: point.name }));
  const what = several ? `${category}, ${bar.name}` : category;
  return {
    name: named ? category : "",
    label: what,
    median: value,
    colour: bar.colour,
    text: number(value),
    marks,
    hover: `<b>${escapeHtml(what)}</b><br>${number(value, 5)}`
      + marks.map(mark => `<br>${escapeHtml(mark.name)}: ${number(mark.value, 5)}`).join(""),
  };
}
