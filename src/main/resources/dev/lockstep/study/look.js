// How a method looks: the same in every plot, in the list of methods and in the PNGs.

// The colours and dashes that the PNGs have too, and how far their axes reach.
const { colours: COLOURS, dashes: DASHES, reach: REACH } = JSON.parse(document.getElementById("palette").textContent);
const SYMBOLS = ["circle", "rect", "triangle", "diamond", "emptyCircle", "emptyRect", "emptyTriangle", "emptyDiamond"];

// Viridis without its faintest end, for the order of learning rates.
const SEQUENCE = ["#440154", "#46307e", "#365c8d", "#277f8e", "#1fa187", "#4ac16d", "#a0c92c"];

const CROSS = "path://M-1,-0.8L-0.8,-1L0,-0.2L0.8,-1L1,-0.8L0.2,0L1,0.8L0.8,1L0,0.2L-0.8,1L-1,0.8L-0.2,0Z";

function theme(name) {
  return getComputedStyle(document.documentElement).getPropertyValue("--" + name).trim();
}

/** Colour, dash and symbol of the i-th method; black is white on a dark page. */
function look(i) {
  const colour = COLOURS[i % COLOURS.length];
  const dash = DASHES[Math.floor(i / COLOURS.length) % DASHES.length];
  return {
    colour: colour === "#000000" ? theme("ink") : colour,
    dash: dash.length ? dash : null,
    symbol: SYMBOLS[(i + Math.floor(i / COLOURS.length)) % SYMBOLS.length],
  };
}

/** The i-th of so many colours in order; on a dark page the order runs the other way, from light to dark. */
function ordered(i, count) {
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  const colours = dark ? ["#5b6fd0", ...SEQUENCE.slice(2), "#fde725"] : SEQUENCE;
  const place = count < 2 ? 0 : (i / (count - 1)) * (colours.length - 1);
  const below = Math.floor(place);
  const above = Math.min(below + 1, colours.length - 1);
  return mixed(colours[below], colours[above], place - below);
}

/** A colour on the way from one to another. */
function mixed(from, to, share) {
  const channel = (colour, k) => parseInt(colour.slice(1 + 2 * k, 3 + 2 * k), 16);
  const channels = [0, 1, 2].map(k => Math.round(channel(from, k) * (1 - share) + channel(to, k) * share));
  return "#" + channels.map(value => value.toString(16).padStart(2, "0")).join("");
}

/** A line's colour, nearer to the ink: text needs more contrast than a line. */
function legible(colour) {
  return mixed(colour, theme("ink"), 0.4);
}

const SYMBOL_PATHS = {
  circle: "M12 7a4 4 0 1 0 8 0a4 4 0 1 0 -8 0Z",
  rect: "M12.5 3.5h7v7h-7Z",
  triangle: "M16 2.5l4.4 8h-8.8Z",
  diamond: "M16 2l4 5l-4 5l-4 -5Z",
};

/** A piece of a method's line with its symbol, as SVG. */
function swatch(i) {
  return swatchOf(look(i));
}

/** A piece of a line, of width 0 where there are points alone, with its symbol if it has one. */
function swatchOf({ colour, dash, symbol, width = 2 }) {
  const hollow = symbol && symbol.startsWith("empty");
  const path = symbol ? SYMBOL_PATHS[hollow ? symbol.charAt(5).toLowerCase() + symbol.slice(6) : symbol] : "";
  const holder = document.createElement("template");
  holder.innerHTML = `<svg class="swatch" width="32" height="14" viewBox="0 0 32 14" aria-hidden="true">
    <path d="M0 7H32" stroke="${colour}" stroke-width="${width}" fill="none" stroke-dasharray="${dash ? dash.join(" ") : "none"}"/>
    <path d="${path}" stroke="${colour}" stroke-width="1.5" fill="${hollow ? theme("paper") : colour}"/></svg>`;
  return holder.content.firstChild;
}
