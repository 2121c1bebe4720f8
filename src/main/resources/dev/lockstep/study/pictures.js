// The charts of claims as plots: see study.Chart for what a chart says of itself, plots.js for what a plot is.

/** A line with as many points is thinned to what a screen shows. */
const DENSE = 4000;
const COLUMNS = 700;

/** A line with fewer points marks each of them where it is emphasized. */
const MOST_MARKED = 60;

/** How many points of another line are marked. */
const MARKS = 7;

/** More points are a cloud, in which each is small and faint. */
const CLOUD = 200;

function plotOf(chart) {
  return chart.layers.some(layer => layer.kind === "bars") ? barPlot(chart) : linePlot(chart);
}

function axisOf({ label, log }) {
  return { name: label + (log ? ", log scale" : ""), log, show: log ? decadeName : number, exact: value => measured(value, 4) };
}

/** Beside a logarithmic axis there is no room for seven digits. */
function decadeName(value) {
  return value >= 1e6 ? value.toExponential().replace("e+", "e") : number(value);
}

/** The axis with the limits that a chart sets, and around the values inside of them where it sets none; null if there are none. */
function withLimits(axis, given, values) {
  const within = values.filter(value => value >= (given.min ?? -Infinity) && value <= (given.max ?? Infinity));
  const found = axis.log ? logLimits(within) : linearLimits(within);
  if (!found && !(finite(given.min) && finite(given.max))) return null;
  const limits = { min: given.min ?? found.min, max: given.max ?? found.max };
  return limits.min < limits.max ? { ...axis, limits } : null;
}

function linePlot(chart) {
  const drawn = chart.layers.filter(layer => layer.kind !== "contours");
  const lines = drawn.map(lineOf);
  const contours = chart.layers.filter(layer => layer.kind === "contours").flatMap(contoursOf);
  const plot = { title: chart.title, x: axisOf(chart.x), y: axisOf(chart.y), equal: chart.equal, lines, contours };
  const points = [...lines.map(line => line.points), ...contours.flatMap(level => level.lines)].flat();
  const x = withLimits(plot.x, chart.x, points.map(point => point[0]));
  const y = withLimits(plot.y, chart.y, points.map(point => point[1]));
  if (!x || !y) return null;
  const map = chart.equal || lines.some(line => !ascending(line.points));
  const looks = lines.map((line, i) => (chart.equal || !ascending(line.points) ? line
    : { ...(map ? line : thinnedLine(line)), marked: markedPoints(line, x, y, (i + 0.5) / lines.length) }));
  return { ...plot, x, y, map, lines: looks };
}

/**
 * Which points of a line carry its symbol: the nearest to places that lie evenly along the axis, shifted a little from line to
 * line, so that lines of one course are seen as several.
 */
function markedPoints(line, x, y, shift) {
  if (line.markers || !line.symbol) return null;
  const place = x.log ? Math.log : value => value;
  const [from, to] = [place(x.limits.min), place(x.limits.max)];
  const found = Array.from({ length: MARKS }, (_, k) => from + ((to - from) * (k + shift)) / MARKS)
    .map(at => nearest(line.points, x.log ? Math.exp(at) : at)).filter(i => i >= 0);
  return [...new Set(found)].map(i => line.points[i]).filter(point => !y.log || point[1] > 0);
}

function lineOf(layer, i) {
  const style = { ...look(i), name: layer.name, points: layer.points.filter(Boolean), label: false };
  if (layer.kind === "points") {
    const cloud = layer.points.length > CLOUD;
    return { ...style, width: 0, markers: true, size: cloud ? 4 : 8, faint: cloud };
  }
  const gaps = layer.points.some(point => !point);
  const bare = layer.style === "dashed" || gaps || (style.points.length < 3 && !layer.emphasis);
  return {
    ...style,
    width: layer.emphasis ? 2.6 : 1.8,
    dash: layer.style === "dashed" ? [7, 5] : style.dash,
    symbol: bare ? null : style.symbol,
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
  const limited = limits && withLimits(x, chart.y, chart.y.log ? [limits.min / 1.5, ...values] : [0, ...values]);
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
