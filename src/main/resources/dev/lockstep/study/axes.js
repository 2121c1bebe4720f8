// Axes: limits, and the marks of logarithmic ones, which ECharts sets at whole decades only.

const MANTISSAS = [
  [1, 1.2, 1.4, 1.6, 1.8, 2, 2.5, 3, 3.5, 4, 4.5, 5, 5.5, 6, 6.5, 7, 8, 9],
  [1, 1.5, 2, 3, 4, 5, 7],
  [1, 2, 5],
  [1],
];

/** As many marks on a logarithmic axis as there is room for: in each decade, or every second or third. */
function logMarks(min, max, room) {
  for (const mantissas of MANTISSAS) {
    const marks = decadeMarks(min, max, mantissas, 1);
    if (marks.length <= room) return marks.length < 3 && max / min < 10 ? linearMarks(min, max, room) : marks;
  }
  return decadeMarks(min, max, [1], Math.ceil((Math.log10(max) - Math.log10(min)) / room));
}

function decadeMarks(min, max, mantissas, every) {
  const marks = [];
  for (let e = Math.floor(Math.log10(min)); e <= Math.ceil(Math.log10(max)); e++) {
    if (e % every) continue;
    for (const mantissa of mantissas) {
      const mark = Number(`${mantissa}e${e}`);
      if (mark >= min * 0.9999 && mark <= max * 1.0001) marks.push(mark);
    }
  }
  return marks;
}

/** Limits around positive values: a little air, at least a third of a decade. */
function logLimits(values) {
  let min = Infinity;
  let max = 0;
  for (const value of values) {
    if (value > 0) {
      min = Math.min(min, value);
      max = Math.max(max, value);
    }
  }
  if (!max) return null;
  // The ratio of two limits may be beyond a double's range.
  const range = Math.log(max) - Math.log(min);
  const air = Math.exp(Math.max(0.04 * range, (Math.log(2) - range) / 2));
  return { min: Math.max(min / air, 1e-307), max: Math.min(max * air, Number.MAX_VALUE) };
}

/** Limits around values, with 0 where it is near. */
function linearLimits(values, given = {}) {
  let min = Infinity;
  let max = -Infinity;
  for (const value of values) {
    min = Math.min(min, value);
    max = Math.max(max, value);
  }
  if (min > max) return null;
  if (max - min < 1e-9 * Math.abs(max)) min = max;
  if (min > 0 && min < 0.4 * max) min = 0;
  const air = (max - min || Math.abs(max) || 1) * 0.04;
  return {
    min: given.min !== undefined ? given.min : min === 0 ? 0 : min - air,
    max: given.max !== undefined ? Math.max(given.max, given.grow ? max : given.max) : max + air,
  };
}

/** A round number of about so many intervals. */
function roundInterval(range, count) {
  const rough = range / count;
  const decade = 10 ** Math.floor(Math.log10(rough));
  return decade * [1, 2, 5, 10].find(factor => factor * decade >= rough * 0.85);
}

function linearMarks(min, max, room) {
  const interval = roundInterval(max - min, room);
  const marks = [];
  for (let k = Math.ceil(min / interval - 1e-9); k <= max / interval + 1e-9; k++) {
    marks.push(Number((k * interval).toPrecision(12)));
  }
  return marks;
}

/** The width of a text beside an axis, in pixels. */
function textWidth(text) {
  textWidth.context = textWidth.context || document.createElement("canvas").getContext("2d");
  textWidth.context.font = `12px ${theme("sans")}`;
  return textWidth.context.measureText(text).width;
}

/** A text in lines not wider than so many pixels, broken after spaces and hyphens of words, within words where it must be. */
function wrapped(text, width) {
  const lines = [""];
  const pieces = text.split(/(?<= )|(?<=[a-z]-)(?=[a-z])/i)
    .flatMap(piece => (textWidth(piece) > width ? [...piece] : [piece]));
  for (const piece of pieces) {
    const line = lines[lines.length - 1];
    if (line && textWidth((line + piece).trimEnd()) > width) lines.push(piece);
    else lines[lines.length - 1] = line + piece;
  }
  return lines.map(line => line.trim());
}

/** Where a value lies along an axis of so many pixels. */
function place(axis, length) {
  const { min, max } = axis.limits;
  return value => length * (axis.log ? (Math.log(value) - Math.log(min)) / (Math.log(max) - Math.log(min)) : (value - min) / (max - min));
}

function marksOf(axis, room) {
  return (axis.log ? logMarks : linearMarks)(axis.limits.min, axis.limits.max, room)
    .map(value => ({ value, text: (axis.show || mark)(value) }));
}

/** As many marks beside each other as do not touch. */
function marksAcross(axis, width) {
  const at = place(axis, width);
  const apart = marks => marks.every(({ value, text }, i) => !i
    || at(value) - at(marks[i - 1].value) >= (textWidth(text) + textWidth(marks[i - 1].text)) / 2 + 12);
  let room = Math.max(3, Math.floor(width / (axis.log ? 64 : 48)));
  while (room > 2 && !apart(marksOf(axis, room))) room--;
  const marks = marksOf(axis, room);
  return apart(marks) ? marks : marks.slice(0, 1);
}

function marksUp(axis, height) {
  return marksOf(axis, Math.max(3, Math.floor(height / 29)));
}

/** ECharts' axis without marks of its own. */
function axisOption(axis, limits) {
  return {
    type: axis.log ? "log" : "value",
    min: limits.min,
    max: limits.max,
    name: axis.name,
    nameTextStyle: { color: theme("muted"), fontSize: 12 },
    axisLine: { show: true, onZero: false, lineStyle: { color: theme("rule") } },
    axisTick: { show: false },
    axisLabel: { show: false },
    splitLine: { show: false },
    axisPointer: { label: { show: false }, lineStyle: { color: theme("muted"), type: "solid" } },
  };
}

/** The marks of both axes as labels of an empty series, with grid lines for one of them, "xAxis" or "yAxis". */
function marksSeries(xAxis, yAxis, size, ruled, end = "start") {
  const line = (key, marks) => marks.map(({ value, text }) => ({
    [key]: value,
    lineStyle: { color: key === ruled ? theme("grid") : "transparent" },
    label: { formatter: text, distance: key === "xAxis" ? 10 : 6 },
  }));
  return {
    type: "line",
    data: [],
    silent: true,
    markLine: {
      silent: true,
      symbol: "none",
      precision: -1,
      lineStyle: { color: theme("grid"), type: "solid", width: 1 },
      label: { position: end, color: theme("muted"), fontSize: 12 },
      data: [
        ...(yAxis.limits ? line("yAxis", marksUp(yAxis, size.height)) : []),
        ...line("xAxis", marksAcross(xAxis, size.width)),
      ],
    },
  };
}
