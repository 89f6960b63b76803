// Tables of Arrow: bytes in, bytes out. What they hold is read by the addon.

import { attempt } from "./call.js";
import { ValueModelError } from "./errors.js";
import { isDetached, packed } from "./pack.js";

/** How often progress is looked at, in milliseconds. */
const WATCH = 20;

function invalid(reason) {
  return new ValueModelError("invalid_input", "table", `\`table\`: ${reason}`);
}

const GONE = "the memory of this table was given away to another thread";

function viewOf(memory) {
  try {
    return new Uint8Array(memory);
  } catch {
    throw invalid(GONE);
  }
}

/** The bytes of a table, in memory that nobody changes meanwhile. */
function bytesOf(table) {
  let bytes = table;
  if (table instanceof ArrayBuffer || (typeof SharedArrayBuffer === "function" && table instanceof SharedArrayBuffer)) {
    bytes = viewOf(table);
  }
  if (!(bytes instanceof Uint8Array)) throw invalid("expected the bytes of a file or stream of Arrow, as a Uint8Array");
  if (isDetached(bytes)) throw invalid(GONE);
  return bytes.buffer instanceof ArrayBuffer ? bytes : Uint8Array.from(bytes);
}

function prepared(addon, scorer, options) {
  const { keep, signal, onProgress, ...others } = options ?? {};
  const native = packed([others, { keep }], (numbers, texts) => attempt(() => new addon.NativeArrow(scorer, numbers, texts)));
  return { native, signal, onProgress };
}

/** The results of a table. */
export function scoreArrow(addon, scorer, table, options) {
  const bytes = bytesOf(table);
  const { native } = prepared(addon, scorer, options);
  return attempt(() => native.score(bytes));
}

/** The same, on another thread. */
export async function scoreArrowAsync(addon, scorer, table, options) {
  options?.signal?.throwIfAborted();
  const bytes = bytesOf(table);
  const { native, signal, onProgress } = prepared(addon, scorer, options);
  const stop = () => native.stop();
  signal?.addEventListener("abort", stop, { once: true });
  const tell = () => native.rows() > 0 && onProgress(native.done(), native.rows());
  const watch = onProgress && setInterval(tell, WATCH);
  try {
    const results = await native.scoreAsync(bytes);
    signal?.throwIfAborted();
    onProgress?.(native.rows(), native.rows());
    return results;
  } catch (error) {
    signal?.throwIfAborted();
    return attempt(() => {
      throw error;
    });
  } finally {
    clearInterval(watch);
    signal?.removeEventListener("abort", stop);
  }
}
