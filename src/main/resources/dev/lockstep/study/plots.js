// What each plot shows: a list of plots with their lines, made from the summary and the switches. A plot:
// {id, section, title, caption, x, y: {name, log, show, given}, lines: [{name, colour, dash, symbol, points, low, high,
// end, faint, …}], labels} or {…, bars: […]}. Plots without data are left out.

/** All plots of the page, in order. */
function allPlots(summary, view) {
  const scene = sceneOf(summary, view);
  return [
    ...curvePlots(scene),
    ...targetPlots(scene),
    ...ratePlots(scene),
    ...profilePlots(scene),
    ...stepPlots(scene),
    ...sharpnessPlots(scene),
    ...spectrumPlots(scene),
    ...learningCurvePlots(scene),
  ].filter(plot => (plot.bars ? plot.bars.some(bar => finite(bar.median)) : plot.lines.some(line => line.points.length)));
}

/** The summary with what the switches leave of it. */
function sceneOf(summary, view) {
  const runs = new Map(summary.runs.map(run => [run.name, run]));
  const shown = name => runs.has(name) && !view.runsOff.has(name);
  const methods = (summary.methods || []).filter(method => !view.methodsOff.has(method.label));
  const far = view.far ?? farApart(summary, view);
  return { summary, view, runs, methods, shown, far };
}

/** Whether the methods' best runs differ so much in how far they went that a linear axis would hide the short ones. */
function farApart(summary, view) {
  const best = new Set((summary.methods || []).flatMap(method => method.best));
  const lengths = new Map();
  for (const run of summary.runs) {
    const line = best.has(run.name) && run.state !== "diverged" ? stepPoints(run, view.x, "loss") : [];
    if (line.length > 1) lengths.set(run.method, Math.max(lengths.get(run.method) || 0, line[line.length - 1][0]));
  }
  const known = [...lengths.values()].filter(length => length > 0);
  return Math.max(...known) > REACH.lengths * Math.min(...known);
}

/** The values with which runs began, for plots that are cut far above them. */
function firstsOf(runs, read) {
  return runs.map(read).filter(line => line.length).map(line => line[0][1]);
}

/** Whether some run's loss goes beyond what plots show. */
function goesBeyond(summary) {
  const loss = run => stepPoints(run, "steps", "loss");
  const most = mostOf(firstsOf(summary.runs, loss), true);
  return summary.runs.some(run => run.state === "diverged" || loss(run).some(([, value]) => value > most));
}

function bestRuns(scene, method) {
  return method.best.filter(scene.shown).map(name => scene.runs.get(name));
}

function axisX(scene) {
  const { name, show } = AXES[scene.view.x];
  return { name: name + (scene.far ? ", log scale" : ""), show, log: scene.far, given: { min: 0 } };
}

/**
 * A line for each method's best setting, or for each run.
 *
 * What a run has that lost is worse than any number; null leaves such a run out where it has none.
 */
function linesOf(scene, read, worst = null, given = () => null) {
  return scene.methods.flatMap(method => {
    const style = look(method.id);
    const line = { ...style, method: method.id };
    if (scene.view.all) {
      return method.runs.filter(scene.shown).map(name => scene.runs.get(name)).map(run => ({
        ...line,
        name: run.name,
        points: read(run),
        width: 1,
        size: 6,
        label: false,
        end: run.state === "diverged" ? "diverged" : null,
        faint: run.state === "diverged",
      })).filter(drawn => drawn.points.length)
        .map(drawn => (drawn.end ? { ...drawn, symbol: null } : { ...drawn, marked: drawn.points.slice(-1) }));
    }
    const runs = bestRuns(scene, method);
    const whole = runs.length === method.best.length && given(method);
    const diverged = runs.length > 0 && runs.every(run => run.state === "diverged");
    const { median: middle, low, high } = whole || band(runs.map(read), worst === null || diverged ? null : runs, worst);
    return middle.length ? [{ ...line, name: method.label, points: middle, low, high, end: diverged ? "diverged" : null }] : [];
  });
}

/** Loss and gradient norm, and the validation metric that is chosen. */
function curvePlots(scene) {
  const { view, summary } = scene;
  const x = axisX(scene);
  const scale = view.log ? ", log scale" : "";
  const drawn = scene.methods.flatMap(method => (view.all ? method.runs.filter(scene.shown).map(name => scene.runs.get(name))
    : bestRuns(scene, method)));
  const reach = read => ({ firsts: firstsOf(drawn, read), whole: view.whole });
  const plots = [
    {
      id: "loss",
      wide: true,
      title: "Training loss",
      y: { name: "training loss" + scale, log: view.log },
      lines: linesOf(scene, run => stepPoints(run, view.x, "loss"), Infinity, method => lossBand(summary, view.x, method)),
      ...reach(run => stepPoints(run, view.x, "loss")),
    },
    {
      id: "gradient-norm",
      title: "Norm of the gradient",
      y: { name: "gradient norm" + scale, log: view.log },
      lines: linesOf(scene, run => stepPoints(run, view.x, "gradientNorm"), Infinity),
      ...reach(run => stepPoints(run, view.x, "gradientNorm")),
    },
  ];
  if (view.metric) {
    const share = isShare(view.metric);
    plots.push({
      id: "validation",
      title: `Validation ${metricLabel(view.metric)}`,
      y: {
        name: `validation ${metricLabel(view.metric)}` + (share ? "" : scale),
        log: view.log && !share,
        show: share ? percentMark : undefined,
        exact: share ? percent : undefined,
      },
      lines: linesOf(scene, run => epochPoints(run, view.x, view.metric), largerIsBetter(view.metric) ? -Infinity : Infinity)
        .map(line => ({ ...line, markers: true })),
      ...(/loss$/i.test(view.metric) ? reach(run => epochPoints(run, view.x, view.metric)) : {}),
    });
  }
  return plots.map(plot => ({ ...plot, section: "curves", x, labels: !view.all }));
}

/** The median and band that the summary gives for the loss over passes. */
function lossBand(summary, x, method) {
  const given = x === "passes" && (summary.bands || []).find(each => each.method === method.id);
  if (!given) return null;
  const [middle, low, high] = [given.loss.median, given.loss.low, given.loss.high].map(ys => points(given.passes, ys));
  return { median: middle, low, high };
}

/** Passes and seconds to each target, as bars. */
function targetPlots(scene) {
  return (scene.summary.asked.targets || []).flatMap(target => [
    targetPlot(scene, target, "passes", "passes over the training data"),
    targetPlot(scene, target, "seconds", "training time in seconds"),
  ]);
}

/** What is said of a target that was not reached. */
function missed(reached) {
  return reached.open ? "not yet" : "not reached";
}

function targetPlot(scene, target, measure, name) {
  const bars = scene.methods.map(method => {
    const reached = (method.targets || {})[target.id] || {};
    const triple = reached[measure] || {};
    const count = reached.of ? `${reached.reached} of ${reached.of}` : "";
    const show = measure === "passes" ? passes : measured;
    const value = show(triple.median);
    const spread = range(triple, show);
    return {
      ...triple,
      name: method.label,
      colour: look(method.id).colour,
      text: !reached.reached ? missed(reached) : !finite(triple.median) ? `${missed(reached)}: ${count}`
        : reached.reached < reached.of ? `${value}, ${count}` : value,
      hover: `<b>${escapeHtml(method.label)}</b><br>` + (finite(triple.median) ? `${value} ${measure}${spread && ` (${spread})`}<br>` : "")
        + `${count} runs reached it`,
    };
  });
  const rank = bar => (finite(bar.median) ? bar.median : Infinity);
  bars.sort((a, b) => rank(a) === rank(b) ? 0 : rank(a) - rank(b));
  return {
    id: `${measure}-to-${target.id}`,
    section: "targets",
    title: `${measure === "passes" ? "Passes" : "Seconds"} to ${target.label}`,
    x: { name },
    bars,
  };
}

/** The final loss over the learning rate, and each method's curves by rate. */
function ratePlots(scene) {
  const rates = (scene.summary.learningRates || [])
    .map(each => ({ ...each, shownAs: scene.methods.find(method => method.id === each.method) }))
    .filter(each => each.shownAs);
  if (!rates.length) return [];
  const scale = scene.view.log ? ", log scale" : "";
  const crosses = ratesWithoutLoss(rates);
  const small = alike(rates.map(each => ratesOfMethod(scene, each, allRates(rates))));
  return [
    {
      id: "final-loss",
      section: "rates",
      wide: true,
      labels: true,
      title: "Final training loss by learning rate",
      x: { name: "learning rate, log scale", log: true },
      y: { name: "final training loss" + scale, log: scene.view.log },
      lines: rates.map(each => rateLine(each)),
      crosses,
      caption: crosses.length ? "✕ at the top: every run at this rate diverged." : "",
      firsts: small.flatMap(plot => plot.firsts),
      whole: scene.view.whole,
    },
    ...small,
  ];
}

/** Small plots that can be compared: the same limits for all. */
function alike(plots) {
  const joined = { ...plots[0], lines: plots.flatMap(plot => plot.lines), firsts: plots.flatMap(plot => plot.firsts) };
  const [x, y] = [limitsOf(joined, 0), limitsOf(joined, 1)];
  return plots.map(plot => ({ ...plot, x: { ...plot.x, limits: x }, y: { ...plot.y, limits: y } }));
}

/** Where some runs of a method diverged at a rate and none ended: a cross at the upper edge. */
function ratesWithoutLoss(rates) {
  return rates.flatMap(({ shownAs, points: at }, i) => at
    .filter(point => point.diverged && !finite((point.finalLoss || {}).median))
    .map(point => ({ x: point.learningRate, colour: look(shownAs.id).colour, offset: 12 * (i - (rates.length - 1) / 2) })));
}

function rateLine({ shownAs, points: at }) {
  const values = key => points(at.map(point => point.learningRate), at.map(point => (point.finalLoss || {})[key]));
  return {
    ...look(shownAs.id),
    name: shownAs.label,
    points: values("median"),
    low: values("low"),
    high: values("high"),
    markers: true,
  };
}

function allRates(rates) {
  return [...new Set(rates.flatMap(each => each.points.map(point => point.learningRate)))].sort((a, b) => a - b);
}

function ratesOfMethod(scene, { shownAs, points: at }, rates) {
  const lines = at.map(point => {
    const runs = point.runs.filter(scene.shown).map(name => scene.runs.get(name));
    const calm = runs.filter(run => run.state !== "diverged");
    const diverged = runs.length > 0 && !calm.length;
    const lost = diverged ? 0 : runs.length - calm.length;
    const place = rates.indexOf(point.learningRate);
    return {
      name: `learning rate ${mark(point.learningRate)}` + (lost ? `, ${lost} of ${runs.length} diverged` : ""),
      colour: ordered(place, rates.length),
      dash: diverged ? [3, 3] : null,
      symbol: diverged ? null : look(place).symbol,
      points: band(runs.map(run => stepPoints(run, scene.view.x, "loss")), diverged ? null : runs).median,
      end: diverged ? "diverged" : null,
      faint: diverged,
      width: 1.8,
    };
  });
  return {
    id: `rates-of-${shownAs.id}`,
    section: "rates",
    small: true,
    title: shownAs.label,
    key: rates.map((rate, i) => ({ text: mark(rate), colour: ordered(i, rates.length), symbol: look(i).symbol })),
    x: axisX(scene),
    y: { name: "training loss" + (scene.view.log ? ", log scale" : ""), log: scene.view.log },
    lines,
    firsts: firstsOf(at.flatMap(point => point.runs).filter(scene.shown).map(name => scene.runs.get(name)),
      run => stepPoints(run, scene.view.x, "loss")),
    whole: scene.view.whole,
  };
}

/** The share of problems that a method solved within a multiple of the fewest passes or seconds. */
function profilePlots(scene) {
  return (scene.summary.profiles || []).map(profile => ({
    id: `profile-${profile.measure}`,
    section: "profiles",
    labels: true,
    title: `Within how many times the fewest ${profile.measure}`,
    x: { name: `multiple of the fewest ${profile.measure}, log scale`, log: true, show: value => number(value) + "×" },
    y: { name: `share of ${profile.problems} problems solved`, given: { min: 0, max: 1.02 }, show: percentMark },
    lines: scene.methods.flatMap(method => profile.methods.filter(each => each.method === method.id).map(each => ({
      ...look(method.id),
      name: method.label,
      step: "end",
      points: points(profile.tau, each.share),
    }))),
  }));
}

/** What the steps did: of the best setting of each method, or of all runs. */
function stepPlots(scene) {
  const plot = (id, title, caption, key, y) => ({
    id,
    section: "steps",
    title,
    caption,
    x: axisX(scene),
    y,
    labels: !scene.view.all,
    lines: linesOf(scene, run => stepPoints(run, scene.view.x, key)),
  });
  return [
    plot("sign-changes", "Coordinates whose gradient changed sign", "Half means that a step overshoots as often as not.",
      "signChanges", { name: "share of coordinates", show: percentMark, exact: percent, given: { min: 0, max: 0, grow: true } }),
    plot("cosine", "Direction of successive steps", "1: the same direction; 0: at right angles; −1: back again.",
      "cosine", { name: "cosine between a step and the one before", given: { min: -1, max: 1 } }),
    stepSizePlot(scene),
  ];
}

function stepSizePlot(scene) {
  const scale = scene.view.log ? ", log scale" : "";
  const lines = linesOf(scene, run => stepPoints(run, scene.view.x, "stepSizes.median")).map(line => {
    if (scene.view.all) return line;
    const runs = bestRuns(scene, scene.methods.find(method => method.id === line.method));
    const of = key => band(runs.map(run => stepPoints(run, scene.view.x, key))).median;
    return { ...line, low: of("stepSizes.min"), high: of("stepSizes.max") };
  });
  return {
    id: "step-sizes",
    section: "steps",
    title: "Step sizes of the coordinates",
    caption: "The median over the coordinates; the area goes from the smallest to the largest.",
    x: axisX(scene),
    y: { name: "step size" + scale, log: scene.view.log },
    labels: !scene.view.all,
    lines,
  };
}

/** The largest eigenvalue, and where it is known the one above which steps of the run's learning rate overshoot. */
function sharpnessPlots(scene) {
  const lines = linesOf(scene, run => epochPoints(run, scene.view.x, "lambdaMax")).map(line => ({ ...line, markers: true }));
  const limits = linesOf(scene, run => epochPoints(run, scene.view.x, "stabilityLimit")).map(line => ({
    ...line, symbol: null, marked: null, low: null, high: null, end: null, dash: [2, 4], width: 1.5, label: false, name: `limit of ${line.name}` }));
  return [{
    id: "sharpness",
    section: "sharpness",
    title: "Sharpness along the run",
    caption: limits.length ? "Dotted: the most that the learning rate bears. Above it steps along the sharpest direction overshoot more and more." : "",
    x: axisX(scene),
    y: { name: "largest eigenvalue of the Hessian" + (scene.view.log ? ", log scale" : ""), log: scene.view.log },
    labels: !scene.view.all,
    wide: true,
    lines: [...lines, ...limits],
  }];
}

/** Both ends of the Hessian's spectrum: below 0 there is a direction that bends down. */
function spectrumPlots(scene) {
  const lines = key => linesOf(scene, run => epochPoints(run, scene.view.x, key)).map(line => ({ ...line, markers: true }));
  const lowest = lines("lambdaMin").map(line => ({ ...line, symbol: null, dash: [6, 4], label: false, name: `smallest of ${line.name}` }));
  if (!lowest.some(line => line.points.length)) return [];
  return [{
    id: "spectrum",
    section: "sharpness",
    title: "Ends of the spectrum along the run",
    caption: "The largest eigenvalue of the Hessian and, dashed, the smallest: below 0 some direction bends down.",
    x: axisX(scene),
    y: { name: "eigenvalue of the Hessian" },
    labels: !scene.view.all,
    wide: true,
    lines: [...lines("lambdaMax"), ...lowest],
  }];
}

/** The loss over the number of training rows, with the power law through it. */
function learningCurvePlots(scene) {
  const given = scene.summary.learningCurve;
  if (!given) return [];
  const lines = given.methods.flatMap(each => {
    const method = scene.methods.find(one => one.id === each.method);
    if (!method) return [];
    const values = key => points(each.rows, each.loss.map(triple => (triple || {})[key]));
    const law = each.powerLaw;
    const line = { ...look(method.id), name: method.label, points: values("median"), low: values("low"), high: values("high"),
      markers: true, width: law ? 0 : 2, label: !law };
    const grid = Array.from({ length: 41 }, (_, i) => each.rows[0] * (each.rows[each.rows.length - 1] / each.rows[0]) ** (i / 40));
    return law ? [line, { ...line, symbol: null, low: null, high: null, width: 2, label: true,
      name: `${method.label}: ${law.text}`, points: grid.map(n => [n, law.c + law.a * n ** -law.b]) }] : [line];
  });
  const measure = (given.methods[0] || {}).measure || "loss";
  return [{
    id: "learning-curve",
    section: "learning-curve",
    wide: true,
    title: "More rows, less loss",
    caption: [(given.methods[0] || {}).text,
      "Symbols: measured, with the range of the seeds" + (given.methods.some(each => each.powerLaw)
        ? "; lines: the power law a n^-b + c through them." : ".")].filter(Boolean).join(" "),
    x: { name: "training rows, log scale", log: true, show: integer },
    y: { name: measure.replace(/-/g, " ") + ", log scale", log: true },
    labels: true,
    lines,
  }];
}
