// Two kinds of plots, drawn by ECharts as SVG: lines with bands over two axes, and bars with the range of their seeds.

const WIDE = 620;

/** Lines over two axes; see plots.js for what a plot says of itself. */
function lineOption(plot, size) {
  const x = { ...plot.x, limits: limitsOf(plot, 0) };
  const y = { ...plot.y, limits: limitsOf(plot, 1) };
  if (!x.limits || !y.limits) return null;
  const labelled = plot.labels && size.width >= WIDE;
  const margins = { left: 62, right: labelled ? labelRoom(plot.lines) : plot.crosses ? 18 + 6 * plot.crosses.length : 18, top: 34, bottom: 52 };
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
      nameTextStyle: { color: theme("muted"), fontSize: 12, align: "left", padding: [0, 0, 0, -margins.left] },
    },
    tooltip: lineTooltip(plot, x, y),
    series: [marksSeries(x, y, inner, "yAxis"), ...plot.lines.flatMap(line => lineSeries(line, plot, { x, y }, labelled)),
      ...(plot.crosses || []).map(cross => topCross(cross, y))],
  };
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
    data: shown,
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
  if (line.symbol) series.push(symbolSeries(line, thinned(shown, line.markers)));
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
    symbolSize: 8,
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

/** The lines nearest to the pointer at its place, with their values. */
function lineTooltip(plot, x, y) {
  return {
    trigger: "axis",
    confine: true,
    backgroundColor: theme("paper"),
    borderColor: theme("rule"),
    textStyle: { color: theme("ink"), fontSize: 13 },
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

/** Bars from 0, one a method, fewest first, with the range of the seeds; a method without a value says why. */
function barOption(plot, size) {
  const rows = plot.bars;
  const values = rows.flatMap(row => [row.median, row.high]).filter(finite);
  const max = Math.max(...values) * 1.02;
  const narrow = size.width < WIDE;
  const margins = { left: narrow ? 120 : 150, right: narrow ? 96 : 130, top: 6, bottom: 48 };
  const x = { name: plot.x.name, limits: { min: 0, max } };
  const inner = { width: size.width - margins.left - margins.right };
  return {
    animation: false,
    textStyle: { fontFamily: theme("sans"), color: theme("ink") },
    grid: margins,
    xAxis: { ...axisOption(x, x.limits), nameLocation: "middle", nameGap: 30, axisLine: { show: false } },
    yAxis: {
      type: "category",
      inverse: true,
      data: rows.map(row => row.name),
      axisLine: { lineStyle: { color: theme("rule") } },
      axisTick: { show: false },
      axisLabel: { color: theme("ink"), fontSize: 12, width: margins.left - 12, overflow: "break", interval: 0 },
    },
    tooltip: {
      trigger: "item",
      confine: true,
      backgroundColor: theme("paper"),
      borderColor: theme("rule"),
      textStyle: { color: theme("ink"), fontSize: 13 },
      formatter: item => rows[item.dataIndex].hover,
    },
    series: [marksSeries(x, {}, inner, "xAxis", "end"), barSeries(rows), whiskerSeries(rows)],
  };
}

function barSeries(rows) {
  return {
    type: "bar",
    z: 11,
    barWidth: "58%",
    data: rows.map(row => ({
      value: finite(row.median) ? row.median : 0,
      itemStyle: { color: row.colour, opacity: 0.85 },
      label: { show: true, position: "right", distance: finite(row.median) ? 8 : 4, formatter: () => row.text },
    })),
    label: { color: theme("ink"), fontSize: 12 },
    labelLayout: item => labelPlace(rows[item.dataIndex], item),
  };
}

/** Labels stand after the whisker, not under it. */
function labelPlace(row, item) {
  if (!finite(row.high) || !finite(row.median) || row.median <= 0) return {};
  return { dx: ((row.high - row.median) / row.median) * item.rect.width };
}

function whiskerSeries(rows) {
  return {
    type: "custom",
    silent: true,
    z: 15,
    encode: { x: [0, 1], y: 2 },
    data: rows.flatMap((row, i) => (finite(row.high) && row.high > row.low ? [[row.low, row.high, i]] : [])),
    renderItem: (_, api) => {
      const [x0, y] = api.coord([api.value(0), api.value(2)]);
      const [x1] = api.coord([api.value(1), api.value(2)]);
      const stroke = (a, b, c, d) => ({
        type: "line",
        shape: { x1: a, y1: b, x2: c, y2: d },
        style: { stroke: theme("ink"), lineWidth: 1.5 },
      });
      return { type: "group", children: [stroke(x0, y, x1, y), stroke(x0, y - 4, x0, y + 4), stroke(x1, y - 4, x1, y + 4)] };
    },
  };
}
