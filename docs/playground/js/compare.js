// Two states of an account beside each other, and why the score changed.

import { waterfall } from "./charts.js";
import { at, fill, h, table } from "./dom.js";
import { gain, score, share } from "./format.js";
import { widthOf } from "./results.js";

const EFFECTS = [
  ["model", "The model", "other questions, weights or rules"],
  ["behaviour", "Behaviour", "answers that changed"],
  ["coverage", "Coverage", "answers that came, went or aged"],
  ["override", "Override", "a person’s judgement"],
];

/** Shows the comparison, or how to begin one; `restore` goes back to the kept state. */
export function showComparison(state, found, { title, restore }) {
  const section = at("compare");
  const heading = h("h2", { id: "compare-heading" }, "3. Compare two states");
  const keep = button("keep", state.kept ? "Keep this state instead" : "Keep this state to compare", () => state.keep(title));
  if (!state.kept) {
    const how =
      "Keep the state as it is, then change answers, the date or the model: this shows what moved the score, and whether it was the customer or only what you know.";
    return unlessFocused(section, heading, h("p", {}, how), h("div", { class: "buttons" }, keep));
  }
  const back = button("back", "Go back to the kept state", restore);
  const forget = button("forget", "Forget it", () => {
    state.kept = null;
    state.changed();
  });
  unlessFocused(
    section,
    heading,
    h("p", { class: "about" }, `Kept: ${state.kept.record.account} as of ${state.kept.as_of}, by the model ${state.kept.title}.`),
    h("div", { class: "buttons" }, keep, back, forget),
    found.refusal ? h("p", {}, "There is no score to compare with just now.") : split(found.delta),
  );
}

/** Buttons are made anew with each picture; the one that had the focus gets it back. */
function unlessFocused(section, ...children) {
  const focused = section.contains(document.activeElement) ? document.activeElement.id : "";
  fill(section, ...children);
  if (focused) (at(focused) ?? at("keep")).focus({ preventScroll: true });
}

function button(id, text, onclick) {
  return h("button", { type: "button", id, onclick }, text);
}

function split(delta) {
  if (delta.refusal) return h("p", { class: "problem" }, delta.refusal.message);
  const summary = h("p", { class: "summary", id: "delta-summary" }, delta.summary);
  if (delta.change === null) return [summary, h("p", {}, `Then ${score(delta.before)}, now ${score(delta.after)}.`)];
  const effects = EFFECTS.filter(([key]) => typeof delta[key] === "number" && (key !== "override" || delta[key] !== 0));
  const steps = [
    ...effects.map(([key, label]) => ({ label, points: delta[key] })),
    { label: "All together", total: delta.change, text: gain(delta.change) },
  ];
  const spoken = `From ${score(delta.before)} to ${score(delta.after)}: ${effects.map(([key, label]) => `${label} ${gain(delta[key])}`).join(", ")}.`;
  const rows = [
    ["Kept", score(delta.before), ""],
    ...effects.map(([key, label, about]) => [label, gain(delta[key]), about]),
    ["Now", score(delta.after), `${gain(delta.change)} in all`],
  ];
  return [
    summary,
    h(
      "div",
      { class: "beside" },
      waterfall(steps, Math.min(560, widthOf("compare")), spoken, [-5, 5]),
      table("Why the score changed", ["Part", "Points", "What it is"], rows),
    ),
    measuresOf(delta),
  ];
}

function measuresOf(delta) {
  if (delta.measures.length === 0) return null;
  const rows = delta.measures.map((measure) => [
    measure.title || measure.id,
    share(measure.before),
    share(measure.after),
    gain(measure.behaviour),
    gain(measure.coverage),
  ]);
  return table("Each answer’s part", ["Answer", "Then", "Now", "Behaviour", "Coverage"], rows);
}
