// Tables as text: quoted fields with commas, quotes and line breaks in them, read while the text comes in.

import { ValueModelError } from "./errors.js";

/** The most characters of a row: a quote that is never closed must not eat the whole file. */
const LONGEST = 1 << 24;

function broken(row, reason) {
  return new ValueModelError("invalid_input", `[${row}]`, `\`[${row}]\`: ${reason}`);
}

/** Reads rows of fields from pieces of text. */
export class CsvReader {
  #rest = "";
  #row = 0;

  constructor(delimiter = ",") {
    this.delimiter = delimiter;
  }

  /** The rows that have come to their end; at the end of the text, all of them. */
  *rows(text, isLast = false) {
    this.#rest += text;
    let from = 0;
    for (;;) {
      const end = this.#end(from, isLast);
      if (end < 0) break;
      const line = this.#rest.slice(from, end);
      from = end + 1;
      const plain = line.endsWith("\r") ? line.slice(0, -1) : line;
      if (plain !== "") yield this.#fields(plain);
      this.#row += 1;
    }
    this.#rest = this.#rest.slice(from);
    if (this.#rest.length > LONGEST) throw broken(this.#row, "is too long, or a quote is not closed");
  }

  /** Where the row that starts here ends, or -1 where it has not ended yet. */
  #end(from, isLast) {
    const rest = this.#rest;
    let at = from;
    for (;;) {
      const end = rest.indexOf("\n", at);
      const stop = end < 0 ? rest.length : end;
      // Inside of quotes as long as their number is odd.
      let quotes = 0;
      for (let quote = rest.indexOf('"', from); quote >= 0 && quote < stop; quote = rest.indexOf('"', quote + 1)) quotes += 1;
      if (quotes % 2 === 0) return end >= 0 ? end : isLast && from < rest.length ? rest.length : -1;
      if (end < 0) {
        if (isLast) throw broken(this.#row, "a quote is not closed");
        return -1;
      }
      at = end + 1;
    }
  }

  #fields(line) {
    if (!line.includes('"')) return line.split(this.delimiter);
    const fields = [];
    let at = 0;
    for (;;) {
      if (line[at] === '"') {
        let field = "";
        let from = at + 1;
        for (;;) {
          const quote = line.indexOf('"', from);
          field += line.slice(from, quote);
          if (line[quote + 1] !== '"') {
            at = quote + 1;
            break;
          }
          field += '"';
          from = quote + 2;
        }
        fields.push(field);
        if (at < line.length && line[at] !== this.delimiter) throw broken(this.#row, "something follows a closing quote");
      } else {
        const next = line.indexOf(this.delimiter, at);
        fields.push(line.slice(at, next < 0 ? line.length : next));
        at = next < 0 ? line.length : next;
      }
      if (at >= line.length) return fields;
      at += 1;
      if (at === line.length) return [...fields, ""];
    }
  }
}

/** A field as a row holds it. Programs for tables would run a text that looks like a formula: it gets a sign in front. */
export function field(value, delimiter) {
  if (value === null || value === undefined) return "";
  if (typeof value === "number") return Object.is(value, -0) ? "0" : String(value);
  const text = /^[=+\-@\t\r\n\0]/.test(value) ? `'${value}` : value;
  return text.includes('"') || text.includes(delimiter) || /[\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
