// The control of one answer. Each is made once; `show` brings it up to date without taking the focus away.

import { besides, isAnswered, OFF, stateOf, valueOf, withField, withValue } from "./answer.js";
import { h } from "./dom.js";
import { scaleOf, spanOf } from "./scales.js";

/** A control: its element, and `show(answer)`. `set` is called with each new answer. */
export function control(measure, labels, set) {
  const { name, of } = scaleOf(measure);
  if (name === "yes_no")
    return choices(
      measure,
      labels,
      [
        ["yes", "Yes", true],
        ["no", "No", false],
      ],
      set,
    );
  if (name === "levels") return levels(measure, labels, Object.keys(of.levels ?? of), set);
  const span = spanOf(measure);
  const inner = name === "within" ? date : name === "growth" ? growth : span ? slider : plain;
  return withStates(measure, labels, set, (change) => inner(labels, change, span));
}

/** "Answered", "not answered" and "does not apply" above a control for the value. */
function withStates(measure, labels, set, make) {
  let shown;
  const inner = make((value) => set(value === undefined ? undefined : withValue(shown, value)), labels);
  const states = choices(measure, labels, [["answered", "Answered", inner.resting]], set);
  return {
    element: h("div", { class: "answer" }, states.element, inner.element),
    show(answer) {
      shown = answer;
      states.show(answer, stateOf(answer));
      inner.element.classList.toggle("resting", !isAnswered(answer));
      inner.show(answer);
    },
  };
}

/** A row of choices, of which one holds; the last two say why there is no answer. */
function choices(measure, labels, own, set) {
  const all = [...own, ["open", "Not answered", undefined], ["off", "Does not apply", OFF]];
  const inputs = new Map();
  let shown;
  const boxes = all.map(([key, text, value]) => {
    const choose = () => {
      const next = typeof value === "function" ? value() : value;
      set(next === undefined || next === OFF ? next : withValue(shown, next));
    };
    const input = h("input", { type: "radio", name: `choice-${measure.id}`, value: key, onchange: choose });
    inputs.set(key, input);
    return h("label", { class: "choice" }, input, h("span", {}, text));
  });
  return {
    element: h("div", { class: "choices", role: "radiogroup", "aria-labelledby": labels.title, "aria-describedby": labels.about }, boxes),
    show(answer, key = keyOf(answer, own)) {
      shown = answer;
      for (const [own, input] of inputs) input.checked = own === key;
    },
  };
}

function keyOf(answer, own) {
  const state = stateOf(answer);
  if (state !== "answered") return state;
  const value = valueOf(answer);
  return own.find(([, , it]) => it === value)?.[0] ?? { 1: "yes", 0: "no", true: "yes", false: "no" }[String(value).toLowerCase()] ?? value;
}

function levels(measure, labels, names, set) {
  let shown;
  const options = [["open", "Not answered"], ...names.map((name) => [`=${name}`, name]), ["off", "Does not apply"]];
  const choose = () => {
    if (select.value === "open") set(undefined);
    else if (select.value === "off") set(OFF);
    else set(withValue(shown, select.value.slice(1)));
  };
  const select = h(
    "select",
    { "aria-labelledby": labels.title, "aria-describedby": labels.about, onchange: choose },
    options.map(([value, text]) => h("option", { value }, text)),
  );
  return {
    element: h("div", { class: "answer" }, select),
    show(answer) {
      shown = answer;
      const state = stateOf(answer);
      select.value = state === "answered" ? `=${valueOf(answer)}` : state;
    },
  };
}

function slider(labels, change, span) {
  const text = (input) => (input.value === "" ? undefined : Number(input.value));
  const shared = { "aria-labelledby": labels.title, "aria-describedby": labels.about };
  const range = h("input", {
    ...shared,
    type: "range",
    min: span.from,
    max: span.to,
    step: span.step,
    oninput: () => change(Number(range.value)),
  });
  // A number may be finer than the slider, and outside of it: the package says what is allowed.
  const number = h("input", { ...shared, type: "number", step: "any", inputmode: "decimal", oninput: () => change(text(number)) });
  const ends = span.better === "to" ? ["worst", "best"] : ["best", "worst"];
  const bounds = h(
    "span",
    { class: "ends", "aria-hidden": "true" },
    ends.map((word, side) => h("span", {}, `${side ? span.to : span.from} ${word}`)),
  );
  return {
    element: h("div", { class: "slide" }, h("div", {}, range, bounds), number),
    resting: () => Number(range.value),
    show(answer) {
      const value = isAnswered(answer) ? valueOf(answer) : undefined;
      if (value !== undefined) range.value = value;
      range.setAttribute("aria-valuetext", value === undefined ? "not answered" : String(value));
      if (document.activeElement !== number || Number(number.value) !== value) number.value = value ?? "";
    },
  };
}

/** A number without a slider. */
function plain(labels, change) {
  const read = () => change(number.value === "" ? undefined : Number(number.value));
  const number = h("input", {
    type: "number",
    step: "any",
    inputmode: "decimal",
    "aria-labelledby": labels.title,
    "aria-describedby": labels.about,
    oninput: read,
  });
  return {
    element: h("div", {}, number),
    resting: () => Number(number.value),
    show(answer) {
      const value = isAnswered(answer) ? valueOf(answer) : undefined;
      if (document.activeElement !== number || Number(number.value) !== value) number.value = value ?? "";
    },
  };
}

function date(labels, change) {
  const input = h("input", {
    type: "date",
    "aria-labelledby": labels.title,
    "aria-describedby": labels.about,
    onchange: () => change(input.value || undefined),
  });
  return {
    element: h("div", {}, input),
    resting: () => input.value || labels.today(),
    show(answer) {
      input.value = isAnswered(answer) ? String(valueOf(answer)) : "";
    },
  };
}

/** Two numbers: now, and one period before. */
function growth(labels, change) {
  let shown;
  const number = (label, changed) => h("input", { type: "number", step: "any", "aria-label": label, oninput: changed });
  const now = number("now", () => change(now.value === "" ? undefined : Number(now.value)));
  const before = number("one period before", () => {
    if (isAnswered(shown)) labels.set(withField(shown, "before", before.value === "" ? "" : Number(before.value)));
  });
  return {
    element: h("div", { class: "pair" }, h("label", {}, "now ", now), h("label", {}, "before ", before)),
    resting: () => Number(now.value),
    show(answer) {
      shown = answer;
      if (document.activeElement !== now) now.value = isAnswered(answer) ? valueOf(answer) : "";
      if (document.activeElement !== before) before.value = besides(answer, "before");
    },
  };
}
