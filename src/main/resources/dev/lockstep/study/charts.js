// Lines with bands over two axes, and contours, drawn by ECharts as SVG.

const WIDE = 620;

/** Lines over two axes; see plots.js for what a plot says of itself. */
function lineOption(plot, size) {
  const x = { ...plot.x, limits: limitsOf(plot, 0) };
  const y = { ...plot.y, limits: limitsOf(plot, 1) };
  if (!x.limits || !y.limits) return null;
  const labelled = plot.labels && size.width >= WIDE;
  const names = labelled ? namesOf(plot, 0.3 * size.width) : [];
  const right = labelled ? 42 + Math.max(0, ...names.map(name => name.width)) : 18 + (plot.crosses ? 6 * plot.crosses.length : 0);
  const margins = { left: 62, right, top: 34, bottom: 52 };
  const height = size.height - margins.top - margins.bottom;
  margins.left = Math.max(62, ...marksUp(y, height).map(({ text }) => Math.ceil(textWidth(text)) + 14));
  const left = margins.left;
  if (plot.equal) makeEqual(margins, size, x.limits, y.limits);
  const inner = { width: size.width - margins.left - margins.right, height: size.height - margins.top - margins.bottom };
  return {
    animation: false,
    textStyle: { fontFamily: theme("sans"), color: theme("ink") },
    grid: margins,
    xAxis: { ...axisOption(x, x.limits), nameLocation: "middle", nameGap: 34 },
    yAxis: {
      ...axisOption(y, y.limits),
      nameLocation: "end",
      nameGap: 14,
      nameTextStyle: { color: theme("muted"), fontSize: 12, align: "left", padding: [0, 0, 0, -left] },
    },
    tooltip: plot.map ? mapTooltip(plot, x, y, inner) : lineTooltip(plot, x, y),
    limits: { x, y },
    graphic: labels(names, y, margins, size),
    series: [marksSeries(x, y, inner, "yAxis"), ...(plot.contours ? [contourSeries(plot.contours)] : []),
      ...plot.lines.flatMap((line, i) => lineSeries(line, plot, { x, y }, inner, (i + 0.5) / plot.lines.length)),
      ...(plot.crosses || []).map(cross => topCross(cross, y))],
  };
}

/** Widens the margins until a unit is as long on both axes. */
function makeEqual(margins, size, x, y) {
  const [across, up] = [x.max - x.min, y.max - y.min];
  const [width, height] = [size.width - margins.left - margins.right, size.height - margins.top - margins.bottom];
  const unit = Math.min(width / across, height / up);
  margins.left += (width - unit * across) / 2;
  margins.right += (width - unit * across) / 2;
  margins.bottom += height - unit * up;
}

/** The names of lines in rows not wider than so many pixels, each with the height at which its line ends. */
function namesOf(plot, width) {
  return plot.lines.filter(line => line.label !== false && line.points.length).map(line => {
    const rows = wrapped(line.name + (line.end ? ` (${line.end})` : ""), width);
    return { line, rows, width: Math.max(...rows.map(textWidth)), end: line.points[line.points.length - 1][1] };
  });
}

const ROW = 15;

/** The names beside the frame, near the ends of their lines and never over each other, with a piece of the line. */
function labels(names, y, margins, size) {
  const [top, bottom] = [margins.top, size.height - margins.bottom];
  const up = place(y, bottom - top);
  const inside = value => Math.min(Math.max(Number.isFinite(value) ? value : 0, 0), bottom - top);
  const placed = names.map(name => ({ ...name, at: bottom - inside(up(name.end)), height: ROW * name.rows.length }))
    .sort((a, b) => a.at - b.at);
  let free = top - 4;
  for (const name of placed) {
    name.top = Math.max(free, name.at - name.height / 2);
    free = name.top + name.height;
  }
  let floor = bottom + 4;
  for (const name of [...placed].reverse()) {
    name.top = Math.min(name.top, floor - name.height);
    floor = name.top;
  }
  const left = size.width - margins.right + 8;
  return placed.filter(name => name.top >= top - 8).flatMap(({ line, rows, top: at }) => [
    ...swatchElements(line, left, at + ROW / 2),
    ...rows.map((text, i) => ({
      type: "text",
      silent: true,
      z: 20,
      style: { text, x: left + 27, y: at + ROW * i + ROW / 2, verticalAlign: "middle", fill: legible(line.colour), fontSize: 12,
        fontFamily: theme("sans") },
    })),
  ]);
}

/** A piece of a line with its symbol, as graphic elements of a plot. */
function swatchElements({ colour, dash, symbol, width }, left, y) {
  const hollow = symbol && symbol.startsWith("empty");
  const kind = symbol ? symbol.replace("empty", "").toLowerCase() : "";
  const style = { fill: hollow ? theme("paper") : colour, stroke: colour, lineWidth: 1.5 };
  const middle = left + 11;
  const polygon = points => ({ type: "polygon", shape: { points: points.map(([a, b]) => [middle + a, y + b]) } });
  const shape = {
    circle: { type: "circle", shape: { cx: middle, cy: y, r: 3.5 } },
    rect: { type: "rect", shape: { x: middle - 3.5, y: y - 3.5, width: 7, height: 7 } },
    triangle: polygon([[0, -4.5], [4.2, 3.5], [-4.2, 3.5]]),
    diamond: polygon([[0, -5], [4, 0], [0, 5], [-4, 0]]),
  }[kind];
  return [
    ...(width === 0 ? [] : [{ type: "line", silent: true, shape: { x1: left, y1: y, x2: left + 22, y2: y },
      style: { stroke: colour, lineWidth: 2, lineDash: dash || null } }]),
    ...(shape ? [{ ...shape, silent: true, z: 20, style }] : []),
  ];
}

/**
 * Limits of an axis (0 is x): the plot's own, or around all points and bands. Diverged lines do not stretch them, and where
 * the plot says with which values its runs began, lines are cut far above those.
 */
function limitsOf(plot, k) {
  const axis = k ? plot.y : plot.x;
  if (axis.limits) return axis.limits;
  const calm = plot.lines.filter(line => !line.end && !line.faint);
  const all = plot.whole || !calm.length;
  const values = (all ? plot.lines : calm)
    .flatMap(line => [line.points, line.low || [], line.high || []])
    .flatMap(line => line.map(point => point[k]))
    .concat(k && !all ? plot.lines.flatMap(line => line.points.slice(0, 1).map(point => point[1])) : [])
    .concat(k ? [] : (plot.crosses || []).map(cross => cross.x));
  if (!values.length) return null;
  const most = k && plot.firsts && !plot.whole ? mostOf(plot.firsts, axis.log) : Infinity;
  const shown = values.filter(value => value <= most);
  if (shown.length === values.length || !shown.length) return axis.log ? logLimits(values) : linearLimits(values, axis.given);
  const limits = axis.log ? logLimits(shown) : linearLimits(shown, axis.given);
  return limits && { min: limits.min, max: most };
}

/** How far an axis reaches: a multiple of the largest of the values with which runs began, as study.Reach says. */
function mostOf(firsts, log) {
  const known = firsts.filter(value => finite(value) && value > 0);
  if (!known.length) return Infinity;
  const usual = known.filter(value => value <= REACH.strange * median(known));
  return Math.max(...usual) * (log ? REACH.log : REACH.linear);
}

function inside(limits, log) {
  return value => value >= limits.min && value <= limits.max && (!log || value > 0);
}

function lineSeries(line, plot, { x, y }, inner, shift) {
  const shown = line.points.filter(([a, b]) => (!x.log || a > 0) && (!y.log || b > 0));
  const series = [];
  if (line.low && line.low.length > 1) series.push(bandSeries(line, x, y));
  series.push({
    type: "line",
    name: line.name,
    data: line.pieces || shown,
    showSymbol: false,
    silent: true,
    step: line.step || false,
    clip: true,
    z: line.end ? 12 : 13,
    itemStyle: { color: line.colour },
    lineStyle: {
      color: line.colour,
      width: line.width ?? (plot.wide ? 2 : 1.6),
      type: line.dash || "solid",
      opacity: line.faint ? 0.55 : 1,
    },
  });
  if (line.symbol) series.push(symbolSeries(line, line.marked || marked(line, shown, plot, x, inner.width, shift)));
  const out = plot.map ? null : exit(shown, x, y);
  if (line.end === "diverged") series.push(crossSeries(line, out || lastInside(shown, x, y), out && 7));
  else if (out) series.push(arrowSeries(line, out));
  return series;
}

/** The range of the seeds as an area; a polygon of our own, because stacked areas cannot be drawn on a log axis. */
function bandSeries(line, x, y) {
  const known = line.low.map((_, i) => i)
    .filter(i => (!x.log || line.low[i][0] > 0) && (!y.log || (line.low[i][1] > 0 && line.high[i][1] > 0)));
  const [low, high] = [known.map(i => line.low[i]), known.map(i => line.high[i])];
  return {
    type: "custom",
    silent: true,
    clip: true,
    z: 11,
    data: [0],
    encode: { x: -1, y: -1 },
    renderItem: (_, api) => ({
      type: "polygon",
      shape: { points: [...low, ...[...high].reverse()].map(point => api.coord(point)) },
      style: { fill: line.colour, opacity: 0.16 },
    }),
  };
}

function symbolSeries(line, data) {
  const hollow = line.symbol.startsWith("empty");
  return {
    type: "scatter",
    data,
    silent: true,
    symbol: hollow ? line.symbol.charAt(5).toLowerCase() + line.symbol.slice(6) : line.symbol,
    symbolSize: line.size || 8,
    z: 14,
    itemStyle: { color: hollow ? theme("paper") : line.colour, borderColor: line.colour, borderWidth: hollow ? 2 : 0,
      opacity: line.faint ? 0.55 : 1 },
  };
}

/** A cross where a diverged run leaves the plot, or ends; so many pixels below that place. */
function crossSeries(line, last, below) {
  return {
    type: "scatter",
    data: last ? [last] : [],
    silent: true,
    symbol: CROSS,
    symbolSize: 12,
    symbolOffset: [0, below || 0],
    z: 15,
    itemStyle: { color: line.colour },
  };
}

/** An arrow where a line leaves the plot at the top. */
function arrowSeries(line, out) {
  return { ...crossSeries(line, out, 6), symbol: "triangle", symbolSize: [10, 9] };
}

/** Where a line leaves the plot at the top for the first time; null if it does not. */
function exit(line, x, y) {
  const top = y.limits.max * (y.log ? 1 + 1e-9 : 1) + (y.log ? 0 : 1e-9 * (y.limits.max - y.limits.min));
  const i = line.findIndex(([a, b]) => b > top && inside(x.limits, x.log)(a));
  if (i < 0) return null;
  const [a, b] = line[i];
  if (!i || line[i - 1][1] > top) return [a, y.limits.max];
  const [before, under] = line[i - 1];
  const share = y.log ? Math.log(y.limits.max / under) / Math.log(b / under) : (y.limits.max - under) / (b - under);
  return [x.log ? before * (a / before) ** share : before + (a - before) * share, y.limits.max];
}

/** A cross at the upper edge, for what diverged at a place. */
function topCross({ x, colour, offset }, y) {
  return { ...crossSeries({ colour }, [x, y.limits.max]), symbolOffset: [offset, 8], name: "diverged" };
}

/** Pixels between the symbols of a line whose points are marked one by one, and of others at most. */
const NEAR = 14;
const FAR = 100;

/**
 * The points of a line that carry its symbol: all of a path or a cloud, else as many as do not touch, or a few whose places
 * differ from line to line; the last among them.
 */
function marked(line, shown, plot, x, width, shift) {
  if (!shown.length || line.width === 0 || (plot.map && line.markers)) return shown;
  const at = place(x, width);
  const far = Math.min(FAR, width / 5);
  const chosen = [];
  let next = at(shown[0][0]) + (line.markers ? 0 : shift * far);
  for (const point of shown) {
    if (at(point[0]) >= next) {
      chosen.push(point);
      next = line.markers ? at(point[0]) + NEAR : Math.max(next + far, at(point[0]) + NEAR);
    }
  }
  const last = shown[shown.length - 1];
  if (!chosen.length || at(last[0]) - at(chosen[chosen.length - 1][0]) >= NEAR) chosen.push(last);
  return chosen;
}

function lastInside(line, x, y) {
  const fitsX = inside(x.limits, x.log);
  const fitsY = inside(y.limits, y.log);
  return line.filter(([a, b]) => fitsX(a) && fitsY(b)).pop();
}

/** Contours {lines, colour}, below all lines. */
function contourSeries(levels) {
  return {
    type: "custom",
    silent: true,
    clip: true,
    z: 10,
    data: [0],
    encode: { x: -1, y: -1 },
    renderItem: (_, api) => ({
      type: "group",
      children: levels.flatMap(({ lines, colour }) => lines.map(line => ({
        type: "polyline",
        shape: { points: line.map(point => api.coord(point)) },
        style: { stroke: colour, fill: "none", lineWidth: 1 },
      }))),
    }),
  };
}

const TOOLTIP = () => ({
  confine: true,
  backgroundColor: theme("paper"),
  borderColor: theme("rule"),
  textStyle: { color: theme("ink"), fontSize: 13 },
});

/** The point of a plane that is nearest to the pointer, if one is near: which of its line, and where. */
function mapTooltip(plot, x, y, inner) {
  plot.inner = inner;
  return { ...TOOLTIP(), trigger: "axis", axisPointer: { type: "none" }, formatter: () => mapHover(plot, x, y) };
}

function mapHover(plot, x, y) {
  if (!plot.at) return "";
  const [across, up] = [place(x, plot.inner.width), place(y, plot.inner.height)];
  const best = { distance: 24 };
  for (const line of plot.lines) {
    line.points.forEach((point, i) => {
      const distance = Math.hypot(across(point[0]) - across(plot.at[0]), up(point[1]) - up(plot.at[1]));
      if (distance < best.distance) Object.assign(best, { distance, line, point, i });
    });
  }
  if (!best.line) return "";
  const which = best.line.width === 0 ? "" : `, point ${integer(best.i + 1)} of ${integer(best.line.points.length)}`;
  return `<div class="hover"><i style="background:${best.line.colour}"></i>${escapeHtml(best.line.name)}${which}</div>`
    + `${escapeHtml(x.name)}: ${number(best.point[0], 5)}<br>${escapeHtml(y.name)}: ${number(best.point[1], 5)}`;
}

/** The lines nearest to the pointer at its place, with their values. */
function lineTooltip(plot, x, y) {
  return {
    ...TOOLTIP(),
    trigger: "axis",
    formatter: items => (items.length ? lineHover(plot, x, y, items[0].axisValue) : ""),
  };
}

function lineHover(plot, x, y, at) {
  const reach = x.log ? Math.log10(x.limits.max / x.limits.min) * 0.04 : (x.limits.max - x.limits.min) * 0.03;
  const distance = value => Math.abs(x.log ? Math.log10(value / at) : value - at);
  const height = value => (y.log ? Math.log10(value) : value);
  const rows = plot.lines.map(line => ({ line, i: nearest(line.points, at) }))
    .filter(({ line, i }) => i >= 0 && distance(line.points[i][0]) <= reach)
    .map(row => ({ ...row, value: row.line.points[row.i][1] }))
    .filter(row => !y.log || row.value > 0)
    .sort((a, b) => Math.abs(height(a.value) - plot.pointer) - Math.abs(height(b.value) - plot.pointer));
  const first = rows.slice(0, 8).sort((a, b) => b.value - a.value);
  const show = y.exact || y.show || (value => measured(value, 4));
  const more = rows.length > first.length ? `, the nearest ${first.length} of ${rows.length} lines` : "";
  return `<b>${escapeHtml(x.name)}: ${(x.show || number)(at)}</b>${more}`
    + first.map(row => tooltipRow(row, show)).join("");
}

function tooltipRow({ line, i, value }, show) {
  const low = line.low && line.low[i];
  const high = line.high && line.high[i];
  const range = low && high && low[1] !== high[1] ? ` (${show(low[1])} to ${show(high[1])})` : "";
  const end = line.end ? `, ${line.end}` : "";
  return `<div class="hover"><i style="background:${line.colour}"></i>${escapeHtml(line.name)}${end}`
    + `<span>${show(value)}${range}</span></div>`;
}
