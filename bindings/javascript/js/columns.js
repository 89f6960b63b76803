// Tables: one column per measure, in typed arrays where they hold numbers.

import { attempt } from "./call.js";
import { ValueModelError } from "./errors.js";
import { isDetached, packed } from "./pack.js";

const OUTCOMES = ["scored", "insufficient", "not_applicable"];
const NO_CODE = 255;
const TypedArray = Object.getPrototypeOf(Uint8Array);

/** The scores of a table: a column of results per name, one entry per row, in the same order. */
export class ColumnScores {
  #bands;
  #flags;

  constructor(rows, columns, { bands, flags }, refused) {
    this.rows = rows;
    this.columns = columns;
    this.refused = refused;
    this.#bands = bands;
    this.#flags = new Set(flags);
  }

  /** The names of the bands; `columns.band` holds their places, 255 where there is none. */
  get bands() {
    return [...this.#bands];
  }

  /** The columns that are flags: 1 where it is so, 0 where not, 255 in refused rows. */
  get flags() {
    return [...this.#flags];
  }

  /** One row as an object: names for codes, true and false for flags, null where there is no value. */
  row(index) {
    if (!Number.isInteger(index) || index < 0 || index >= this.rows) throw new RangeError(`there is no row ${index}`);
    const out = {};
    for (const [name, column] of Object.entries(this.columns)) out[name] = this.#cell(name, column[index], column);
    out.code = this.refused.find((row) => row.row === index)?.code ?? null;
    return out;
  }

  #cell(name, value, column) {
    if (column instanceof Float64Array) return Number.isNaN(value) ? null : value;
    if (value === NO_CODE) return null;
    if (this.#flags.has(name)) return value === 1;
    return name === "outcome" ? OUTCOMES[value] : this.#bands[value];
  }
}

/** A table and how it is scored, as the native part takes it. */
export class Sheet {
  constructor(host, nativeScorer, table, options) {
    const { names, numeric, rows } = shapeOf(table);
    const { signal, onProgress, ...others } = options ?? {};
    this.signal = signal;
    this.onProgress = onProgress;
    this.rows = rows;
    this.native = packed([others, { names, numeric, rows }], (numbers, texts) => {
      const { NativeTable } = host.native();
      return attempt(() => new NativeTable(nativeScorer, numbers, texts));
    });
    const about = JSON.parse(attempt(() => this.native.about()));
    this.results = about.results;
    this.numbers = about.numbers.map((name) => floats(table[name]));
    about.values.forEach((name, place) => {
      const list = isTyped(table[name]) ? Array.from(table[name]) : table[name];
      packed([list], (numbers, texts) => attempt(() => this.native.give(place, numbers, texts)));
    });
  }

  /** The scores, from the results of the native part. */
  scores(outputs, bands) {
    const columns = {};
    this.results.forEach(([name], place) => {
      columns[name] = outputs[place];
    });
    const flags = this.results.filter(([, , flag]) => flag).map(([name]) => name);
    return new ColumnScores(this.rows, columns, { bands, flags }, JSON.parse(attempt(() => this.native.refusals())));
  }

  free() {
    this.native.free?.();
  }
}

function shapeOf(table) {
  if (typeof table !== "object" || table === null || Array.isArray(table) || isTyped(table)) {
    throw invalid("table", "expected an object with a column per measure");
  }
  const names = Object.keys(table);
  const lengths = names.map((name) => lengthOf(name, table[name]));
  const rows = lengths[0] ?? 0;
  const odd = lengths.findIndex((length) => length !== rows);
  if (odd >= 0) throw conflict(names[odd], `has ${lengths[odd]} rows, but \`${names[0]}\` has ${rows}`);
  return { names, numeric: names.map((name) => isTyped(table[name])), rows };
}

function lengthOf(name, column) {
  if (isTyped(column)) {
    if (isDetached(column)) throw invalid(name, "the memory of these numbers was given away to another thread");
    return column.length;
  }
  if (Array.isArray(column)) return column.length;
  throw invalid(name, "a column is an array or a typed array");
}

function isTyped(column) {
  return column instanceof TypedArray;
}

/** The numbers of a column as the kernel reads them: 64-bit floats as they are, others converted at once. */
function floats(column) {
  if (column instanceof Float64Array) return column;
  if (column instanceof BigInt64Array || column instanceof BigUint64Array) return Float64Array.from(column, Number);
  return new Float64Array(column);
}

function invalid(field, reason) {
  return new ValueModelError("invalid_input", field, `\`${field}\`: ${reason}`);
}

function conflict(field, reason) {
  return new ValueModelError("conflict", field, `\`${field}\` ${reason}`);
}

