// What was found about one account: the headline, where the points come from, what is missing, what to do next.

import { scaleBar, waterfall } from "./charts.js";
import { announce, at, fill, h, table } from "./dom.js";
import { band, gain, mark, reason, score, share, tone, words } from "./format.js";

/** Shows what was found; `go` leads to a question. */
export function showResults(model, found, go) {
  if (found.refusal) {
    showRefusal(found.refusal);
    return;
  }
  const { assessment, next } = found;
  showHeadline(model, assessment);
  fill(at("details"), pointsCard(assessment), missingCard(assessment, go), nextCard(next, go), groupsCard(assessment));
  announce(spoken(assessment));
}

function showRefusal({ code, field, message }) {
  fill(
    at("headline"),
    h("h2", { id: "headline-heading" }, "Score"),
    h(
      "p",
      { class: "problem", id: "refusal" },
      h("strong", {}, "Not scored. "),
      message,
      h("small", {}, ` (${[code, field].filter(Boolean).join(", ")})`),
    ),
  );
  fill(at("details"));
  announce(`Not scored: ${message}`);
}

function showHeadline(model, assessment) {
  const { bands } = model;
  const { account, coverage, lower_band: least } = assessment;
  const scored = assessment.score !== null;
  const place = bands.indexOf(assessment.band);
  const badge = h("span", { class: "badge", id: "band", "data-band": tone(place, bands) }, band(assessment.band, bands));
  fill(
    at("headline"),
    h("h2", { id: "headline-heading" }, account),
    h(
      "p",
      { class: "number" },
      h("output", { id: "score" }, scored ? score(assessment.score) : "no score"),
      scored && h("small", {}, " of 100 "),
      scored ? badge : h("span", { class: "badge" }, reason(assessment.outcome)),
    ),
    scaleBar(model, assessment, widthOf("headline")),
    h(
      "p",
      { class: "bounds" },
      boundsText(assessment),
      isOpen(assessment) && h("span", { class: "least" }, ` ${mark(bands.indexOf(least), bands)} ${words(least)} at worst.`),
    ),
    h(
      "dl",
      { class: "facts" },
      fact("Answered", "coverage", share(coverage), coverage),
      fact("Backed by the customer", "validated", share(assessment.validated_share), assessment.validated_share),
      fact("Fresh", "fresh", share(assessment.fresh_share), assessment.fresh_share),
    ),
  );
}

/** Whether nothing is left that could move the score. */
function isSettled({ lower, upper, coverage }) {
  return share(coverage) === "100%" && score(lower) === score(upper);
}

/** Whether answers are still to come. */
function isOpen(assessment) {
  return assessment.outcome !== "not_applicable" && !isSettled(assessment);
}

function boundsText(assessment) {
  const { lower, upper } = assessment;
  const ends = (id, number) => h("strong", { id }, score(number));
  if (assessment.outcome === "not_applicable") return "No question applies to this account, so there is nothing to score.";
  if (isSettled(assessment))
    return ["Everything is answered: it is ", ends("lower", lower), h("span", { hidden: true, id: "upper" }, score(upper)), " for sure."];
  return ["Once everything is answered it ends between ", ends("lower", lower), " and ", ends("upper", upper), ":"];
}

function fact(text, id, shown, value) {
  return h(
    "div",
    {},
    h("dt", {}, text),
    h("dd", {}, h("span", { id }, shown), h("meter", { min: 0, max: 1, value, "aria-hidden": "true" })),
  );
}

function titles(assessment) {
  const all = [...assessment.groups, ...assessment.measures, ...assessment.rules];
  return new Map(all.map((part) => [part.id, part.title || words(part.id)]));
}

/** Whether the table stands open; it is made anew with each change. */
let opened = false;

/** The points of each answer, as a picture and as a table. */
function pointsCard(assessment) {
  const names = titles(assessment);
  const off = new Set(assessment.measures.filter((measure) => measure.missing === "not_applicable").map((measure) => measure.id));
  const parts = assessment.contributions
    .filter((part) => !off.has(part.id))
    .map(({ id, points }) => ({ label: names.get(id) ?? words(id), points }));
  if (assessment.score === null) return card("points", "Where the points come from", h("p", {}, "Without a score there are no points."));
  const steps = [...parts, { label: "Score", total: assessment.score }];
  const spoken = `Points of the score, one bar for each answer, ${score(assessment.score)} together. The table below has the same numbers.`;
  const rules = assessment.rules.map((rule) =>
    h("p", { class: "rule" }, `Rule: ${rule.title || words(rule.id)} (${score(rule.before)} became ${score(rule.after)})`),
  );
  return card(
    "points",
    "Where the points come from",
    waterfall(steps, widthOf("details"), spoken),
    rules,
    h(
      "details",
      { open: opened, ontoggle: (event) => (opened = event.target.open) },
      h("summary", {}, "The same as a table"),
      table(
        "Points of each answer",
        ["Answer", "Points"],
        [...parts.map(({ label, points }) => [label, gain(points)]), ["Score", score(assessment.score)]],
      ),
    ),
  );
}

function missingCard(assessment, go) {
  const missing = assessment.measures.filter((measure) => measure.missing !== null && measure.missing !== "not_applicable");
  if (missing.length === 0) return card("missing", "What is missing", h("p", {}, "Nothing: everything that applies is answered."));
  const items = missing.map((measure) => h("li", {}, leadTo(measure, go), h("span", {}, ` ${reason(measure.missing)}`)));
  return card("missing", "What is missing", h("ul", { class: "list" }, items));
}

function nextCard(next, go) {
  const worth = next.measures.filter((candidate) => score(candidate.headroom) !== "0.0").slice(0, 5);
  const hint = h("p", { class: "about" }, "What the score would gain if this one answer were as good as can be.");
  if (worth.length === 0)
    return card(
      "next",
      "Next best value",
      h("p", {}, next.score === null ? "Without a score there is nothing to gain from yet." : "There is nothing left to win."),
    );
  const items = worth.map((candidate) =>
    h(
      "li",
      {},
      leadTo(candidate, go),
      h("strong", {}, ` ${gain(candidate.headroom)} points`),
      h("span", {}, candidate.unit === null ? " (not known now)" : ` (now ${share(candidate.unit)})`),
      candidate.effort !== null && h("span", {}, `, ${score(candidate.points_per_effort)} per unit of effort`),
    ),
  );
  return card("next", "Next best value", hint, h("ol", { class: "list" }, items));
}

function leadTo(measure, go) {
  return h("button", { type: "button", class: "link", onclick: () => go(measure.id) }, measure.title || words(measure.id));
}

function groupsCard(assessment) {
  if (assessment.groups.length < 2) return null;
  const rows = assessment.groups.map((group) => [
    `${"\u2003".repeat(group.depth)}${group.title || words(group.id)}`,
    group.score === null ? "–" : score(group.score),
    group.cost_score === null ? "" : score(group.cost_score),
    `${score(group.lower)} to ${score(group.upper)}`,
    share(group.coverage),
  ]);
  return card(
    "groups",
    "The parts of the model",
    table("Scores of the groups", ["Group", "Score", "As a cost", "Bounds", "Answered"], rows),
  );
}

function card(id, title, ...children) {
  return h("section", { class: "card", id, "aria-labelledby": `${id}-heading` }, h("h2", { id: `${id}-heading` }, title), children);
}

/** The room for a picture, in pixels. */
export function widthOf(id) {
  return Math.max(240, Math.floor(at(id).clientWidth) - 34);
}

function spoken({ account, score: value, band: name, lower, upper, coverage, outcome }) {
  const headline = value === null ? `no score, ${reason(outcome)}` : `score ${score(value)} of 100, ${words(name)}`;
  return `${account}: ${headline}; bounds ${score(lower)} to ${score(upper)}; ${share(coverage)} answered.`;
}
