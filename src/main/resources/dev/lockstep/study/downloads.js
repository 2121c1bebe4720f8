// The numbers of the page as files, made in the browser from the data that the page holds.

function csv(rows) {
  const cell = value => {
    const text = value === null || value === undefined ? "" : String(value);
    return /[",\r\n]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
  };
  return rows.map(row => row.map(cell).join(",")).join("\r\n") + "\r\n";
}

/** One row a run. */
function runsCsv(summary) {
  const varied = [...new Set(summary.runs.flatMap(run => Object.keys(run.varied || {})))];
  const metrics = metricKeys(summary.runs.map(run => run.validation));
  const targets = summary.asked.targets || [];
  const plain = ["state", "stopReason", "steps", "epochs", "passes", "seconds", "bytes", "finalLoss", "bestLoss"];
  const header = ["run", ...varied, ...plain, ...metrics.flatMap(key => [`final:${key}`, `best:${key}`]),
    ...targets.flatMap(({ id }) => [`passesTo:${id}`, `secondsTo:${id}`])];
  return csv([header, ...summary.runs.map(run => [run.name, ...varied.map(key => (run.varied || {})[key]),
    ...plain.map(key => run[key]),
    ...metrics.flatMap(key => ["final", "best"].map(when => ((run.validation || {})[key] || {})[when])),
    ...targets.flatMap(({ id }) => ["passes", "seconds"].map(key => ((run.targets || {})[id] || {})[key]))])]);
}

/** One row a point of a run's curve. */
function curvesCsv(summary, which) {
  const arrays = run => {
    const flat = {};
    for (const [key, values] of Object.entries(run[which] || {})) {
      if (Array.isArray(values)) flat[key] = values;
      else for (const [part, inner] of Object.entries(values || {})) flat[`${key}.${part}`] = inner;
    }
    return flat;
  };
  const curves = summary.runs.map(run => [run.name, arrays(run)]);
  const keys = [...new Set(curves.flatMap(([, curve]) => Object.keys(curve)))];
  const rows = curves.flatMap(([name, curve]) => {
    const length = Math.max(0, ...Object.values(curve).map(values => values.length));
    return Array.from({ length }, (_, i) => [name, ...keys.map(key => (curve[key] || [])[i])]);
  });
  return csv([["run", ...keys], ...rows]);
}

function save(name, type, text) {
  const link = element("a", { href: URL.createObjectURL(new Blob([text], { type })), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

function wireDownloads(current) {
  const wire = (id, name, type, make) => document.getElementById(id)
    .addEventListener("click", () => save(name(current()), type, make(current())));
  const file = ending => summary => summary.name.replace(/[^\w.-]+/g, "-") + ending;
  wire("save-json", file("-summary.json"), "application/json", summary => JSON.stringify(summary, null, 1));
  wire("save-runs", file("-runs.csv"), "text/csv", runsCsv);
  wire("save-steps", file("-steps.csv"), "text/csv", summary => curvesCsv(summary, "curve"));
  wire("save-epochs", file("-epochs.csv"), "text/csv", summary => curvesCsv(summary, "epochCurve"));
}
