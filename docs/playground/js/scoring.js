// One run over a table: starts it, reports progress, can be cancelled, and gives single records back.

import { Batch, textOf } from "./batch.js";

/** A page that was opened without a server may not start workers. */
const HAS_WORKERS = location.protocol !== "file:";

/** Starts a run: `{ done, cancel, record }`. `done` fails with an AbortError when it was cancelled. */
export function run(file, source, asOf, defaults, onProgress) {
  return (HAS_WORKERS ? inWorker : inPieces)({ file, source, asOf, defaults }, onProgress);
}

function cancelled() {
  return new DOMException("cancelled", "AbortError");
}

function inWorker(task, onProgress) {
  const worker = new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
  let wanted = () => {};
  let cancel;
  const done = new Promise((resolve, reject) => {
    cancel = () => {
      worker.terminate();
      reject(cancelled());
    };
    worker.onerror = () => reject(new Error("the worker could not start"));
    worker.onmessage = ({ data }) => {
      if (data.progress !== undefined) onProgress(data.progress, data.rows);
      else if (data.failed !== undefined) reject(new Error(data.failed));
      else if (data.record !== undefined) wanted(data.record);
      else resolve({ results: data.done, about: data.about });
    };
    worker.postMessage(task);
  });
  const record = (place) =>
    new Promise((resolve) => {
      wanted = resolve;
      worker.postMessage({ record: place });
    });
  return { done, cancel, record, free: () => worker.terminate() };
}

function inPieces({ file, source, asOf, defaults }, onProgress) {
  let stopped = false;
  let batch;
  const work = async () => {
    batch = new Batch(await textOf(file), source, asOf, defaults);
    while (batch.step()) {
      onProgress(batch.progress, batch.results.accounts.length);
      await new Promise((resolve) => setTimeout(resolve));
      if (stopped) throw cancelled();
    }
    return { results: batch.results, about: batch.about };
  };
  const cancel = () => {
    stopped = true;
  };
  return { done: work(), cancel, record: async (place) => batch.record(place), free: () => batch?.model.free() };
}
