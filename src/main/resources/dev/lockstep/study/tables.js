// The tables of methods and of runs: sorted by a button in each header, as screen readers and keyboards expect.

/** What a target costs. */
const MEASURES = [
  { key: "passes", name: "passes", show: passes },
  { key: "seconds", name: "time", show: duration },
];

/** A column: its header, what a row shows (text or nodes), what it is sorted by; numbers stand right. */
function column(key, header, show, sortBy, text = "") {
  return { key, header, show, sortBy, text };
}

function drawTable(place, name, caption, columns, rows, redraw) {
  const sort = view.sort[name];
  const by = sort && columns.find(each => each.key === sort.key);
  const sorted = by ? [...rows].sort((a, b) => compare(by.sortBy(a), by.sortBy(b), sort.down)) : rows;
  const focused = place.contains(document.activeElement) ? document.activeElement.id : null;
  const box = place.querySelector(".scroll");
  const scrolled = box ? box.scrollLeft : 0;
  place.replaceChildren(element("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": caption },
    element("table", { id: `table-${name}` },
      element("caption", {}, caption),
      element("thead", {}, element("tr", {}, columns.map(each => headerCell(each, name, sort, redraw)))),
      element("tbody", {}, sorted.map(row => element("tr", { class: row.state || null }, columns.map((each, i) =>
        element(i ? "td" : "th", { scope: i ? null : "row", class: each.text || null }, each.show(row)))))))));
  place.querySelector(".scroll").scrollLeft = scrolled;
  if (focused && document.getElementById(focused)) document.getElementById(focused).focus({ preventScroll: true });
}

function headerCell(each, name, sort, redraw) {
  const active = sort && sort.key === each.key;
  const press = () => {
    view.sort[name] = { key: each.key, down: active ? !sort.down : false };
    redraw();
  };
  return element("th", {
    scope: "col",
    class: each.text || null,
    "aria-sort": active ? (sort.down ? "descending" : "ascending") : "none",
  },
  element("button", { type: "button", id: `sort-${name}-${each.key}`, onclick: press },
    each.header, element("span", { class: "arrow", "aria-hidden": "true" }, `\u00a0${active ? (sort.down ? "▼" : "▲") : "↕"}`)));
}

/** Unknown values come last in either direction. */
function compare(a, b, down) {
  const missing = value => value === null || value === undefined || Number.isNaN(value);
  if (missing(a) || missing(b)) return Number(missing(a)) - Number(missing(b));
  const order = typeof a === "number" && typeof b === "number" ? a - b : String(a).localeCompare(String(b), "en", { numeric: true });
  return down ? -order : order;
}

function drawMethods(summary, redraw) {
  const place = document.getElementById("methods-table");
  if (!place || !(summary.methods || []).length) return;
  const metrics = metricKeys(summary.methods.map(method => method.validation));
  const columns = [
    column("method", "optimizer", method => [swatch(method.id), " " + method.label], method => method.label, "text"),
    column("setting", "best setting", bestSetting, method => method.bestLearningRate, "text"),
    column("final-loss", "final training loss", method => spreadCell(method.finalLoss), method => (method.finalLoss || {}).median),
    ...metrics.map(key => column(key, `best validation ${metricLabel(key)}`,
      method => spreadCell((method.validation || {})[key], isShare(key) ? percent : measured),
      method => ((method.validation || {})[key] || {}).median)),
    ...(summary.asked.targets || []).flatMap(target => MEASURES.map(({ key, name, show }) => column(
      `${key}-to-${target.id}`, `${name} to ${target.label}`, method => reachedCell(method, target, key, show),
      method => (((method.targets || {})[target.id] || {})[key] || {}).median))),
    column("sensitivity", "sensitivity to the learning rate", method => textOf(method.sensitivity),
      method => (method.sensitivity || {}).decades, "text long"),
    column("rate", "rate of convergence", rateText, method => (method.rate || {}).value, "text long"),
    column("trouble", "runs diverged, failed", troubleText, method => (method.diverged || 0) + (method.failed || 0), "text"),
  ];
  drawTable(place, "methods", "Optimizers, best first; ranges are over the seeds", withData(columns, summary.methods),
    summary.methods, redraw);
}

/** Leaves out the columns in which no row says anything. */
function withData(columns, rows) {
  return columns.filter((each, i) => i === 0 || rows.some(row => each.show(row) !== NONE));
}

function metricKeys(validations) {
  return [...new Set(validations.flatMap(each => Object.keys(each || {})))];
}

function bestSetting(method) {
  const parts = Object.entries(method.bestSetting || {}).map(([key, value]) => `${key} ${value}`.replace(/[- ]/g, "\u00a0"));
  return parts.join(", ") || NONE;
}

function textOf(node) {
  return (node && node.text) || NONE;
}

/** The median, and below it the range of the seeds. */
function spreadCell(triple, show = measured, remark = "") {
  if (!triple || !finite(triple.median)) return NONE;
  const below = [range(triple, show), remark].filter(Boolean).join("; ");
  return below ? [show(triple.median), element("small", {}, below)] : show(triple.median);
}

function reachedCell(method, target, key, show) {
  const reached = (method.targets || {})[target.id];
  if (!reached || !reached.of) return NONE;
  const count = reached.reached < reached.of ? `${reached.reached} of ${reached.of} runs` : "";
  if (!reached.reached) return missed(reached);
  if (finite((reached[key] || {}).median)) return spreadCell(reached[key], show, count);
  const text = [range(reached[key] || {}, show), count].filter(Boolean).join("; ");
  return [missed(reached), element("small", {}, text)];
}

function rateText(each) {
  if (!each.rate) return NONE;
  return finite(each.rate.theory) ? `${each.rate.text}; theory: ${number(each.rate.theory)}` : textOf(each.rate);
}

/** Longer remarks are cut after two rows, so that all rows of a table are low. */
const LONG = 90;

/** A remark whose rest is shown when it has the focus, and by the pointer. */
function remark(text) {
  return text.length > LONG ? element("div", { class: "remark", tabindex: "0", title: text }, text) : text;
}

function troubleText(method) {
  const parts = [];
  if (method.diverged) parts.push(`${method.diverged} diverged`);
  if (method.failed) parts.push(`${method.failed} failed`);
  return parts.join(", ") || NONE;
}

function drawRuns(summary, redraw) {
  const place = document.getElementById("runs-table");
  const metrics = metricKeys(summary.runs.map(run => run.validation));
  const columns = [
    column("name", "run", run => run.name, run => run.name, "text"),
    column("state", "state", run => element("span", { class: `state ${run.state}` }, run.state), run => run.state, "text"),
    column("final-loss", "final training loss", run => measured(run.finalLoss, 4), run => run.finalLoss),
    column("best-loss", "best training loss", run => measured(run.bestLoss, 4), run => run.bestLoss),
    ...metrics.flatMap(key => ["final", "best"].map(when => column(`${when}-${key}`, `${when} validation ${metricLabel(key)}`,
      run => (isShare(key) ? percent : measured)(((run.validation || {})[key] || {})[when], 4),
      run => ((run.validation || {})[key] || {})[when]))),
    ...(summary.asked.targets || []).flatMap(target => MEASURES.map(({ key, name, show }) => column(
      `${key}-to-${target.id}`, `${name} to ${target.label}`, run => runReached(run, target, key, show),
      run => ((run.targets || {})[target.id] || {})[key]))),
    column("steps", "steps", run => integer(run.steps), run => run.steps),
    column("passes", "passes", run => passes(run.passes), run => run.passes),
    column("seconds", "training time", run => duration(run.seconds), run => run.seconds),
    column("bytes", "bytes moved", run => byteCount(run.bytes), run => run.bytes),
    column("rate", "rate of convergence", run => remark(rateText(run)), run => (run.rate || {}).value, "text long"),
    column("why", "why it ended", run => remark(whyEnded(run)), run => run.stopReason, "text long"),
  ];
  const wanted = view.filter.toLowerCase().split(/\s+/).filter(Boolean);
  const rows = summary.runs.filter(run => {
    const text = [run.name, run.state, run.stopReason, ...Object.values(run.varied || {})].join(" ").toLowerCase();
    return wanted.every(word => text.includes(word));
  });
  drawTable(place, "runs", `Runs, best first: ${rows.length} of ${summary.runs.length}`, withData(columns, summary.runs), rows, redraw);
}

function runReached(run, target, key, show) {
  const reached = (run.targets || {})[target.id];
  if (reached) return show(reached[key]);
  return ["waiting", "running", "stopped"].includes(run.state) ? "not yet" : "not reached";
}

function whyEnded(run) {
  return [run.stopMessage || run.stopReason, run.advice].filter(Boolean).join("; ") || NONE;
}
