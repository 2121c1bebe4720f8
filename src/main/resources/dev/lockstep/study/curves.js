// Points of runs, and the median and band of several runs.

/** What the horizontal axis of all curves may be: the key in the curve of steps, and in that of epochs. */
const AXES = {
  steps: { step: "step", epoch: "steps", name: "steps" },
  passes: { step: "passes", epoch: "passes", name: "passes over the training data" },
  seconds: { step: "seconds", epoch: "seconds", name: "training time in seconds" },
  bytes: { step: "bytes", epoch: "bytes", name: "bytes moved", show: byteCount },
};

/** The points [x, y] of two arrays of equal length, where both are known. */
function points(xs, ys) {
  const known = [];
  for (let i = 0; xs && ys && i < Math.min(xs.length, ys.length); i++) {
    if (finite(xs[i]) && finite(ys[i])) known.push([xs[i], ys[i]]);
  }
  return known;
}

function stepPoints(run, axis, key) {
  const curve = run.curve || {};
  const values = key.split(".").reduce((node, part) => (node || {})[part], curve);
  return points(curve[AXES[axis].step], values);
}

function epochPoints(run, axis, key) {
  const curve = run.epochCurve || {};
  return points(curve[AXES[axis].epoch], curve[key]);
}

/** The index of the point nearest to x, in points by ascending x; -1 where there is none. */
function nearest(line, x) {
  let low = 0;
  let high = line.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (line[middle][0] < x) low = middle + 1;
    else high = middle;
  }
  return low > 0 && Math.abs(line[low - 1][0] - x) <= Math.abs(line[low][0] - x) ? low - 1 : low < line.length ? low : -1;
}

/** The value between two points of a line, straight; null outside the line. */
function valueAt(line, x) {
  if (!line.length || x < line[0][0] || x > line[line.length - 1][0]) return null;
  let i = nearest(line, x);
  if (line[i][0] > x) i--;
  if (i === line.length - 1 || line[i][0] === x) return line[i][1];
  const [[x0, y0], [x1, y1]] = [line[i], line[i + 1]];
  return y0 + ((y1 - y0) * (x - x0)) / (x1 - x0);
}

/** The middle value, the mean of the two in the middle where there is no one: the rule of the summary. */
function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const [lower, upper] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]];
  return lower === upper ? lower : lower + (upper - lower) / 2;
}

/** Whether a metric is the better the larger it is. */
function largerIsBetter(key) {
  return isShare(key) || /r2$/i.test(key);
}

function isLost(run) {
  return run.state === "diverged" || run.state === "failed";
}

/** What a run has at x, behind its last point too: what is worst if it lost, its last value if it ended, else nothing. */
function standing({ line, run }, x, worst) {
  const last = line[line.length - 1];
  if (!run || (last && x <= last[0])) return valueAt(line, x);
  if (isLost(run)) return worst;
  return last && !["waiting", "running", "stopped"].includes(run.state) ? last[1] : null;
}

/**
 * Median, lowest and highest of several lines on a common grid, as far as at least half of them go. With the runs that the
 * lines are of, and what would be worst, medians are over all of them, also those that lost, as in the summary.
 */
function band(lines, runs = null, worst = Infinity) {
  const seeds = lines.map((line, i) => ({ line, run: runs && runs[i] })).filter(({ line, run }) => line.length || (run && isLost(run)));
  const filled = seeds.map(each => each.line).filter(line => line.length);
  const result = { median: [], low: [], high: [] };
  if (!filled.length) return result;
  if (seeds.length < 2) return { ...result, median: filled[0] };
  for (const x of commonGrid(filled)) {
    const values = seeds.map(each => standing(each, x, worst)).filter(value => value !== null);
    if (2 * values.length < seeds.length || !values.length) continue;
    const middle = median(values);
    const [low, high] = [Math.min(...values), Math.max(...values)];
    if (finite(middle)) result.median.push([x, middle]);
    if (finite(low) && finite(high)) {
      result.low.push([x, low]);
      result.high.push([x, high]);
    }
  }
  return result;
}

/** The places of the longest line where all lines share them, else 240 places from the first to the last. */
function commonGrid(lines) {
  const longest = lines.reduce((a, b) => (b.length > a.length ? b : a));
  if (lines.every(line => line.every(([x], i) => x === longest[i][0]))) return longest.map(([x]) => x);
  const from = Math.min(...lines.map(line => line[0][0]));
  const to = Math.max(...lines.map(line => line[line.length - 1][0]));
  return Array.from({ length: 241 }, (_, i) => from + ((to - from) * i) / 240);
}
