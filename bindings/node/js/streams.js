// Transforms: accounts in, results out, as a pipeline pipes them. Memory stays flat however long the input is.

import { Transform } from "node:stream";

import { CsvReader, field } from "./csv.js";
import { ValueModelError } from "./errors.js";

/** The most characters of a line. */
const LONGEST = 1 << 26;
/** Rows that are scored at a time. */
const ROWS = 4096;

function invalid(reason) {
  return new ValueModelError("invalid_input", "", reason);
}

/** Bytes as text, wherever they are cut. */
class Text {
  #decoder = new TextDecoder("utf-8", { fatal: true });
  #seen = false;

  decode(chunk, last) {
    if (!this.#seen && chunk.length > 1) {
      this.#seen = true;
      if ((chunk[0] === 0xff && chunk[1] === 0xfe) || (chunk[0] === 0xfe && chunk[1] === 0xff)) {
        throw invalid("the text is UTF-16; save it as UTF-8");
      }
    }
    try {
      return this.#decoder.decode(chunk, { stream: !last });
    } catch {
      throw invalid("the text is not UTF-8 (perhaps Latin-1 or Windows-1252); save it as UTF-8");
    }
  }
}

/** A transform of text: `take` gives what comes out for a piece of what goes in. */
function transform(take) {
  const text = new Text();
  const run = (chunk, last, done) => {
    let out;
    try {
      out = take(text.decode(chunk, last), last);
    } catch (error) {
      return done(error);
    }
    return done(null, out === "" ? undefined : out);
  };
  return new Transform({
    transform(chunk, encoding, done) {
      run(typeof chunk === "string" ? Buffer.from(chunk, encoding) : chunk, false, done);
    },
    flush(done) {
      run(new Uint8Array(0), true, done);
    },
  });
}

/** One account as JSON per line in, one result per line out. */
export function ndjsonScorer(scorer, options) {
  let rest = "";
  let line = 1;
  // Before the first line: a date that is none is not a matter of any line.
  scorer.scoreLines("", options);
  return transform((text, last) => {
    rest += text;
    const end = last ? rest.length : rest.lastIndexOf("\n") + 1;
    if (rest.length - end > LONGEST) throw invalid(`line ${line} is too long`);
    const whole = rest.slice(0, end);
    rest = rest.slice(end);
    const out = whole === "" ? "" : scorer.scoreLines(whole, { ...options, first_line: line });
    for (let at = whole.indexOf("\n"); at >= 0; at = whole.indexOf("\n", at + 1)) line += 1;
    return out;
  });
}

/** A table with a row per account and a column per measure in, a table of results out. */
export function csvScorer(scorer, options) {
  const { keep, delimiter = ",", ...others } = options ?? {};
  const reader = new CsvReader(delimiter);
  const table = new Rows(scorer, keep, delimiter, others);
  return transform((text, last) => {
    let out = "";
    for (const row of reader.rows(text, last)) out += table.add(row);
    return last ? out + table.end() : out;
  });
}

/** Rows on their way to the scorer. */
class Rows {
  #names;
  #rows = [];
  #scored = 0;
  #headed = false;

  constructor(scorer, keep, delimiter, options) {
    Object.assign(this, { scorer, keep, delimiter, options });
  }

  add(row) {
    if (this.#names === undefined) {
      this.#begin(row);
      return "";
    }
    if (row.length !== this.#names.length) {
      const at = this.#scored + this.#rows.length;
      throw new ValueModelError("invalid_input", `[${at}]`, `\`[${at}]\`: has ${row.length} fields, but there are ${this.#names.length} columns`);
    }
    this.#rows.push(row);
    return this.#rows.length < ROWS ? "" : this.#score();
  }

  #begin(names) {
    const twice = names.find((name, place) => names.indexOf(name) !== place);
    if (twice !== undefined) throw new ValueModelError("duplicate", "columns", `\`columns\` holds \`${twice}\` twice`);
    this.#names = names;
    this.keep ??= names.includes("account") ? ["account"] : [];
    const lost = this.keep.find((name) => !names.includes(name));
    if (lost !== undefined) throw new ValueModelError("unknown_id", "keep", `\`keep\` names \`${lost}\`, which does not exist`);
  }

  end() {
    if (this.#names === undefined) throw new ValueModelError("empty", "columns", "`columns` must hold at least one entry");
    return this.#rows.length > 0 || !this.#headed ? this.#score() : "";
  }

  #score() {
    const rows = this.#rows;
    const columns = Object.fromEntries(this.#names.map((name, place) => [name, rows.map((row) => row[place])]));
    const scores = this.scorer.scoreColumns(columns, this.options);
    const shown = Object.keys(scores.columns);
    const line = (fields) => `${fields.map((value) => field(value, this.delimiter)).join(this.delimiter)}\n`;
    let out = this.#headed ? "" : line([...this.keep, ...shown, "code"]);
    for (let row = 0; row < rows.length; row += 1) {
      const found = scores.row(row);
      out += line([...this.keep.map((name) => columns[name][row]), ...shown.map((name) => found[name]), found.code]);
    }
    this.#headed = true;
    this.#scored += rows.length;
    this.#rows = [];
    return out;
  }
}
