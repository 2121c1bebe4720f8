// The tables of methods and of runs: sorted by a button in each header, as screen readers and keyboards expect.

/** A column: its header, what a row shows (text or nodes), what it is sorted by; numbers stand right. */
function column(key, header, show, sortBy, text = false) {
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
        element(i ? "td" : "th", { scope: i ? null : "row", class: each.text ? "text" : null }, each.show(row)))))))));
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
    class: each.text ? "text" : null,
    "aria-sort": active ? (sort.down ? "descending" : "ascending") : "none",
  },
  element("button", { type: "button", id: `sort-${name}-${each.key}`, onclick: press },
    each.header, element("span", { class: "arrow", "aria-hidden": "true" }, active ? (sort.down ? " ▼" : " ▲") : " ↕")));
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
    column("method", "optimizer", method => [swatch(method.id), " " + method.label], method => method.label, true),
    column("setting", "best setting", bestSetting, method => method.bestLearningRate, true),
    column("final-loss", "final training loss", method => spread(method.finalLoss), method => (method.finalLoss || {}).median),
    ...metrics.map(key => column(key, `best validation ${metricLabel(key)}`,
      method => spread((method.validation || {})[key], isShare(key) ? percent : number),
      method => ((method.validation || {})[key] || {}).median)),
    ...(summary.asked.targets || []).map(target => column(`to-${target.id}`, `to ${target.label}: passes, time`,
      method => reachedCell((method.targets || {})[target.id]),
      method => ((((method.targets || {})[target.id] || {}).passes) || {}).median)),
    column("sensitivity", "how wide the choice of learning rate is", method => textOf(method.sensitivity),
      method => (method.sensitivity || {}).decades, true),
    column("rate", "rate of convergence", rateText, method => (method.rate || {}).value, true),
    column("trouble", "runs diverged, failed", troubleText, method => (method.diverged || 0) + (method.failed || 0), true),
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
  const parts = Object.entries(method.bestSetting || {}).map(([key, value]) => `${key.replace(/-/g, " ")} ${value}`);
  return parts.join(", ") || NONE;
}

function textOf(node) {
  return (node && node.text) || NONE;
}

function reachedCell(reached) {
  if (!reached || !reached.of) return NONE;
  if (!reached.reached) return "not reached";
  const count = reached.reached < reached.of ? `, ${reached.reached} of ${reached.of} runs` : "";
  return [spread(reached.passes), element("small", {}, spread(reached.seconds, duration) + count)];
}

function rateText(each) {
  if (!each.rate) return NONE;
  return finite(each.rate.theory) ? `${each.rate.text}; theory: ${number(each.rate.theory)}` : textOf(each.rate);
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
    column("name", "run", run => run.name, run => run.name, true),
    column("state", "state", run => element("span", { class: `state ${run.state}` }, run.state), run => run.state, true),
    column("final-loss", "final training loss", run => number(run.finalLoss, 4), run => run.finalLoss),
    column("best-loss", "best training loss", run => number(run.bestLoss, 4), run => run.bestLoss),
    ...metrics.flatMap(key => ["final", "best"].map(when => column(`${when}-${key}`, `${when} validation ${metricLabel(key)}`,
      run => (isShare(key) ? percent : number)(((run.validation || {})[key] || {})[when], 4),
      run => ((run.validation || {})[key] || {})[when]))),
    ...(summary.asked.targets || []).map(target => column(`to-${target.id}`, `to ${target.label}: passes, time`,
      run => runReached(run, target), run => ((run.targets || {})[target.id] || {}).passes)),
    column("steps", "steps", run => integer(run.steps), run => run.steps),
    column("passes", "passes", run => number(run.passes), run => run.passes),
    column("seconds", "training time", run => duration(run.seconds), run => run.seconds),
    column("bytes", "bytes moved", run => byteCount(run.bytes), run => run.bytes),
    column("rate", "rate of convergence", rateText, run => (run.rate || {}).value, true),
    column("why", "why it ended", whyEnded, run => run.stopReason, true),
  ];
  const wanted = view.filter.toLowerCase().split(/\s+/).filter(Boolean);
  const rows = summary.runs.filter(run => {
    const text = [run.name, run.state, run.stopReason, ...Object.values(run.varied || {})].join(" ").toLowerCase();
    return wanted.every(word => text.includes(word));
  });
  drawTable(place, "runs", `Runs, best first: ${rows.length} of ${summary.runs.length}`, withData(columns, summary.runs), rows, redraw);
}

function runReached(run, target) {
  const reached = (run.targets || {})[target.id];
  if (!reached) return run.state === "waiting" || run.state === "running" ? "not yet" : "not reached";
  return [number(reached.passes), element("small", {}, duration(reached.seconds))];
}

function whyEnded(run) {
  return [run.stopMessage || run.stopReason, run.advice].filter(Boolean).join("; ") || NONE;
}
