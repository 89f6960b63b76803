// Scores every row of a table, in a worker or, without one, in small pieces between which the page goes on.

import { Model, refused } from "./engine.js";
import { Reader } from "./csv.js";
import { groupsOf, GroupScores } from "./group-columns.js";
import { Layout } from "./wide.js";

/** How long rows are scored at a stretch, in milliseconds. */
const STRETCH = 12;
const NONE = 255;

/** What becomes of a table: columns of results, one entry for each row. */
class Results {
  accounts = [];
  lines = [];
  score = [];
  lower = [];
  upper = [];
  coverage = [];
  band = [];
  outcome = [];
  refused = new Map();

  constructor(bands, groups) {
    this.bands = bands;
    this.groups = groups;
    for (const { key } of groups) this[key] = [];
  }

  add(name, line, found) {
    this.accounts.push(name);
    this.lines.push(line);
    this.score.push(found?.score ?? NaN);
    this.lower.push(found?.lower ?? NaN);
    this.upper.push(found?.upper ?? NaN);
    this.coverage.push(found?.coverage ?? NaN);
    this.band.push(found?.band ? this.bands.indexOf(found.band) : NONE);
    this.outcome.push(found ? found.outcome : "refused");
  }
}

/** A table on its way: the text, the model, and what all its answers have in common. */
export class Batch {
  #rows = [];

  constructor(text, source, asOf, defaults) {
    this.model = new Model(source);
    this.asOf = asOf;
    this.defaults = defaults;
    this.reader = new Reader(text);
    const header = this.reader.next();
    if (!header) throw new Error("this table is empty: the first line must name the columns");
    this.layout = new Layout(header.cells, this.model.measures);
    if (this.layout.found.length === 0) throw new Error(this.#unknown(header.cells));
    this.results = new Results(this.model.bands, groupsOf(this.model));
    this.groups = new GroupScores(this.model, asOf, defaults, this.results);
  }

  /** No column holds answers: with what the package says about the names that are there. */
  #unknown(header) {
    const wanted = this.layout.absent.slice(0, 4).join(", ");
    const near = header.map((name) => this.#nearest(name)).filter(Boolean);
    return `no column has the name of a measure (${wanted}, …)${near.length > 0 ? `: ${near[0]}` : ""}`;
  }

  #nearest(name) {
    try {
      this.model.scorer.score({ account: "header", answers: { [name]: { missing: "no_data" } } }, this.asOf);
      return "";
    } catch (error) {
      const { message } = refused(error);
      return message.includes("did you mean") ? message : "";
    }
  }

  /** Columns that were not used although they look like a measure, with what the package makes of them. */
  get suspicious() {
    return this.layout.unused.map((name) => this.#nearest(name)).filter(Boolean);
  }

  /** Scores rows for a while; says whether there are more. */
  step(patience = STRETCH) {
    const end = performance.now() + patience;
    while (performance.now() < end) {
      for (let count = 0; count < 64; count++) {
        const row = this.reader.next();
        if (!row) {
          this.groups.flush();
          return false;
        }
        this.#score(row);
      }
    }
    return true;
  }

  #score(row) {
    const { layout, results, model } = this;
    const name = layout.nameOf(row);
    const place = results.accounts.length;
    this.#rows.push(row);
    try {
      if (row.cells.length !== layout.width) throw this.#ragged(row);
      const record = layout.recordOf(row, this.defaults);
      results.add(name, row.line, model.scorer.score(record, this.asOf));
      this.groups.add(place, record.answers);
    } catch (error) {
      results.add(name, row.line, undefined);
      results.refused.set(place, error.ragged ?? refused(error));
    }
  }

  /** A row with more or fewer cells than the header is refused as the command does. */
  #ragged({ cells }) {
    const { width } = this.layout;
    return { ragged: { code: "ragged_row", field: "", message: `the row has ${cells.length} fields, the header has ${width}` } };
  }

  /** How far it is, 0..1. */
  get progress() {
    return this.reader.at / Math.max(1, this.reader.text.length);
  }

  /** The record of a scored row. */
  record(place) {
    return this.layout.recordOf(this.#rows[place], this.defaults);
  }

  /** What the page needs to know about the columns. */
  get about() {
    const { found, absent, unused, header, account } = this.layout;
    return { found: found.length, absent, unused, account: account < 0 ? null : header[account], suspicious: this.suspicious };
  }
}

/** The text of a file; a file that is not UTF-8 fails with a sentence. */
export async function textOf(file) {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(await file.arrayBuffer());
  } catch {
    throw new Error(`${file.name} is not UTF-8 text: save it as “CSV UTF-8”`);
  }
}
