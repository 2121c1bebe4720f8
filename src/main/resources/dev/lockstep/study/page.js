// Puts the page together, and draws it again when a switch is turned, the window changes or new data arrives.

let summary = JSON.parse(document.getElementById("summary").textContent);
const drawn = new Map();

/** The figure of a plot, made once and used again. */
function figureOf(plot) {
  let entry = drawn.get(plot.id);
  if (!entry) {
    const box = element("div", { class: "plot" });
    const caption = element("figcaption");
    const figure = element("figure", { id: `plot-${plot.id}`, class: plot.wide ? "wide" : plot.small ? "small" : null },
      element("h3"), box, caption);
    entry = { figure, box, caption, chart: null };
    drawn.set(plot.id, entry);
  }
  return entry;
}

function drawPlot(plot) {
  const entry = figureOf(plot);
  entry.figure.querySelector("h3").textContent = plot.title;
  entry.caption.textContent = plot.caption || "";
  entry.caption.hidden = !plot.caption;
  if (plot.bars) entry.box.style.height = `${60 + 30 * plot.bars.length}px`;
  entry.box.setAttribute("aria-label", described(plot));
  document.querySelector(`#${plot.section} .plots`).append(entry.figure);
  return entry;
}

function drawPlots() {
  const plots = allPlots(summary, view);
  const kept = new Set(plots.map(plot => plot.id));
  for (const [id, entry] of drawn) {
    if (!kept.has(id)) {
      if (entry.chart) entry.chart.dispose();
      entry.figure.remove();
      drawn.delete(id);
    }
  }
  for (const section of document.querySelectorAll(".plot-section")) {
    section.hidden = !plots.some(plot => plot.section === section.id);
  }
  const entries = plots.map(plot => [plot, drawPlot(plot)]);
  drawRateKey(plots);
  entries.forEach(([plot, entry]) => render(plot, entry));
  document.getElementById("no-plots").hidden = plots.length > 0;
  drawHidden();
  drawUnreached(plots);
}

/** Names the targets that have no plot because no run reached them. */
function drawUnreached(plots) {
  const missing = (summary.asked.targets || []).filter(target => !plots.some(plot => plot.id === `passes-to-${target.id}`));
  const place = document.getElementById("unreached");
  place.textContent = missing.length ? `No best setting that is shown reached ${missing.map(target => target.label).join(" or ")}.` : "";
  place.hidden = !missing.length;
  if (missing.length && summary.state !== "running") document.getElementById("targets").hidden = false;
}

/** The colours of the learning rates, once for all small plots. */
function drawRateKey(plots) {
  const place = document.getElementById("rate-key");
  const small = plots.find(plot => plot.key);
  place.hidden = !small;
  place.replaceChildren(...(small ? [element("span", {}, "Learning rate:"), ...small.key.map(({ text, ...line }) =>
    element("span", { class: "key" }, swatchOf(line), text)), element("span", { class: "key" }, "✕ diverged")] : []));
}

/** Says how many diverged runs the plots of best settings leave out. */
function drawHidden() {
  const place = document.getElementById("hidden-runs");
  const best = new Set((summary.methods || []).flatMap(method => method.best));
  const out = view.all ? 0 : summary.runs.filter(run => run.state === "diverged" && !best.has(run.name)).length;
  place.textContent = view.all ? "One line a run; ✕ marks where a run diverged."
    : "Line: median over the seeds of each optimizer's best setting; area: lowest to highest."
      + (out ? ` ${out === 1 ? "1 diverged run is" : `${out} diverged runs are`} among all runs.` : "");
  if (goesBeyond(summary) && !view.whole) {
    place.textContent += ` Losses and gradients are shown up to ${view.log ? REACH.log : REACH.linear} times their first values; `
      + "▲ marks where a line goes on above.";
  }
  place.hidden = summary.runs.length < 2 && !goesBeyond(summary);
}

function drawState() {
  const { state, progress } = summary;
  const ended = progress && state === "running" ? `: ${progress.ended} of ${progress.runs} runs ended` : "";
  document.getElementById("state").className = `pill ${state}`;
  document.getElementById("state").textContent = state + ended;
  const paragraphs = (summary.answer || []).map(text => element("p", {}, text.replace(/ %/g, "\u00a0%")));
  document.getElementById("answer").replaceChildren(...(paragraphs.length ? paragraphs
    : [element("p", {}, state === "running" ? "No run has got far enough for an answer yet." : "There is no answer.")]));
  document.getElementById("notes").replaceChildren(...(summary.notes || []).map(text => element("li", {}, text)));
}

function drawTables() {
  drawMethods(summary, drawTables);
  drawRuns(summary, drawTables);
}

function drawAll() {
  drawState();
  drawSwitches(summary, drawPlots);
  drawPlots();
  drawTables();
}

/** Asks for newer data as long as the study runs. */
async function watch() {
  const lost = document.getElementById("lost");
  try {
    const answer = await fetch("data.json", { cache: "no-store" });
    if (!answer.ok) throw new Error(answer.status);
    const text = await answer.text();
    if (text !== watch.last) {
      watch.last = text;
      summary = JSON.parse(text);
      drawAll();
    }
    lost.hidden = true;
  } catch (error) {
    lost.hidden = false;
  }
  if (summary.state === "running") setTimeout(watch, 3000);
}

function start() {
  const filter = document.getElementById("filter");
  if (filter) {
    filter.addEventListener("input", () => {
      view.filter = filter.value;
      drawRuns(summary, drawTables);
    });
  }
  wireDownloads(() => summary);
  drawAll();
  let width = innerWidth;
  addEventListener("resize", () => {
    if (innerWidth !== width) {
      width = innerWidth;
      drawPlots();
    }
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawAll);
  if (summary.state === "running" && location.protocol.startsWith("http")) setTimeout(watch, 3000);
}

start();
