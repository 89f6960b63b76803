// What the person has chosen and answered, and who wants to know when it changes.

import { EXAMPLES } from "./examples.js";

/** The state: a model by its source, a record, a date, and another state to compare with. */
export class State {
  source = "value-realization";
  as_of = "2026-11-01";
  record = { account: "acme", answers: {} };
  kept = null;
  #listeners = [];
  #waiting = false;

  constructor() {
    this.example("value-realization");
  }

  /** Calls `listener` once after each burst of changes, before the next picture of the screen. */
  watch(listener) {
    this.#listeners.push(listener);
  }

  changed() {
    if (this.#waiting) return;
    this.#waiting = true;
    requestAnimationFrame(() => {
      this.#waiting = false;
      for (const listener of this.#listeners) listener();
    });
  }

  /** The answer to a measure; `undefined` where there is none. */
  answer(id) {
    return this.record.answers[id];
  }

  /** Sets an answer: a value, `{ missing }`, or an object with value and evidence. `undefined` takes it back. */
  setAnswer(id, answer) {
    const { [id]: _, ...others } = this.record.answers;
    this.record = { ...this.record, answers: answer === undefined ? others : { ...others, [id]: answer } };
    this.changed();
  }

  /** Sets or takes back a field of the record or of the state. */
  set(field, value) {
    if (field === "as_of") {
      this.as_of = value;
    } else {
      const { [field]: _, ...others } = this.record;
      this.record = value === "" ? others : { ...others, [field]: value };
    }
    this.changed();
  }

  /** Fills in the made-up account of a preset; another model gets an empty one. */
  example(id) {
    const example = EXAMPLES[id];
    if (example) {
      this.as_of = example.as_of;
      this.record = structuredClone(example.record);
    } else {
      this.clear();
    }
  }

  /** Takes all answers back. */
  clear() {
    this.record = { ...this.record, answers: {} };
  }

  /** Leaves out answers to what the model does not ask. */
  only(ids) {
    const known = Object.entries(this.record.answers).filter(([id]) => ids.includes(id));
    this.record = { ...this.record, answers: Object.fromEntries(known) };
  }

  /** Remembers the state as it is, to compare with; `title` is the model's. */
  keep(title) {
    this.kept = { model: this.source, title, as_of: this.as_of, record: structuredClone(this.record) };
    this.changed();
  }

  /** Takes over a whole state, such as that of a link. */
  load({ source, as_of, record, kept = this.kept }) {
    Object.assign(this, { source, as_of, record: structuredClone(record), kept });
  }
}
