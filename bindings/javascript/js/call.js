// One call of the native part: values packed, results parsed, refusals thrown.

import { host } from "./host.js";
import { packed } from "./pack.js";

/** Runs a call of the native part; what it refuses is thrown as an error of ours. */
export function attempt(work) {
  try {
    return work();
  } catch (error) {
    throw host.refusal(error);
  }
}

/** Apply the formula with this id to an input. */
export function call(id, input) {
  return packed([input], (numbers, texts) => JSON.parse(attempt(() => host.native().call(id, numbers, texts))));
}

/** What a call of the native part says about what it has. */
export function told(name) {
  return JSON.parse(attempt(() => host.native()[name]()));
}

/** Every formula with its id, version, source and one-line expression. */
export function catalog() {
  return told("catalog");
}

/** The models that come with the package: id, title and the document as TOML. */
export function presets() {
  return told("presets");
}

/** Every code that a ValueModelError can have. */
export function errorCodes() {
  return told("codes");
}

/** What is allowed in a model but probably not meant: an empty list says that nothing was found. */
export function lint(model) {
  return packed([model], (numbers, texts) => JSON.parse(attempt(() => host.native().lint(numbers, texts))));
}
