// Bars with the range of their seeds, drawn by ECharts as SVG.

/** Bars from 0, in the order given, with the range of the seeds and marks beside them; one without a value says why. */
function barOption(plot, size) {
  const rows = plot.bars;
  const narrow = size.width < WIDE;
  const widest = key => Math.ceil(Math.max(...rows.map(row => textWidth(row[key]))));
  const most = Math.floor((narrow ? 0.36 : 0.3) * size.width);
  const left = Math.min(18 + widest("name"), most);
  const margins = { left, right: Math.max(40, Math.min(24 + widest("text"), most)), top: 6, bottom: 48 };
  const x = { ...plot.x, limits: plot.x.limits || { min: 0, max: 1.02 * Math.max(...rows.flatMap(barValues)) } };
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
      axisLabel: { color: theme("ink"), fontSize: 12, lineHeight: 14, interval: 0, formatter: name => shortened(name, left - 14) },
    },
    tooltip: {
      ...TOOLTIP(),
      trigger: "item",
      formatter: item => rows[item.dataIndex].hover,
    },
    series: [marksSeries(x, {}, inner, "xAxis", "end"), barSeries(rows, x, plot.grouped), whiskerSeries(rows), barMarks(rows)],
  };
}

/** A name in two rows at most: the pointer and screen readers find the rest. */
function shortened(name, width) {
  const rows = wrapped(name, width);
  return (rows.length > 2 ? [rows[0], `${rows[1].slice(0, -1)}…`] : rows).join("\n");
}

function barValues(row) {
  return [row.median, row.high, ...(row.marks || []).map(mark => mark.value)].filter(finite);
}

/** Bars of our own, because ECharts' begin at 1 on a logarithmic axis. Labels stand after the whisker, not under it. */
function barSeries(rows, x, grouped) {
  const start = x.log ? x.limits.min : 0;
  const inside = value => Math.min(Math.max(value, x.limits.min), x.limits.max);
  return {
    type: "custom",
    z: 11,
    encode: { x: 0, y: 1 },
    data: rows.map((row, i) => [finite(row.median) ? inside(row.median) : start, i]),
    renderItem: (_, api) => {
      const row = rows[api.value(1)];
      const [end, y] = api.coord([api.value(0), api.value(1)]);
      const [from] = api.coord([inside(start), api.value(1)]);
      const height = api.size([0, 1])[1] * (grouped ? 0.8 : 0.58);
      const label = Math.max(end, from, ...barValues(row).map(value => api.coord([inside(value), api.value(1)])[0]));
      return {
        type: "group",
        children: [
          { type: "rect", shape: { x: Math.min(from, end), y: y - height / 2, width: Math.abs(end - from), height },
            style: { fill: row.colour, opacity: 0.85 } },
          { type: "text", style: { text: row.text, x: label + (finite(row.median) ? 8 : 4), y, verticalAlign: "middle",
            fill: theme("ink"), fontSize: 12, fontFamily: theme("sans") } },
        ],
      };
    },
  };
}

/** Points over bars, as for what theory says of each. */
function barMarks(rows) {
  return {
    type: "scatter",
    silent: true,
    z: 16,
    symbolSize: 10,
    data: rows.flatMap((row, i) => (row.marks || []).map(({ value, colour, symbol }) => ({
      value: [value, i],
      symbol,
      itemStyle: { color: colour, borderColor: theme("paper"), borderWidth: 1 },
    }))),
  };
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
