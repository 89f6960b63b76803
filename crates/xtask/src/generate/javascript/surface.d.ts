/** What the module is started from; nothing: from the file beside it. Only the browser has something to start. */
export type Source = URL | string | Response | BufferSource | WebAssembly.Module | Promise<Response>;

/** Start the module: once, before anything else. In Node there is nothing to wait for. */
export function init(source?: Source): Promise<void>;

/** Why an input was refused. */
export class ValueModelError extends Error {
  constructor(code: ErrorCode, field: string, message: string);
  readonly name: "ValueModelError";
  /** A stable reason, the same in every language and release. */
  readonly code: ErrorCode;
  /** The field at fault, such as `lines[2].amount`; empty when the whole input is. */
  readonly field: string;
}

/** A model: the id of a preset, the text of a document in TOML or JSON, a document, or another scorer. */
export type Model = string | Scorecard | Scorer;

/** The score of one account. */
export interface Score {
  outcome: Outcome;
  /** The score after rules and override, 0..100; null unless `outcome` is `scored`. */
  score: number | null;
  /** The score before rules and override, 0..100. */
  raw: number | null;
  /** The band of the score. */
  band: string | null;
  /** The band of `lower`. */
  lower_band: string;
  /** The least the score can be once everything is answered, 0..100. */
  lower: number;
  /** The most it can be, 0..100. */
  upper: number;
  /** The share of the weight that is answered, 0..1. */
  coverage: number;
  /** The share backed by the customer or a measurement, 0..1. */
  validated_share: number;
  /** The share that is fresh, 0..1. */
  fresh_share: number;
}

/** A column of a table: numbers, or values of any kind. NaN, null and the empty text are no answer. */
export type TableColumn =
  | Float64Array | Float32Array | Int8Array | Int16Array | Int32Array | Uint8Array | Uint8ClampedArray | Uint16Array
  | Uint32Array | BigInt64Array | BigUint64Array
  | readonly (number | bigint | string | boolean | Date | null | undefined)[];

/** A table: one column per measure, all of the same length. */
export type Table = Readonly<Record<string, TableColumn>>;

/** How a table is scored. */
export interface ColumnOptions {
  /** The date of scoring. */
  as_of: string | Date;
  /** Which column holds the answers to a measure, where it is not the one that the model names. */
  columns?: Readonly<Record<string, string>>;
  /** The column that holds the day of each row's answers. */
  on?: string | null;
  /** The columns of results, by name and in this order. */
  results?: readonly string[] | null;
  /** Whether to add what each measure contributes. */
  contributions?: boolean;
  /** Whether to add by how much the score would rise if a measure stood at its best. */
  headroom?: boolean;
  /** Whether to add the flags of measures (`ID_undated`, `ID_regressed`) and the rules that fired (`ID_fired`). */
  flags?: boolean;
  /** Who stands behind the answers. */
  default_source?: Source_ | null;
  /** The day of answers that do not say. */
  default_on?: string | Date | null;
  /** `missing`: NaN is no answer. `refused`: it is a mistake. */
  nan?: "missing" | "refused";
  /** `code`: a row that cannot be scored is listed. `raise`: the first one is thrown. */
  errors?: "code" | "raise";
}

/** How a table is scored while others run. */
export interface AsyncColumnOptions extends ColumnOptions {
  /** Ends the work. */
  signal?: AbortSignal;
  /** Is told now and then how many of the rows are done. */
  onProgress?: (done: number, rows: number) => void;
}

/** How a table of Arrow is scored. */
export interface ArrowOptions extends ColumnOptions {
  /** Columns that the results carry along; where nothing is said `account`, if there is one. */
  keep?: readonly string[] | null;
}

/** How a table of Arrow is scored while others run. */
export interface AsyncArrowOptions extends ArrowOptions {
  /** Ends the work. */
  signal?: AbortSignal;
  /** Is told now and then how many of the rows are done. */
  onProgress?: (done: number, rows: number) => void;
}

/** A row that cannot be scored. */
export interface RefusedRow {
  /** The row, from 0. */
  row: number;
  code: ErrorCode;
  /** The column at fault. */
  field: string;
  message: string;
}

/** The scores of a table, one entry per row, in the same order. */
export class ColumnScores {
  private constructor();
  readonly rows: number;
  /** Columns of results by name. Numbers are NaN where there is none; codes (`band`, `lower_band`, `outcome`, flags as 1 and 0) are 255. */
  readonly columns: Readonly<Record<string, Float64Array | Uint8Array>>;
  /** The names of the bands: `columns.band` holds their places. */
  readonly bands: string[];
  /** The names of the columns that are flags: 1 where it is so, 0 where not. */
  readonly flags: string[];
  /** The rows that could not be scored, in order. */
  readonly refused: readonly RefusedRow[];
  /** One row: names for codes, null where there is no value, and the `code` of its refusal. */
  row(index: number): Record<string, number | string | boolean | null>;
}

/** How lines are scored. */
export interface LineOptions {
  /** The date of scoring. */
  as_of: string | Date;
  /** Whether each result explains itself. */
  explain?: boolean;
  /** The number of the first line, for refusals. */
  first_line?: number;
}

/** A model, checked once: it cannot be changed. */
export class Scorer {
  constructor(model: Model);
  /** The model's id. */
  readonly model: string;
  /** The model's version. */
  readonly version: string;
  /** The ids of the measures, in the order of the tree. */
  readonly measures: string[];
  /** The columns of a table that hold their answers, in the same order. */
  readonly columns: string[];
  /** The names of the bands, from the lowest up. */
  readonly bands: string[];
  /** Score one account: the number and what qualifies it, without explanation. */
  score(record: Record_, asOf: string | Date): Score;
  /** Score one account and explain the score. */
  assess(record: Record_, asOf: string | Date): Assessment;
  /** Score a text with one account as JSON per line; a text with one result per line comes back. */
  scoreLines(text: string, options: LineOptions): string;
  /** Score the rows of a table. */
  scoreColumns(table: Table, options: ColumnOptions): ColumnScores;
  /** Score the rows of a table while others run. */
  scoreColumnsAsync(table: Table, options: AsyncColumnOptions): Promise<ColumnScores>;
  /**
   * Score the rows of a table of Arrow, a file or a stream. A stream with the results comes back: columns that are kept,
   * results by name, and `code`, which is null in a row that was scored. In Node only.
   */
  scoreArrow(table: Uint8Array | ArrayBuffer, options: ArrowOptions): Uint8Array;
  /** Score the rows of a table of Arrow while others run. In Node only. */
  scoreArrowAsync(table: Uint8Array | ArrayBuffer, options: AsyncArrowOptions): Promise<Uint8Array>;
  /** The model's document. */
  toJSON(): Scorecard;
  /** The model's document as TOML. */
  toToml(): string;
  /** Give the memory back now. Without it, it is given back once nobody knows the scorer. */
  free(): void;
}

/** A formula of the catalog. */
export interface Formula {
  id: string;
  version: number;
  source: string;
  expression: string;
}

/** A model that comes with the package. */
export interface Preset {
  id: string;
  title: string;
  /** The document as TOML. */
  document: string;
}

/** What is allowed in a model but probably not meant. */
export interface LintWarning {
  code: string;
  /** The field it is about. */
  field: string;
  /** What was found. */
  message: string;
  /** What to do about it. */
  suggestion: string;
}

/** Every formula with its id, version, source and one-line expression. */
export function catalog(): Formula[];
/** The models that come with the package. */
export function presets(): Preset[];
/** Every code that a ValueModelError can have. */
export function errorCodes(): ErrorCode[];
/** What is allowed in a model but probably not meant: an empty list says that nothing was found. */
export function lint(model: Model): LintWarning[];
