// The only file that asks the package: whatever the page shows as a number comes from here.

import { delta, init, lint, nextBest, presets, Scorer, ValueModelError } from "../value-model/index.js";

export { presets, ValueModelError };

/** Starts the module, once; without a source it is fetched from beside the package. */
export function start(source) {
  return init(source);
}

/** A model that was accepted: what scores with it, its document, and what is probably not meant in it. */
export class Model {
  /** @param {string} source the id of a preset, or a document in TOML or JSON */
  constructor(source) {
    this.source = source;
    this.scorer = new Scorer(source);
    this.document = this.scorer.toJSON();
    this.warnings = lint(this.scorer);
  }

  get id() {
    return this.scorer.model;
  }

  get title() {
    return this.document.title || this.id;
  }

  get bands() {
    return this.scorer.bands;
  }

  /** The scores at which one band ends and the next begins. */
  get cuts() {
    return this.document.bands?.cuts ?? [50, 75];
  }

  /** The document as TOML, to be changed and used again. */
  get text() {
    return this.scorer.toToml();
  }

  /** The groups of the tree with their own measures, parents before children: `{ group, depth, measures }`. */
  get sections() {
    const sections = [];
    const visit = (group, depth) => {
      sections.push({ group, depth, measures: group.children.filter((child) => !child.children) });
      for (const child of group.children) if (child.children) visit(child, depth + 1);
    };
    visit(this.document.tree, 0);
    return sections;
  }

  /** Every measure as it stands in the document, in the order of the tree. */
  get measures() {
    return this.sections.flatMap((section) => section.measures);
  }

  free() {
    this.scorer.free();
  }
}

/**
 * Everything there is to say about an account: its assessment and what to improve first. `kept`, another state, adds
 * what changed since. Whatever was refused stands in `refusal` or `delta.refusal`.
 */
export function assess(model, record, asOf, kept) {
  try {
    const assessment = model.scorer.assess(record, asOf);
    const next = nextBest({ model: model.scorer, record, as_of: asOf });
    return { assessment, next, delta: kept && changed(kept, { model, record, asOf }) };
  } catch (error) {
    return { refusal: refused(error) };
  }
}

function changed(kept, now) {
  // The kept state is taken for the same account: two accounts side by side are compared as one that changed.
  const before = { model: kept.model, record: { ...kept.record, account: now.record.account }, as_of: kept.as_of };
  try {
    return delta({ before, after: { model: now.model.scorer, record: now.record, as_of: now.asOf } });
  } catch (error) {
    return { refusal: refused(error) };
  }
}

/** A refusal of the package; anything else is a mistake of this page and goes on as it is. */
export function refused(error) {
  if (error instanceof ValueModelError) return { code: error.code, field: error.field, message: error.message };
  throw error;
}
