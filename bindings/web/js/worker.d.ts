import type { AsyncColumnOptions, ColumnScores, Model, Source, Table } from "./index.js";

/** A scorer in a Web Worker of its own: for tables that would keep the page busy. */
export class WorkerScorer {
  /** The model as `Scorer` takes it; `source` as `init` takes it, where the module is not beside this file. */
  constructor(model: Model, source?: Exclude<Source, Response | Promise<Response>>);
  /** Score a table as `Scorer.scoreColumns` does. The table is copied, not given away. */
  scoreColumns(table: Table, options: AsyncColumnOptions): Promise<ColumnScores>;
  /** End the worker. */
  free(): void;
}
