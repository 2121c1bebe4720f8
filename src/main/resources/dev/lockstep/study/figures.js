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
    walkable(entry);
  }
  entry.chart.resize();
  entry.plot = plot;
  entry.step = null;
  const option = (plot.bars ? barOption : lineOption)(plot, size);
  if (!option) return;
  const { limits, ...drawn } = option;
  entry.limits = limits;
  entry.chart.setOption(drawn, { notMerge: true });
}

/** At most so many places of a plot are walked through. */
const STEPS = 60;

/** Makes a plot one that arrow keys walk through, showing and saying what the pointer shows; Escape leaves it. */
function walkable(entry) {
  const { box } = entry;
  box.tabIndex = 0;
  // Screen readers hand their arrow keys to an application, and to nothing less.
  box.setAttribute("role", "application");
  box.setAttribute("aria-roledescription", "plot, arrow keys walk through it");
  box.addEventListener("keydown", event => {
    const forward = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    const end = { Home: 0, End: Infinity }[event.key];
    if (event.key === "Escape") {
      leave(entry);
      box.blur();
    } else if ((forward || end !== undefined) && !event.altKey && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      walk(entry, step => (end !== undefined ? end : step === null ? (forward > 0 ? 0 : Infinity) : step + forward));
    }
  });
  box.addEventListener("blur", () => leave(entry));
}

function leave(entry) {
  entry.step = null;
  entry.chart.dispatchAction({ type: "hideTip" });
  entry.chart.dispatchAction({ type: "updateAxisPointer", currTrigger: "leave" });
  said().textContent = "";
}

/** Where new words are read aloud, when the reader has time for them. */
function said() {
  if (!said.place) {
    said.place = element("p", { id: "said", class: "unseen", "aria-live": "polite" });
    document.body.append(said.place);
  }
  return said.place;
}

/** Goes to a place of the plot, the next one or another, and shows what is there. */
function walk(entry, next) {
  const places = entry.plot.bars ? entry.plot.bars.map((bar, i) => i).filter(i => entry.plot.bars[i].hover) : placesOf(entry);
  if (!places.length) return;
  entry.step = Math.min(Math.max(next(entry.step), 0), places.length - 1);
  const at = places[entry.step];
  if (entry.plot.bars) {
    entry.chart.dispatchAction({ type: "showTip", seriesIndex: 1, dataIndex: at });
    said().textContent = spoken(entry.plot.bars[at].hover);
    return;
  }
  const { x, y } = entry.limits;
  entry.plot.at = at;
  entry.plot.pointer = y.log ? Math.log10(at[1]) : at[1];
  const [left, top] = entry.chart.convertToPixel({ xAxisIndex: 0, yAxisIndex: 0 }, at);
  entry.chart.dispatchAction({ type: "showTip", x: left, y: top });
  const show = entry.plot.map ? mapHover : lineHover;
  said().textContent = spoken(show(entry.plot, x, y, at[0]));
}

/** The places of all lines that are within the frame, from left to right; of a plane, all points along the lines. */
function placesOf(entry) {
  const { x, y } = entry.limits;
  const points = entry.plot.lines.flatMap(line => line.points).filter(([a, b]) => inside(x.limits, x.log)(a) && inside(y.limits, y.log)(b));
  const across = place(x, entry.box.clientWidth);
  const kept = [];
  for (const point of entry.plot.map ? points : points.sort((a, b) => a[0] - b[0])) {
    const last = kept[kept.length - 1];
    if (!last || entry.plot.map || across(point[0]) - across(last[0]) >= entry.box.clientWidth / STEPS) kept.push(point);
  }
  return kept;
}

/** What a plot shows at the pointer, as a sentence. */
function spoken(html) {
  const holder = element("template");
  holder.innerHTML = html.replace(/<br>|<\/b>|<\/div>/g, "; ").replace(/<span>/g, ": ");
  return holder.content.textContent.replace(/(;\s*)+/g, "; ").replace(/[;\s]+$/, "");
}

/** Remembers the place of the pointer, and its height in the units in which lines are apart. */
function follow(entry, event) {
  if (entry.plot.bars) return;
  const at = entry.chart.convertFromPixel({ xAxisIndex: 0, yAxisIndex: 0 }, [event.offsetX, event.offsetY]);
  entry.plot.at = at;
  entry.plot.pointer = entry.plot.y.log ? Math.log10(at[1]) : at[1];
}
