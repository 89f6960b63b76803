// The WebAssembly module: started once, and started afresh when it has failed.

import start, * as glue from "./value_model.js";

let started = false;
let starting;

/** Whether a value is what the module is made from. */
const isNode = typeof process === "object" && process.versions?.node !== undefined && typeof window === "undefined";

/**
 * Starts the module; calling it again does nothing. Without an argument the module beside this file is taken.
 *
 * @param {URL | string | Response | BufferSource | WebAssembly.Module | Promise<Response>} [source]
 */
export function init(source) {
  starting ??= load(source).then(
    () => {
      started = true;
    },
    (problem) => {
      starting = undefined;
      throw problem;
    },
  );
  return starting;
}

async function load(source) {
  if (source === undefined && isNode) source = await readHere();
  await start(source === undefined ? undefined : { module_or_path: source });
}

/** Node cannot fetch from files. */
async function readHere() {
  const { readFile } = await import(/* @vite-ignore */ "node:fs/promises".slice());
  return readFile(new URL("./value_model_bg.wasm", import.meta.url));
}

const NOT_STARTED = "value-model is not started: `await init()` first";

export const host = {
  /** Rises with every instance; what belongs to an older one is gone. */
  instance: 0,

  /** What the module exports. */
  native() {
    if (!started) throw new Error(NOT_STARTED);
    return glue;
  },

  /** The error to throw for what a call has thrown. A refusal is a text; anything else has broken the instance. */
  refusal(error, refusalOf) {
    if (typeof error === "string") return refusalOf(error);
    glue.__wbg_reset_state();
    host.instance += 1;
    const said = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    const message = `this is a mistake in value-model, please report it: ${said}`;
    const refusal = refusalOf(`!${JSON.stringify({ code: "invalid_input", field: "", message })}`);
    refusal.cause = error;
    return refusal;
  },
};
