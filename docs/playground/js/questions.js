// The questions of a model, group by group, with their answers.

import { besides, isAnswered, withField } from "./answer.js";
import { at, fill, h } from "./dom.js";
import { EXAMPLES } from "./examples.js";
import { reason, share, words } from "./format.js";
import { hintOf } from "./scales.js";
import { control } from "./widgets.js";

const SOURCES = [
  ["", "nobody in particular"],
  ["vendor_asserted", "we, the vendor"],
  ["customer_provided", "the customer"],
  ["validated_with_persona", "confirmed with the person"],
  ["measured", "measured"],
];

/** The card with all questions: `build` for another model, `show` for other answers or results. */
export class Questions {
  #state;
  #rows = new Map();
  #share;
  #top;
  #model;

  /** `share` is an element that stands below the questions. */
  constructor(state, share) {
    this.#state = state;
    this.#share = share;
  }

  build(model) {
    this.#rows.clear();
    this.#model = model.id;
    this.#top = this.#head();
    const sections = model.sections.filter(({ measures }) => measures.length > 0);
    const groups = sections.map(({ group, measures }) =>
      h(
        "section",
        { class: "group", "aria-labelledby": `group-${group.id}` },
        h(
          "h3",
          { id: `group-${group.id}` },
          group.title || words(group.id),
          group.polarity === "cost" && h("small", {}, " a cost: less is better"),
        ),
        measures.map((measure) => this.#question(measure)),
      ),
    );
    const heading = h("h2", { id: "questions-heading", tabindex: "-1" }, "2. Answer what you know");
    fill(at("questions"), heading, this.#top.element, groups, this.#share);
    this.show();
  }

  /** Who is scored, when, and who stands behind the answers. */
  #head() {
    const state = this.#state;
    const account = h("input", {
      id: "account-name",
      type: "text",
      maxlength: 200,
      autocomplete: "off",
      spellcheck: "false",
      oninput: () => state.set("account", account.value || "account"),
    });
    const asOf = h("input", { id: "as-of", type: "date", onchange: () => state.set("as_of", asOf.value) });
    const source = sourceList("default-source", () => state.set("default_source", source.value));
    const reset = (how) => () => {
      how();
      state.changed();
    };
    const clear = h("button", { type: "button", id: "clear", onclick: reset(() => state.clear()) }, "Clear all answers");
    const example = h(
      "button",
      { type: "button", id: "example", hidden: !(this.#model in EXAMPLES), onclick: reset(() => state.example(this.#model)) },
      "Example answers",
    );
    const field = (text, input) => h("div", { class: "field" }, h("label", { for: input.id }, text), input);
    const element = h(
      "div",
      { class: "fields" },
      field("Account", account),
      field("As of", asOf),
      field("The answers come from", source),
      h("div", { class: "buttons" }, example, clear),
    );
    return { element, account, asOf, source, example };
  }

  #question(measure) {
    const id = `question-${measure.id}`;
    const state = this.#state;
    const set = (answer) => state.setAnswer(measure.id, answer);
    const labels = { title: `${id}-title`, about: `${id}-about ${id}-said`, today: () => state.as_of, set };
    const widget = control(measure, labels, set);
    const counts = h("output", { class: "counts" });
    const said = h("p", { class: "said", id: `${id}-said` });
    const evidence = evidenceOf(measure, state);
    const hint = hintOf(measure);
    const element = h(
      "div",
      { class: "question", id, tabindex: "-1", role: "group", "aria-labelledby": labels.title },
      h("div", { class: "asked" }, h("h4", { id: labels.title }, measure.title || words(measure.id)), counts),
      h("p", { class: "about", id: `${id}-about` }, measure.question, hint && h("small", {}, ` (${hint})`)),
      widget.element,
      said,
      evidence.element,
    );
    this.#rows.set(measure.id, { widget, counts, said, evidence, element });
    return element;
  }

  /** Brings answers and what was found about them up to date. */
  show(found) {
    const { record, as_of } = this.#state;
    const { account, asOf, source } = this.#top;
    if (document.activeElement !== account) account.value = record.account;
    asOf.value = as_of;
    source.value = record.default_source ?? "";
    const results = new Map(found?.assessment?.measures.map((measure) => [measure.id, measure]));
    for (const [id, row] of this.#rows) {
      const answer = record.answers[id];
      row.widget.show(answer);
      row.evidence.show(answer);
      showResult(row, answer, results.get(id), found?.refusal?.field === `answers.${id}` ? found.refusal : undefined);
    }
  }

  /** Puts the focus on a question. */
  focus(id) {
    const row = this.#rows.get(id);
    row?.element.scrollIntoView({ block: "center" });
    row?.element.querySelector("input:checked, select, input")?.focus({ preventScroll: true });
  }
}

/** What an answer counts, or why it does not. */
function showResult(row, answer, result, refusal) {
  row.element.classList.toggle("refused", Boolean(refusal));
  row.said.textContent = refusal ? refusal.message : "";
  if (refusal) row.counts.textContent = "not allowed";
  else if (!result) row.counts.textContent = "";
  else if (result.unit !== null) row.counts.textContent = `counts as ${share(result.unit)}`;
  else row.counts.textContent = isAnswered(answer) || result.missing === "not_applicable" ? reason(result.missing) : "open";
  const flags = refusal ? [] : (result?.flags ?? []);
  if (flags.length > 0) row.said.textContent = flags.map(words).join(", ");
}

function sourceList(id, onchange, label) {
  return h(
    "select",
    { id, "aria-label": label, onchange },
    SOURCES.map(([value, text]) => h("option", { value }, text)),
  );
}

/** Who says so and when, for one answer. */
function evidenceOf(measure, state) {
  const change = (field, value) => state.setAnswer(measure.id, withField(state.answer(measure.id), field, value));
  const source = sourceList(undefined, () => change("source", source.value), `Who says so: ${measure.title || measure.id}`);
  const on = h("input", {
    type: "date",
    "aria-label": `On which day: ${measure.title || measure.id}`,
    onchange: () => change("on", on.value),
  });
  const element = h("details", { class: "evidence" }, h("summary", {}, "Who says so, and when"), h("div", { class: "pair" }, source, on));
  return {
    element,
    show(answer) {
      element.hidden = !isAnswered(answer);
      source.value = besides(answer, "source");
      on.value = besides(answer, "on");
    },
  };
}
