// A plot in its box: drawn by ECharts, said in words, and followed by the pointer.

/** A plot in words, for those who cannot see it. */
function described(plot) {
  if (plot.bars) {
    const bars = plot.bars.filter(bar => bar.text);
    return `${plot.title}. ${bars.map(bar => `${bar.label || bar.name}: ${bar.text}`).join("; ")}`;
  }
  const show = plot.y.show || number;
  const ends = plot.lines.filter(line => line.points.length).slice(0, 24).map(line => {
    const [x, y] = line.points[line.points.length - 1];
    return `${line.name}${line.end ? ` (${line.end})` : ""} ends at ${plot.map ? `(${number(x)}, ${show(y)})` : show(y)}`;
  });
  return `${plot.title}: ${plot.y.name} against ${plot.x.name}. ${ends.join("; ")}`;
}

/** Draws a plot into an entry {box, chart}, whose chart it makes when there is none yet. */
function render(plot, entry) {
  const size = { width: entry.box.clientWidth, height: entry.box.clientHeight };
  if (!entry.chart) {
    entry.chart = echarts.init(entry.box, null, { renderer: "svg" });
    entry.chart.getZr().on("mousemove", event => follow(entry, event));
  }
  entry.chart.resize();
  entry.plot = plot;
  const option = (plot.bars ? barOption : lineOption)(plot, size);
  if (option) entry.chart.setOption(option, { notMerge: true });
}

/** Remembers the place of the pointer, and its height in the units in which lines are apart. */
function follow(entry, event) {
  if (entry.plot.bars) return;
  const at = entry.chart.convertFromPixel({ xAxisIndex: 0, yAxisIndex: 0 }, [event.offsetX, event.offsetY]);
  entry.plot.at = at;
  entry.plot.pointer = entry.plot.y.log ? Math.log10(at[1]) : at[1];
}
