// The WebAssembly module: started once, and started afresh when it has failed.

import { refusalOf, ValueModelError } from "./errors.js";
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

/** How long the thread is kept, in milliseconds. */
const PATIENCE = 8;

/** Lets everything else run that waits; a timer would wait four milliseconds each time. */
function pause() {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(undefined);
  });
}

/** A table on its way through the memory of the module. */
class Pieces {
  done = 0;

  constructor(sheet) {
    this.sheet = sheet;
    this.most = glue.piece();
    this.outputs = sheet.results.map(([, code]) => new (code ? Uint8Array : Float64Array)(sheet.rows));
  }

  /** Scores one piece and says whether there are more. */
  next() {
    const { sheet, done, outputs } = this;
    const rows = Math.min(this.most, sheet.rows - done);
    if (rows <= 0) return false;
    // The memory may have grown, and then its old buffer is gone.
    let memory = glue.wasmMemory().buffer;
    sheet.numbers.forEach((column, place) => {
      new Float64Array(memory, sheet.native.input(place), rows).set(column.subarray(done, done + rows));
    });
    sheet.native.score(done, rows);
    memory = glue.wasmMemory().buffer;
    outputs.forEach((column, place) => {
      column.set(new column.constructor(memory, sheet.native.output(place), rows), done);
    });
    this.done = done + rows;
    return this.done < sheet.rows;
  }
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

  /** Numbers as the module writes into them. */
  memory(numbers) {
    return numbers;
  },

  /** Scores a table piece by piece. */
  score(sheet) {
    const pieces = new Pieces(sheet);
    while (pieces.next());
    return pieces.outputs;
  },

  /** The same, with a pause for others every few milliseconds. */
  async scoreAsync(sheet) {
    const pieces = new Pieces(sheet);
    let rested = performance.now();
    while (pieces.next()) {
      if (performance.now() - rested < PATIENCE) continue;
      sheet.onProgress?.(pieces.done, sheet.rows);
      await pause();
      sheet.signal?.throwIfAborted();
      rested = performance.now();
    }
    sheet.onProgress?.(sheet.rows, sheet.rows);
    return pieces.outputs;
  },

  /** Arrow is read in Node only. */
  scoreArrow() {
    const message = "`table`: the package for browsers reads no Arrow; give `scoreColumns` the values of each column";
    throw new ValueModelError("invalid_input", "table", message);
  },

  async scoreArrowAsync() {
    return host.scoreArrow();
  },

  /** The error to throw for what a call has thrown. A refusal is a text; anything else has broken the instance. */
  refusal(error) {
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
