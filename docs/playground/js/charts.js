// Pictures, drawn by Observable Plot. Colours come from the style sheet, so that they follow light and dark.

import * as Plot from "../vendor/plot.js";
import { band, gain, mark, score, tone, words } from "./format.js";

/** One name for all, so that the style rules of the library are always the same text, which the page's policy knows. */
const SHARED = { className: "plot", style: { background: "none", color: "inherit", overflow: "visible" } };

/** The colour of a band by its place, as the style sheet names it. */
function colour(place, bands) {
  return `var(--${tone(place, bands)})`;
}

/** The name of a band with its mark where there is room for it, else the mark alone; `points` is how much of the scale it has. */
function roomy(place, bands, points, width) {
  const name = band(bands[place], bands);
  return (points / 100) * width > name.length * 6.2 ? name : mark(place, bands);
}

/** The picture with a description for people who do not see it. */
function described(plot, text) {
  plot.setAttribute("role", "img");
  plot.setAttribute("aria-label", text);
  return plot;
}

/** The scale from 0 to 100 with its bands, the score, and the bounds. */
export function scaleBar(model, { score: value, lower, upper, band: name }, width) {
  const { bands, cuts } = model;
  const edges = [0, ...cuts, 100];
  const stretches = bands.map((name, place) => ({ name, place, x1: edges[place], x2: edges[place + 1] }));
  const plot = Plot.plot({
    ...SHARED,
    width,
    height: 74,
    marginLeft: 10,
    marginRight: 10,
    marginTop: 20,
    marginBottom: 20,
    x: { domain: [0, 100], ticks: edges, tickSize: 4, label: null },
    y: { domain: [0, 1], axis: null },
    marks: [
      Plot.rect(stretches, {
        x1: "x1",
        x2: "x2",
        y1: 0.3,
        y2: 0.7,
        fill: (it) => colour(it.place, bands),
        fillOpacity: 0.85,
        stroke: "var(--card)",
      }),
      Plot.text(stretches, {
        x: (it) => (it.x1 + it.x2) / 2,
        y: 1,
        dy: -8,
        text: (it) => roomy(it.place, bands, it.x2 - it.x1, width - 20),
        fill: "currentColor",
        fontSize: 12,
      }),
      Plot.ruleY([0.5], { x1: lower, x2: upper, stroke: "var(--ink)", strokeWidth: 3 }),
      Plot.tickX([lower, upper], { x: (it) => it, y1: 0.2, y2: 0.8, stroke: "var(--ink)", strokeWidth: 3 }),
      value === null ? null : Plot.dot([value], { x: (it) => it, y: 0.5, r: 8, fill: "var(--card)", stroke: "var(--ink)", strokeWidth: 3 }),
    ],
  });
  const where = value === null ? "No score yet" : `Score ${score(value)}, ${words(name)}`;
  return described(plot, `${where}, bounds ${score(lower)} to ${score(upper)}, on a scale from 0 to 100`);
}

/** Bars that stand on each other's ends, from `{ label, points }`; a `{ label, total }` stands on the ground. */
function stacked(steps) {
  let reached = 0;
  return steps.map((step) => {
    if ("total" in step) {
      reached = step.total;
      return { ...step, x1: 0, x2: step.total, kind: "total", text: step.text ?? score(step.total) };
    }
    const x1 = reached;
    reached += step.points;
    return { ...step, x1, x2: reached, kind: step.points < 0 ? "less" : "more", text: gain(step.points) };
  });
}

const FILLS = { total: "var(--total)", less: "var(--low)", more: "var(--high)" };

/** Bars, their numbers behind them, and their names beside them or, where it is narrow, above them. */
function barMarks(bars, narrow) {
  const y = (_, place) => place;
  const text = { y, fill: "currentColor", fontSize: 12 };
  const inset = narrow ? { insetTop: 10, insetBottom: -4 } : {};
  const number = { x: (bar) => Math.max(bar.x1, bar.x2), dx: 5, dy: narrow ? 7 : 0, textAnchor: "start" };
  const name = { frameAnchor: "left", dx: narrow ? 0 : -8, dy: narrow ? -11 : 0, textAnchor: narrow ? "start" : "end" };
  return [
    Plot.barX(bars, { x1: "x1", x2: "x2", y, fill: (bar) => FILLS[bar.kind], ...inset }),
    Plot.ruleX([0], { stroke: "currentColor" }),
    Plot.text(bars, { ...text, ...number, text: "text", fontWeight: (bar) => (bar.kind === "total" ? "bold" : "normal") }),
    Plot.text(bars, { ...text, ...name, text: (bar) => shortened(bar.label, narrow ? 44 : 26) }),
  ];
}

/** A waterfall of `steps` and totals. The axis reaches over `most`, and further where bars do. */
export function waterfall(steps, width, description, most = [0, 100]) {
  const bars = stacked(steps);
  const narrow = width < 460;
  const longest = Math.max(...steps.map((step) => step.label.length));
  const ends = [...most, ...bars.flatMap((bar) => [bar.x1, bar.x2])];
  const plot = Plot.plot({
    ...SHARED,
    width,
    height: bars.length * (narrow ? 36 : 25) + 34,
    marginLeft: narrow ? 4 : Math.min(190, longest * 7 + 14),
    marginRight: 44,
    marginTop: 4,
    marginBottom: 30,
    x: { domain: [Math.min(...ends), Math.max(...ends)], grid: true, label: null, ticks: 5 },
    y: { domain: bars.map((_, place) => place), axis: null, padding: narrow ? 0.32 : 0.22 },
    marks: barMarks(bars, narrow),
  });
  return described(plot, description);
}

/** How many accounts stand where: `bins` of `{ from, to, place, accounts }`. */
export function distribution(model, bins, width) {
  const { bands, cuts } = model;
  const most = new Map();
  for (const bin of bins) most.set(bin.from, (most.get(bin.from) ?? 0) + bin.accounts);
  const high = Math.max(1, ...most.values());
  const edges = [0, ...cuts, 100];
  const names = bands.map((_, place) => ({ place, x: (edges[place] + edges[place + 1]) / 2 }));
  const plot = Plot.plot({
    ...SHARED,
    width,
    height: 240,
    marginTop: 26,
    marginLeft: 52,
    marginBottom: 40,
    x: { domain: [0, 100], ticks: edges, label: "score", labelAnchor: "center", labelArrow: "none" },
    y: { domain: [0, high], grid: true, ticks: high < 5 ? high : 5, tickFormat: "~s", label: "accounts" },
    marks: [
      Plot.rectY(bins, {
        x1: "from",
        x2: "to",
        y: "accounts",
        fill: (bin) => colour(bin.place, bands),
        inset: 0.75,
        title: (bin) => `${bin.from} to ${bin.to}, ${band(bands[bin.place], bands)}: ${bin.accounts}`,
      }),
      Plot.ruleX(cuts, { stroke: "currentColor", strokeDasharray: "4,3" }),
      Plot.text(names, {
        x: "x",
        frameAnchor: "top",
        dy: -14,
        text: (it) => roomy(it.place, bands, edges[it.place + 1] - edges[it.place], width - 72),
        fontSize: 12,
        fill: "currentColor",
      }),
      Plot.ruleY([0], { stroke: "currentColor" }),
    ],
  });
  return described(plot, `Accounts by score. The table beside it has the count of each band.`);
}

function shortened(text, most) {
  return text.length > most ? `${text.slice(0, most - 1)}…` : text;
}
