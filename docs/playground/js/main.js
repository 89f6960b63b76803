// The page: one state, one model, and the cards that show them.

import { showComparison } from "./compare.js";
import { at, fill, h } from "./dom.js";
import { assess, Model, refused, start } from "./engine.js";
import { stateIn } from "./link.js";
import { ModelCard } from "./models.js";
import { Questions } from "./questions.js";
import { showResults } from "./results.js";
import { shareBox } from "./share.js";
import { State } from "./state.js";
import { TableCard } from "./table-card.js";

const state = new State();
const questions = new Questions(state, shareBox(state));
let model;
let models;

/** Starts the engine and shows the page; `source` is where the module comes from, when not from beside the package. */
export async function open(source) {
  const starting = at("starting");
  try {
    await start(source);
  } catch (error) {
    starting.textContent = `The scoring engine did not start: ${error.message}. A browser of the last two years with WebAssembly is needed.`;
    return;
  }
  models = new ModelCard(choose);
  new TableCard(tableContext, openAccount);
  use(new Model(state.source));
  await followLink();
  state.watch(show);
  window.addEventListener("hashchange", followLink);
  watchWidth();
  for (const id of ["account", "compare", "table"]) at(id).hidden = false;
  starting.hidden = true;
  at("main").setAttribute("aria-busy", "false");
  show();
}

/** Makes a model the one in use. */
function use(next) {
  model?.free();
  model = next;
  state.source = next.source;
  models.show(next);
  questions.build(next);
}

/** What a person chose: gives the refusal where there is one. */
function choose(source) {
  try {
    const next = new Model(source);
    const same = next.id === model.id;
    use(next);
    const ids = next.measures.map((measure) => measure.id);
    const answered = Object.keys(state.record.answers).some((id) => ids.includes(id));
    // The same questions keep their answers; another preset begins with its made-up account.
    if (same || answered) state.only(ids);
    else state.example(next.id);
    state.changed();
    return undefined;
  } catch (error) {
    return refused(error);
  }
}

function show() {
  const found = assess(model, state.record, state.as_of, state.kept);
  questions.show(found);
  showResults(model, found, (id) => questions.focus(id));
  showComparison(state, found, { title: model.title, restore });
}

function restore() {
  const { model: source, as_of, record } = state.kept;
  if (source !== model.source) use(new Model(source));
  state.load({ source, as_of, record });
  state.changed();
}

function tableContext() {
  const { default_source, default_on } = state.record;
  const defaults = Object.fromEntries(Object.entries({ default_source, default_on }).filter(([, value]) => value));
  return { model, asOf: state.as_of, defaults };
}

/** Takes an account of a table to the questions, with the model and the date that scored it. */
function openAccount(scored) {
  if (scored.source !== model.source) use(new Model(scored.source));
  state.load(scored);
  state.changed();
  at("questions-heading").scrollIntoView();
  at("questions-heading").focus({ preventScroll: true });
}

/** Brings back the state of the link by which the page was opened. */
async function followLink() {
  try {
    const linked = await stateIn(location.hash);
    if (!linked) return;
    if (linked.kept) new Model(linked.kept.model).free();
    use(new Model(linked.source));
    state.load(linked);
    state.changed();
  } catch (error) {
    fill(at("live"), "");
    at("model").append(
      h("p", { class: "problem", id: "link-problem", role: "alert" }, `The link could not be followed: ${error.message}.`),
    );
  }
}

/** Pictures are drawn for the room that there is. */
function watchWidth() {
  let width = window.innerWidth;
  window.addEventListener("resize", () => {
    if (window.innerWidth === width) return;
    width = window.innerWidth;
    state.changed();
  });
}
