// The scores of groups for the rows of a table: by columns, many rows at a time.

/** Rows that are scored together. */
const MOST = 1024;
/** Names that columns of results have in every model. */
const FIXED = new Set(["score", "band", "coverage", "lower", "upper", "lower_band", "validated_share", "fresh_share", "outcome", "raw"]);

/**
 * Every group below the root: `{ key, name, title, top }`, with the name of its column as every surface has it. A group of
 * costs has a second column, in which more is worse; it is the one that people read, so it is `top` there.
 */
export function groupsOf(model) {
  const columns = [];
  for (const { group, depth } of model.sections.slice(1)) {
    const { id, title = id, polarity } = group;
    const cost = polarity === "cost";
    const column = (name, title, top) => columns.push({ key: `group ${name}`, name, title, top: top && depth === 1 });
    column(FIXED.has(id) ? `${id}_group` : id, title, !cost);
    if (cost) column(`${id}_cost`, `${title} (cost)`, true);
  }
  return columns;
}

/** Collects the answers of rows that were scored, and fills in the scores of their groups. */
export class GroupScores {
  #waiting = [];

  constructor(model, asOf, defaults, results) {
    Object.assign(this, { model, asOf, defaults, results });
  }

  add(place, answers) {
    this.#waiting.push([place, answers]);
    if (this.#waiting.length >= MOST) this.flush();
  }

  /** Scores what has been collected. A row that was refused has no scores of groups. */
  flush() {
    const { groups } = this.results;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const { key } of groups) {
      const column = this.results[key];
      while (column.length < this.results.accounts.length) column.push(NaN);
    }
    if (waiting.length === 0 || groups.length === 0) return;
    const table = Object.fromEntries(
      this.model.measures.map(({ id, column = id }) => [column, waiting.map(([, answers]) => answers[id] ?? null)]),
    );
    const options = { as_of: this.asOf, ...this.defaults, results: groups.map(({ name }) => name) };
    const found = this.model.scorer.scoreColumns(table, options);
    for (const { key, name } of groups) {
      waiting.forEach(([place], row) => {
        this.results[key][place] = found.columns[name][row];
      });
    }
  }
}
