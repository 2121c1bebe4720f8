// The switches: what the reader chose, kept by names so that new data does not undo it.

const view = {
  x: "passes",
  log: true,
  far: null,
  whole: false,
  all: false,
  metric: null,
  methodsOff: new Set(),
  runsOff: new Set(),
  opened: new Set(),
  sort: { methods: null, runs: null },
  filter: "",
};

/** The validation metrics that some run's curve of epochs has, accuracy first. */
function metricsOf(summary) {
  const keys = new Set(summary.runs.flatMap(run => Object.entries(run.epochCurve || {})
    .filter(([key, values]) => key.startsWith("validation") && Array.isArray(values) && values.some(finite))
    .map(([key]) => key)));
  return [...keys].sort((a, b) => Number(isShare(b)) - Number(isShare(a)) || a.localeCompare(b));
}

/** The axes along which some run has points. */
function axesOf(summary) {
  const some = axis => summary.runs.some(run => stepPoints(run, axis, "loss").length);
  return Object.keys(AXES).filter(some);
}

function choice(legend, name, options, chosen, choose) {
  return element("fieldset", { class: "choice" },
    element("legend", {}, legend),
    element("div", { class: "options" }, options.map(([value, text]) =>
      element("label", {},
        element("input", { type: "radio", name, id: `${name}-${value}`, value, checked: value === chosen, onchange: () => choose(value) }),
        element("span", {}, text)))));
}

function toggle(set, name, on) {
  if (on) set.delete(name);
  else set.add(name);
}

/** Draws the switches into their place; the element that had the focus has it again. */
function drawSwitches(summary, redraw) {
  const place = document.getElementById("switches");
  const focused = place.contains(document.activeElement) ? document.activeElement.id : null;
  const scrolled = place.scrollTop;
  const metrics = metricsOf(summary);
  if (!metrics.includes(view.metric)) view.metric = metrics[0] || null;
  const axes = axesOf(summary);
  if (axes.length && !axes.includes(view.x)) view.x = axes[0];
  const set = (key, read = value => value) => value => {
    view[key] = read(value);
    redraw();
  };
  const several = summary.runs.length > 1;
  const scales = [["log", "log"], ["linear", "linear"]];
  const chooseAxis = value => {
    view.x = value;
    drawSwitches(summary, redraw);
    redraw();
  };
  place.replaceChildren(...[
    axes.length > 1 && choice("Horizontal axis", "x", axes.map(axis => [axis, axis]), view.x, chooseAxis),
    axes.length > 0 && choice("Horizontal scale", "far", scales, (view.far ?? farApart(summary, view)) ? "log" : "linear",
      set("far", value => value === "log")),
    axes.length > 0 && choice("Vertical scale", "scale", scales, view.log ? "log" : "linear", set("log", value => value === "log")),
    goesBeyond(summary) && choice("Vertical range", "range", [["near", "near the start"], ["whole", "whole"]],
      view.whole ? "whole" : "near", set("whole", value => value === "whole")),
    several && choice("Lines", "lines", [["best", "best settings"], ["all", "all runs"]], view.all ? "all" : "best", set("all", value => value === "all")),
    metrics.length > 1 && choice("Validation", "metric", metrics.map(key => [key, metricLabel(key)]), view.metric, set("metric")),
    several && methodList(summary, redraw),
  ].filter(Boolean));
  place.scrollTop = scrolled;
  if (focused && document.getElementById(focused)) document.getElementById(focused).focus({ preventScroll: true });
}

/** A checkbox for each method, and below it one for each of its runs. */
function methodList(summary, redraw) {
  const every = on => () => {
    for (const method of summary.methods) toggle(view.methodsOff, method.label, on);
    drawSwitches(summary, redraw);
    redraw();
  };
  return element("fieldset", { class: "methods" },
    element("legend", {}, "Optimizers"),
    element("div", { class: "bulk" },
      element("button", { type: "button", id: "methods-all", onclick: every(true) }, "all on"),
      element("button", { type: "button", id: "methods-none", onclick: every(false) }, "all off")),
    element("ul", {}, summary.methods.map(method => element("li", {},
      element("label", {},
        element("input", {
          type: "checkbox",
          id: `method-${method.id}`,
          checked: !view.methodsOff.has(method.label),
          onchange: event => {
            toggle(view.methodsOff, method.label, event.target.checked);
            redraw();
          },
        }),
        swatch(method.id),
        element("span", {}, method.label)),
      method.runs.length > 1 ? runList(summary, method, redraw) : null))));
}

function runList(summary, method, redraw) {
  const states = new Map(summary.runs.map(run => [run.name, run.state]));
  const trouble = ["diverged", "failed", "refused"]
    .map(state => [method.runs.filter(name => states.get(name) === state).length, state])
    .filter(([count]) => count)
    .map(([count, state]) => `, ${count} ${state}`);
  return element("details", {
    open: view.opened.has(method.label),
    ontoggle: event => toggle(view.opened, method.label, !event.target.open),
  },
  element("summary", { id: `runs-of-${method.id}` },
    `${method.runs.length} runs${trouble.join("")}`),
  element("ul", {}, method.runs.map((name, i) => element("li", {},
    element("label", {},
      element("input", {
        type: "checkbox",
        id: `run-${method.id}-${i}`,
        checked: !view.runsOff.has(name),
        onchange: event => {
          toggle(view.runsOff, name, event.target.checked);
          redraw();
        },
      }),
      element("span", {}, name, states.get(name) === "finished" ? "" : ` (${states.get(name)})`))))));
}
