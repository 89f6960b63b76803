// A state as a link. It stands in the fragment, the part of an address that browsers do not send to anybody.

const VERSION = "v1.";
/** What a link may hold once it is unpacked, in bytes: a large model, and nothing that fills the memory. */
const MOST = 2_000_000;

/** The fragment that brings this state back. */
export async function fragmentOf(state) {
  const { source, as_of, record, kept } = state;
  const bytes = new TextEncoder().encode(JSON.stringify({ model: source, as_of, record, kept: kept ?? undefined }));
  const packed = await through(new CompressionStream("deflate-raw"), bytes, Infinity);
  return `#${VERSION}${base64(packed)}`;
}

/** The state in a fragment; null when there is none. Fails with a sentence when it cannot be read. */
export async function stateIn(fragment) {
  const text = fragment.replace(/^#/, "");
  // Other fragments name a place in the page.
  if (!/^v\d+\./.test(text)) return null;
  if (!text.startsWith(VERSION)) throw new Error("this link was made by another version of the page");
  try {
    const bytes = await through(new DecompressionStream("deflate-raw"), fromBase64(text.slice(VERSION.length)), MOST);
    return shaped(JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes)));
  } catch {
    throw new Error("this link is damaged: it was probably cut short. Ask for it again, as a whole");
  }
}

/** Only what the page itself would write; everything inside is checked by the package. */
function shaped({ model, as_of, record, kept }) {
  if (typeof model !== "string" || typeof as_of !== "string") throw new TypeError("model and date");
  return { source: model, as_of, record: recordIn(record), kept: kept ? keptIn(kept) : null };
}

function keptIn({ model, title, as_of, record }) {
  if (typeof model !== "string" || typeof as_of !== "string") throw new TypeError("model and date");
  return { model, title: String(title ?? ""), as_of, record: recordIn(record) };
}

function recordIn(record) {
  const { account, answers, default_source, default_on } = record;
  if (typeof account !== "string" || typeof answers !== "object" || answers === null) throw new TypeError("record");
  const defaults = Object.entries({ default_source, default_on }).filter(([, value]) => typeof value === "string");
  return { account, ...Object.fromEntries(defaults), answers };
}

async function through(transform, bytes, most) {
  const stream = new Blob([bytes]).stream().pipeThrough(transform);
  const parts = [];
  let size = 0;
  for (const reader = stream.getReader(); ;) {
    const { done, value } = await reader.read();
    if (done) break;
    size += value.length;
    if (size > most) throw new RangeError("too large");
    parts.push(value);
  }
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}

function base64(bytes) {
  const letters = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  return btoa(letters).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

function fromBase64(text) {
  const letters = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(letters, (letter) => letter.charCodeAt(0));
}
