// Lines with bands over two axes, and contours, drawn by ECharts as SVG.

const WIDE = 620;

/** Lines over two axes; see plots.js for what a plot says of itself. */
function lineOption(plot, size) {
  const x = { ...plot.x, limits: limitsOf(plot, 0) };
  const y = { ...plot.y, limits: limitsOf(plot, 1) };
  if (!x.limits || !y.limits) return null;
  const labelled = plot.labels && size.width >= WIDE;
  const left = 62;
  const margins = { left, right: labelled ? labelRoom(plot.lines) : plot.crosses ? 18 + 6 * plot.crosses.length : 18, top: 34, bottom: 52 };
  if (plot.equal) makeEqual(margins, size, x.limits, y.limits);
  const inner = { width: size.width - margins.left - margins.right, height: size.height - margins.top - margins.bottom };
  return {
    animation: false,
    textStyle: { fontFamily: theme("sans"), color: theme("ink") },
    grid: margins,
    xAxis: { ...axisOption(x, x.limits), nameLocation: "middle", nameGap: 32 },
    yAxis: {
      ...axisOption(y, y.limits),
      nameLocation: "end",
      nameGap: 14,
      nameTextStyle: { color: theme("muted"), fontSize: 12, align: "left", padding: [0, 0, 0, -left] },
    },
    tooltip: plot.map ? mapTooltip(plot, x, y, inner) : lineTooltip(plot, x, y),
    series: [marksSeries(x, y, inner, "yAxis"), ...(plot.contours ? [contourSeries(plot.contours)] : []), ...plot.lines.flatMap(line => lineSeries(line, plot, { x, y }, labelled)),
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

/** Room for the names at the ends of the lines. */
function labelRoom(lines) {
  return Math.min(240, 24 + 6.8 * Math.max(4, ...lines.filter(line => line.label !== false)
    .map(line => line.name.length + (line.end ? line.end.length + 3 : 0))));
}

/** Limits of an axis (0 is x): the plot's own, or around all points and bands; diverged lines do not stretch them. */
function limitsOf(plot, k) {
  const axis = k ? plot.y : plot.x;
  if (axis.limits) return axis.limits;
  const calm = plot.lines.filter(line => !line.end && !line.faint);
  const values = (calm.length ? calm : plot.lines)
    .flatMap(line => [line.points, line.low || [], line.high || []])
    .flatMap(line => line.map(point => point[k]))
    .concat(k && calm.length ? plot.lines.flatMap(line => line.points.slice(0, 1).map(point => point[1])) : []);
  if (!values.length) return null;
  return axis.log ? logLimits(values) : linearLimits(values, axis.given);
}

function inside(limits, log) {
  return value => value >= limits.min && value <= limits.max && (!log || value > 0);
}

function lineSeries(line, plot, { x, y }, labelled) {
  const shown = line.points.filter(([a, b]) => (!x.log || a > 0) && (!y.log || b > 0));
  const series = [];
  if (line.low && line.low.length > 1) series.push(bandSeries(line, y));
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
    endLabel: {
      show: labelled && line.label !== false && shown.length > 0,
      formatter: () => line.name + (line.end ? ` (${line.end})` : ""),
      color: legible(line.colour),
      fontSize: 12,
      lineHeight: 15,
      textBorderColor: theme("paper"),
      textBorderWidth: 3,
    },
    labelLayout: { moveOverlap: "shiftY" },
  });
  if (line.symbol) series.push(symbolSeries(line, line.marked || thinned(shown, line.markers)));
  if (line.end === "diverged") series.push(crossSeries(line, lastInside(shown, x, y)));
  return series;
}

/** The range of the seeds as an area; a polygon of our own, because stacked areas cannot be drawn on a log axis. */
function bandSeries(line, y) {
  const low = line.low.filter(point => !y.log || point[1] > 0);
  const high = line.high.slice(line.high.length - low.length);
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
  return {
    type: "scatter",
    data,
    silent: true,
    symbol: line.symbol,
    symbolSize: line.size || 8,
    z: 14,
    itemStyle: { color: line.colour, opacity: line.faint ? 0.55 : 1 },
  };
}

/** A cross where a diverged run leaves the plot, or ends. */
function crossSeries(line, last) {
  return {
    type: "scatter",
    data: last ? [last] : [],
    silent: true,
    symbol: CROSS,
    symbolSize: 12,
    z: 15,
    itemStyle: { color: line.colour },
  };
}

/** A cross at the upper edge, for what diverged at a place. */
function topCross({ x, colour, offset }, y) {
  return { ...crossSeries({ colour }, [x, y.limits.max]), symbolOffset: [offset, 8] };
}

/** About seven points along a line, the last among them; all of a line whose points are marked one by one. */
function thinned(line, all) {
  if (all || line.length < 8) return line;
  return Array.from({ length: 7 }, (_, i) => line[Math.round(((i + 1) * (line.length - 1)) / 7)]);
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
  const place = (axis, length) => value => length * (axis.log
    ? Math.log(value / axis.limits.min) / Math.log(axis.limits.max / axis.limits.min)
    : (value - axis.limits.min) / (axis.limits.max - axis.limits.min));
  const [across, up] = [place(x, inner.width), place(y, inner.height)];
  return {
    ...TOOLTIP(),
    trigger: "axis",
    axisPointer: { type: "none" },
    formatter: () => {
      if (!plot.at) return "";
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
    },
  };
}

/** The lines nearest to the pointer at its place, with their values. */
function lineTooltip(plot, x, y) {
  return {
    ...TOOLTIP(),
    trigger: "axis",
    formatter: items => {
      if (!items.length) return "";
      const place = items[0].axisValue;
      const reach = x.log ? Math.log10(x.limits.max / x.limits.min) * 0.04 : (x.limits.max - x.limits.min) * 0.03;
      const distance = value => Math.abs(x.log ? Math.log10(value / place) : value - place);
      const height = value => (y.log ? Math.log10(value) : value);
      const rows = plot.lines.map(line => ({ line, i: nearest(line.points, place) }))
        .filter(({ line, i }) => i >= 0 && distance(line.points[i][0]) <= reach)
        .map(row => ({ ...row, value: row.line.points[row.i][1] }))
        .filter(row => !y.log || row.value > 0)
        .sort((a, b) => Math.abs(height(a.value) - plot.pointer) - Math.abs(height(b.value) - plot.pointer));
      const first = rows.slice(0, 8).sort((a, b) => b.value - a.value);
      const show = y.exact || y.show || (value => measured(value, 4));
      const more = rows.length > first.length ? `, the nearest ${first.length} of ${rows.length} lines` : "";
      return `<b>${escapeHtml(x.name)}: ${(x.show || number)(place)}</b>${more}`
        + first.map(row => tooltipRow(row, show)).join("");
    },
  };
}

function tooltipRow({ line, i, value }, show) {
  const low = line.low && line.low[i];
  const high = line.high && line.high[i];
  const range = low && high && low[1] !== high[1] ? ` (${show(low[1])} to ${show(high[1])})` : "";
  const end = line.end ? `, ${line.end}` : "";
  return `<div class="hover"><i style="background:${line.colour}"></i>${escapeHtml(line.name)}${end}`
    + `<span>${show(value)}${range}</span></div>`;
}
