// Numbers and elements as the page shows them.

const NONE = "–";

function finite(value) {
  return typeof value === "number" && Number.isFinite(value);
}

/** A number with so many significant digits, thousands apart; very small and very large ones with an exponent. */
function number(value, digits = 3) {
  if (!finite(value)) return NONE;
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-4 || size >= 1e7)) {
    return value.toExponential(digits - 1).replace(/\.?0+e/, "e").replace("e+", "e");
  }
  const rounded = Number(value.toPrecision(size >= 1000 ? Math.max(digits, 6) : digits));
  return rounded.toLocaleString("en-GB", { maximumFractionDigits: 12 });
}

function integer(value) {
  return finite(value) ? Math.round(value).toLocaleString("en-GB") : NONE;
}

/** A measured number: with all its digits, also where they are 0, so that columns of them can be read. */
function measured(value, digits = 3) {
  if (!finite(value)) return NONE;
  const size = Math.abs(value);
  return size === 0 || size < 1e-4 || size >= 1000 || (size >= 100 && Number.isInteger(value)) ? number(value, digits) : value.toPrecision(digits);
}

/** Passes over the data: whole ones are exact, and have no more digits. */
function passes(value) {
  return Number.isInteger(value) ? number(value, 15) : measured(value);
}

/** A measured share. */
function percent(value) {
  return finite(value) ? (100 * value).toFixed(2) + " %" : NONE;
}

/** A share as a mark of an axis. */
function percentMark(value) {
  return mark(100 * value) + " %";
}

/** A mark of an axis, as the PNGs have them: from a million and below a ten-thousandth with an exponent. */
function mark(value) {
  const size = Math.abs(value);
  if (size !== 0 && (size < 0.99999e-4 || size >= 0.9999999e6)) {
    return Number(value.toPrecision(9)).toExponential().replace("e+", "e");
  }
  return Number(value.toPrecision(10)).toLocaleString("en-GB", { maximumFractionDigits: 9 });
}

/** Training time. */
function duration(seconds) {
  if (!finite(seconds)) return NONE;
  if (seconds < 120) return measured(seconds) + " s";
  return seconds < 7200 ? measured(seconds / 60) + " min" : measured(seconds / 3600) + " h";
}

function byteCount(value) {
  if (!finite(value)) return NONE;
  const units = ["B", "kB", "MB", "GB", "TB", "PB"];
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return number(value) + " " + units[unit];
}

/** The range of {median, low, high} as "2.01 to 2.30", "from 2.01" where it has no upper end; nothing where there is none. */
function range(triple, show) {
  if (!finite(triple.low) || triple.low === triple.high) return "";
  return finite(triple.high) ? `${show(triple.low)} to ${show(triple.high)}` : `from ${show(triple.low)}`;
}

/** "validationMacroF1" and "macroF1" as "macro F1". */
function metricLabel(key) {
  const bare = key.replace(/^validation/, "");
  const known = { rmse: "RMSE", mae: "MAE", r2: "R²" };
  const name = bare.charAt(0).toLowerCase() + bare.slice(1);
  return known[name] || name.replace(/([a-z])([A-Z])/g, (_, a, b) => `${a} ${b.length && /F/.test(b) ? b : b.toLowerCase()}`);
}

/** Whether a metric is a share, shown in per cent. */
function isShare(key) {
  return /accuracy|F1$/i.test(key);
}

/** An element with attributes (on… are listeners; null, undefined and false are left out) and children. */
function element(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else if (key === "checked" || key === "value") node[key] = value;
    else node.setAttribute(key, value === true ? "" : value);
  }
  node.append(...children.flat().filter(child => child !== null && child !== undefined));
  return node;
}

function escapeHtml(text) {
  return String(text).replace(/[&<>"']/g, sign => `&#${sign.charCodeAt(0)};`);
}
