// The addon: one file per platform, beside this one. Nothing is built or fetched when the package is installed.

import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { arch, platform, report } from "node:process";
import { fileURLToPath } from "node:url";
import { scoreArrow, scoreArrowAsync } from "./arrow.js";
import { refusalOf } from "./errors.js";

/** As `linux-x64-gnu`: how the file of this machine is called. */
function machine() {
  const isMusl = platform === "linux" && !report.getReport().header.glibcVersionRuntime;
  return [platform, arch, ...(platform === "linux" ? [isMusl ? "musl" : "gnu"] : [])].join("-");
}

function load() {
  const name = `./value_model.${machine()}.node`;
  if (!existsSync(fileURLToPath(new URL(name, import.meta.url)))) {
    throw new Error(`@value-model/node has no addon for ${machine()}; @value-model/web runs in every Node`);
  }
  return createRequire(import.meta.url)(name);
}

const addon = load();

/** Does nothing: the addon is ready. It is here so that a program runs unchanged in the browser. */
export function init(_source) {
  return Promise.resolve();
}

/** How often progress is looked at, in milliseconds. */
const WATCH = 20;

export const host = {
  /** An addon never goes down alone. */
  instance: 0,

  native() {
    return addon;
  },

  /** Numbers as the addon writes into them. */
  memory(numbers) {
    return Buffer.from(numbers.buffer);
  },

  score(sheet) {
    return sheet.native.score(sheet.numbers);
  },

  async scoreAsync(sheet) {
    const { native, numbers, signal, onProgress, rows } = sheet;
    const stop = () => native.stop();
    signal?.addEventListener("abort", stop, { once: true });
    const watch = onProgress && setInterval(() => onProgress(Math.min(native.done(), rows), rows), WATCH);
    try {
      const outputs = await native.scoreAsync(numbers);
      signal?.throwIfAborted();
      onProgress?.(rows, rows);
      return outputs;
    } catch (error) {
      throw host.refusal(error);
    } finally {
      clearInterval(watch);
      signal?.removeEventListener("abort", stop);
    }
  },

  scoreArrow(scorer, table, options) {
    return scoreArrow(addon, scorer, table, options);
  },

  scoreArrowAsync(scorer, table, options) {
    return scoreArrowAsync(addon, scorer, table, options);
  },

  /** The error to throw for what a call has thrown. */
  refusal(error) {
    return error instanceof Error && error.message.startsWith("!{") ? refusalOf(error.message) : error;
  },
};
