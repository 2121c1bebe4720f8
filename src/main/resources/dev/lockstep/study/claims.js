// Puts the page of claims together: its charts when they come near the view, the filter by verdict, the buttons.

const charts = JSON.parse(document.getElementById("summary").textContent);
const drawn = new Map();

/** Draws the chart of a figure, or draws it again; one that is hidden waits. */
function drawFigure(figure) {
  const box = figure.querySelector(".plot");
  if (!box.clientWidth) return;
  let entry = drawn.get(figure);
  if (!entry) {
    entry = { box, chart: null, off: new Set() };
    drawn.set(figure, entry);
  }
  const chart = charts[figure.dataset.claim][figure.dataset.chart];
  const plot = plotOf(chart);
  drawLegend(figure, chart, entry);
  if (!plot) {
    box.classList.add("nothing");
    box.textContent = "Nothing to draw: no point has finite values that these axes take.";
    return;
  }
  box.style.height = `${heightOf(plot, box.clientWidth)}px`;
  box.setAttribute("aria-label", described(plot));
  render(plot.bars ? plot : { ...plot, lines: plot.lines.filter(line => !entry.off.has(line.name)) }, entry);
}

/** A plane is as high as its limits ask, bars as their number; the style sheet says the rest. */
function heightOf(plot, width) {
  if (plot.bars) return 60 + (plot.grouped || plot.bars.length > 12 ? 20 : 30) * plot.bars.length;
  if (!plot.equal) return width < 430 ? 300 : 360;
  const [across, up] = [plot.x, plot.y].map(axis => axis.limits.max - axis.limits.min);
  return Math.round(86 + Math.min(Math.max(((width - 80) * up) / across, 90), Math.max(300, Math.min(width - 80, 440))));
}

/** What each layer is called; lines are switched off and on there, with the limits left as they are. */
function drawLegend(figure, chart, entry) {
  const legend = figure.querySelector(".legend");
  const focused = legend.contains(document.activeElement) ? document.activeElement.textContent : null;
  const bars = chart.layers.some(layer => layer.kind === "bars");
  const drawnLayers = chart.layers.filter(layer => layer.kind !== "contours");
  const items = drawnLayers.map((layer, i) => ({ layer, i })).filter(({ layer }) => layer.name)
    .map(({ layer, i }) => (bars ? element("span", { class: "key" }, barKey(layer, i), layer.name)
      : lineKey(figure, layer, i, entry)));
  const contours = chart.layers.filter(layer => layer.kind === "contours" && layer.levels.length).map(contourKey);
  const needed = items.length + contours.length > 1 || drawnLayers.some(layer => layer.kind === "points");
  legend.replaceChildren(...(needed ? [...items, ...contours] : []).map(item => element("li", {}, item)));
  if (focused) [...legend.querySelectorAll("button")].filter(button => button.textContent === focused).forEach(button => button.focus());
}

function lineKey(figure, layer, i, entry) {
  const press = () => {
    if (!entry.off.delete(layer.name)) entry.off.add(layer.name);
    drawFigure(figure);
  };
  return element("button", { type: "button", "aria-pressed": String(!entry.off.has(layer.name)), onclick: press },
    swatchOf(lineOf(layer, i)), layer.name);
}

function barKey(layer, i) {
  if (layer.kind === "points") return swatchOf({ ...look(i), width: 0 });
  const block = element("i", { class: "block" });
  block.style.background = look(i).colour;
  return block;
}

/** The values of contours, the lowest first. */
function contourKey(layer) {
  const levels = contoursOf(layer);
  const shown = levels.length > 5 ? [levels[0], levels[levels.length >> 1], levels[levels.length - 1]] : levels;
  return element("span", { class: "key" }, `${layer.name || "contours"}:`, shown.flatMap(({ value, colour }) => {
    const line = element("i");
    line.style.background = colour;
    return [line, number(value, 2)];
  }));
}

function drawAll() {
  for (const figure of document.querySelectorAll("figure[data-claim]")) drawFigure(figure);
}

/** Draws each figure when it comes near. */
function watchFigures() {
  const near = new IntersectionObserver(entries => {
    for (const entry of entries) {
      if (entry.isIntersecting && !drawn.has(entry.target)) drawFigure(entry.target);
    }
  }, { rootMargin: "600px" });
  document.querySelectorAll("figure[data-claim]").forEach(figure => near.observe(figure));
}

function redraw() {
  for (const figure of drawn.keys()) drawFigure(figure);
}

/** Shows the claims with one verdict, or all for null. */
function filter(verdict) {
  for (const button of document.querySelectorAll("#verdicts button")) {
    button.setAttribute("aria-pressed", String((button.dataset.verdict || null) === verdict));
  }
  for (const claim of document.querySelectorAll("[data-of]")) claim.hidden = verdict !== null && claim.dataset.of !== verdict;
  for (const part of document.querySelectorAll("[data-part]")) part.hidden = !part.querySelector("[data-of]:not([hidden])");
  const all = document.querySelectorAll("article[data-of]");
  const shown = [...all].filter(claim => !claim.hidden).length;
  document.getElementById("shown").textContent = verdict === null ? "" : `${shown} of ${all.length} claims are shown.`;
}

/** A link to a claim that is filtered away shows all. */
function reveal() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (target && target.closest("[hidden]")) {
    filter(null);
    target.scrollIntoView();
  }
}

async function copy(button) {
  const command = button.parentElement.querySelector("code");
  try {
    await navigator.clipboard.writeText(command.textContent);
  } catch (error) {
    getSelection().selectAllChildren(command);
    document.execCommand("copy");
  }
  button.textContent = "copied";
  setTimeout(() => { button.textContent = "copy"; }, 2000);
}

/** Paper is narrower than a window: everything is drawn anew for it, and back. */
function print(onPaper) {
  document.body.classList.toggle("paper", onPaper);
  drawAll();
}

function start() {
  document.querySelectorAll("#verdicts button").forEach(button => button.addEventListener("click", () => {
    const pressed = button.getAttribute("aria-pressed") === "true";
    filter(pressed ? null : button.dataset.verdict || null);
  }));
  document.querySelectorAll(".copy").forEach(button => {
    button.hidden = false;
    button.addEventListener("click", () => copy(button));
  });
  addEventListener("hashchange", reveal);
  addEventListener("beforeprint", () => print(true));
  addEventListener("afterprint", () => print(false));
  let width = innerWidth;
  addEventListener("resize", () => {
    if (innerWidth !== width) {
      width = innerWidth;
      redraw();
    }
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
  watchFigures();
}

start();
