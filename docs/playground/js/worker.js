// Scores a table off the page's thread.

import { Batch, textOf } from "./batch.js";
import { refused, start, ValueModelError } from "./engine.js";

let batch;

self.onmessage = async ({ data }) => {
  try {
    if (data.record !== undefined) {
      self.postMessage({ record: batch.record(data.record) });
      return;
    }
    await start();
    batch = new Batch(await textOf(data.file), data.source, data.asOf, data.defaults);
    while (batch.step(60)) self.postMessage({ progress: batch.progress, rows: batch.results.accounts.length });
    self.postMessage({ done: { ...batch.results }, about: batch.about });
  } catch (error) {
    self.postMessage({ failed: error instanceof ValueModelError ? refused(error).message : error.message });
  }
};
