// Tables as text: the same rules as those of the command `value-model`.
//
// A field that starts with a quote ends at the next quote that is not doubled; a quote anywhere else is a letter. Lines
// end with \n, \r\n or \r, and empty lines are skipped.

const SEPARATORS = [",", ";", "\t"];

/** The separator that stands most often in the first line. */
export function separatorOf(text) {
  const end = text.search(/[\r\n]/);
  const first = end < 0 ? text : text.slice(0, end);
  const count = (separator) => first.split(separator).length;
  return SEPARATORS.reduce((best, next) => (count(next) > count(best) ? next : best));
}

/** Reads a text record by record. */
export class Reader {
  line = 1;
  at = 0;

  constructor(text, separator = separatorOf(text)) {
    this.text = text;
    this.separator = separator;
  }

  /** The next record, `{ line, cells }` with the line it begins on; null at the end. */
  next() {
    while (this.at < this.text.length) {
      const line = this.line;
      const cells = this.#record();
      if (cells.length > 1 || cells[0] !== "") return { line, cells };
    }
    return null;
  }

  #record() {
    const cells = [];
    for (;;) {
      cells.push(this.text[this.at] === '"' ? this.#quoted() : this.#bare());
      const mark = this.text[this.at];
      this.at += 1;
      if (mark === this.separator) continue;
      if (mark === "\r" && this.text[this.at] === "\n") this.at += 1;
      this.line += 1;
      return cells;
    }
  }

  #bare() {
    const { text, separator } = this;
    const start = this.at;
    let at = start;
    for (; at < text.length; at++) {
      const letter = text[at];
      if (letter === separator || letter === "\n" || letter === "\r") break;
    }
    this.at = at;
    return text.slice(start, at);
  }

  #quoted() {
    const { text } = this;
    const began = this.line;
    let out = "";
    let from = this.at + 1;
    for (;;) {
      const to = text.indexOf('"', from);
      if (to < 0) throw new Error(`the quote that opens on line ${began} is never closed`);
      out += text.slice(from, to);
      from = to + 1;
      if (text[from] !== '"') break;
      out += '"';
      from += 1;
    }
    out = out.replaceAll(/\r\n|\r/g, "\n");
    this.line += out.split("\n").length - 1;
    this.at = from;
    // Letters behind the closing quote belong to the field.
    return out + this.#bare();
  }
}

const FORMULA = /^[=+\-@\t\r]/;
const NUMBER = /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i;

/** One line of a table; a text that a spreadsheet would run as a formula gets a leading `'`. */
export function lineOf(cells) {
  return `${cells.map(cellOf).join(",")}\n`;
}

function cellOf(value) {
  if (value === null || value === undefined || Number.isNaN(value)) return "";
  if (typeof value === "number") return String(value);
  const text = FORMULA.test(value) && !NUMBER.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
