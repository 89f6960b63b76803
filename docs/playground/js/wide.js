// A wide table: one row for each account, one column for each measure. Each row becomes a record of the package.

import { scaleOf } from "./scales.js";

/** Columns that may name the account, by preference. */
const NAMES = ["account", "id", "customer", "name"];
/** Numbers as the command reads them. Anything else stays a text, which the package refuses or knows as a missing code. */
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;
const TEXTS = new Set(["levels", "within"]);

/** How the columns of a table are read, from its header. */
export class Layout {
  constructor(header, measures) {
    const names = header.map((name) => name.trim());
    const twice = names.find((name, place) => name !== "" && names.indexOf(name) !== place);
    if (twice !== undefined) throw new Error(`the header holds \`${twice}\` twice`);
    const columns = new Map(names.map((name, place) => [name, place]));
    this.header = header;
    this.width = header.length;
    this.found = [];
    this.absent = [];
    for (const measure of measures) {
      const place = columns.get(measure.column ?? measure.id) ?? columns.get(measure.id);
      if (place === undefined) this.absent.push(measure.column ?? measure.id);
      else this.found.push({ id: measure.id, place, text: TEXTS.has(scaleOf(measure).name) });
    }
    const taken = new Set(this.found.map(({ place }) => place));
    const free = header.findIndex((_, place) => !taken.has(place));
    this.account = NAMES.map((name) => columns.get(name)).find((place) => place !== undefined && !taken.has(place)) ?? free;
    this.unused = header.filter((_, place) => !taken.has(place) && place !== this.account);
  }

  /** The name of a row's account. */
  nameOf({ line, cells }) {
    return (this.account >= 0 && cells[this.account]) || `line ${line}`;
  }

  /** The record of a row. Whatever the cells hold, the package judges it. */
  recordOf(row, defaults) {
    const answers = {};
    for (const { id, place, text } of this.found) {
      const cell = row.cells[place];
      if (cell !== "" && cell !== undefined) answers[id] = !text && NUMBER.test(cell) ? Number(cell) : cell;
    }
    // An empty name is for the package to refuse; a table without names gets them from its lines.
    return { account: this.account < 0 ? this.nameOf(row) : row.cells[this.account], ...defaults, answers };
  }
}
