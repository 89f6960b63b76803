// A worker for large tables: the page stays awake, and may watch and end the work.

import { ColumnScores } from "./columns.js";
import { ValueModelError } from "./errors.js";

const isWorker = typeof WorkerGlobalScope === "function" && globalThis instanceof WorkerGlobalScope;

/** A scorer in a worker of its own. */
export class WorkerScorer {
  #worker;
  #waiting = new Map();
  #next = 0;

  /** The model as `Scorer` takes it; `source` as `init` takes it, where the module is not beside this file. */
  constructor(model, source) {
    this.#worker = new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
    this.#worker.onmessage = ({ data }) => this.#hear(data);
    this.#worker.onerror = (event) => this.#fail(new Error(event.message || "the worker has failed"));
    const plain = typeof model?.toJSON === "function" ? model.toJSON() : model;
    this.#worker.postMessage({ model: plain, source });
  }

  /** Scores a table as `Scorer.scoreColumns` does. The table is copied, not given away. */
  scoreColumns(table, options) {
    const { signal, onProgress, ...others } = options ?? {};
    if (signal?.aborted) return Promise.reject(signal.reason);
    const id = (this.#next += 1);
    return new Promise((resolve, reject) => {
      const stop = () => {
        this.#worker.postMessage({ stop: id });
        this.#settle(id)?.reject(signal.reason);
      };
      signal?.addEventListener("abort", stop, { once: true });
      this.#waiting.set(id, { resolve, reject, onProgress, done: () => signal?.removeEventListener("abort", stop) });
      this.#worker.postMessage({ id, table, options: others });
    });
  }

  #settle(id) {
    const call = this.#waiting.get(id);
    this.#waiting.delete(id);
    call?.done();
    return call;
  }

  #hear({ id, progress, scores, refusal, problem }) {
    if (progress) return this.#waiting.get(id)?.onProgress?.(...progress);
    const call = this.#settle(id);
    if (scores) call?.resolve(new ColumnScores(scores.rows, scores.columns, scores, scores.refused));
    else call?.reject(refusal ? new ValueModelError(refusal.code, refusal.field, refusal.message) : new Error(problem));
  }

  #fail(error) {
    for (const id of [...this.#waiting.keys()]) this.#settle(id)?.reject(error);
  }

  /** Ends the worker. */
  free() {
    this.#worker.terminate();
    this.#fail(new Error("the worker was ended"));
  }
}

/** The worker's side. */
async function work() {
  const running = new Map();
  let ready;
  const serve = async ({ id, table, options }) => {
    const stop = new AbortController();
    running.set(id, stop);
    try {
      const scorer = await ready;
      const onProgress = (...progress) => postMessage({ id, progress });
      const scores = await scorer.scoreColumnsAsync(table, { ...options, signal: stop.signal, onProgress });
      const { rows, columns, bands, flags, refused } = scores;
      postMessage({ id, scores: { rows, columns, bands, flags, refused } }, Object.values(columns).map((column) => column.buffer));
    } catch (error) {
      const refusal = error instanceof ValueModelError && { code: error.code, field: error.field, message: error.message };
      postMessage({ id, refusal: refusal || undefined, problem: String(error) });
    } finally {
      running.delete(id);
    }
  };
  addEventListener("message", ({ data }) => {
    if ("id" in data) serve(data);
    else if ("stop" in data) running.get(data.stop)?.abort();
    else {
      ready = import("./index.js").then(async ({ init, Scorer }) => {
        await init(data.source);
        return new Scorer(data.model);
      });
      // Told with the first table.
      ready.catch(() => {});
    }
  });
}

if (isWorker && globalThis.name === "" && typeof globalThis.document === "undefined") work();
