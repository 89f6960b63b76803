import type { Transform } from "node:stream";
import type { ColumnOptions, LineOptions, Scorer } from "./index.js";

/** How a table of text is scored. */
export interface CsvOptions extends Omit<ColumnOptions, "nan"> {
  /** Columns to carry along; `account` where there is one. */
  keep?: readonly string[];
  /** What stands between fields. */
  delimiter?: "," | ";" | "\t";
}

/** One account as JSON per line in, one result per line out. A line that cannot be scored has its reason in its place. */
export function ndjsonScorer(scorer: Scorer, options: Omit<LineOptions, "first_line">): Transform;

/** A table with a row per account and a column per measure in, a table of results out. */
export function csvScorer(scorer: Scorer, options: CsvOptions): Transform;
