// A model that scores accounts.

import { host } from "./host.js";
import { attempt } from "./call.js";
import { Sheet } from "./columns.js";
import { packed, PLAIN } from "./pack.js";

const OUTCOMES = ["scored", "insufficient", "not_applicable"];
const SCORE = 10;

/** A name that needs no look at what it is made of. */
const NAME = /^[ -~]+$/;

function isPlain(value) {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

/**
 * A model, checked once: it cannot be changed.
 *
 * The model is the id of a preset (`"value-realization"`), the text of a document in TOML or JSON, a document as an
 * object, or another scorer.
 */
export class Scorer {
  #native;
  #instance;
  #document;
  #about;
  #numbers = new Float64Array(SCORE);
  #memory = host.memory(this.#numbers);
  /** The date of the last score, a number per measure, and the place of each: for the most common record. */
  #day;
  #answers;
  #places;
  /** Rises with every score: a getter that is read meanwhile may ask for another one. */
  #turn = 0;

  constructor(model) {
    this.#compile(model);
    this.#about = JSON.parse(attempt(() => this.#native.about()));
    this.#document = attempt(() => this.#native.document());
    this.#answers = new Float64Array(this.#about.measures.length);
    this.#places = new Map(this.#about.measures.map((id, place) => [id, place]));
  }

  #compile(model) {
    this.#native = packed([model], (numbers, texts) => {
      const { NativeScorer } = host.native();
      return attempt(() => new NativeScorer(numbers, texts));
    });
    this.#instance = host.instance;
    this.#day = undefined;
  }

  /** The native scorer; compiled again where the one before went down with its instance. */
  get #live() {
    if (this.#native === undefined) throw new TypeError("this scorer was freed");
    if (this.#instance !== host.instance) this.#compile(this.#document);
    return this.#native;
  }

  /** The model's id. */
  get model() {
    return this.#about.model;
  }

  /** The model's version. */
  get version() {
    return this.#about.version;
  }

  /** The ids of the measures, in the order of the tree. */
  get measures() {
    return [...this.#about.measures];
  }

  /** The columns of a table that hold their answers, in the same order. */
  get columns() {
    return [...this.#about.columns];
  }

  /** The names of the bands, from the lowest up. */
  get bands() {
    return [...this.#about.bands];
  }

  /** Score one account: the number and what qualifies it, without explanation. */
  score(record, asOf) {
    const native = this.#live;
    this.#turn += 1;
    if (asOf !== this.#day || !this.#fill(record) || !attempt(() => native.scoreNumbers(this.#answers, this.#memory))) {
      this.#day = undefined;
      packed([asOf, record], (numbers, texts) => attempt(() => native.score(numbers, texts, this.#memory)));
      if (typeof asOf === "string") this.#day = asOf;
    }
    return this.#scoreOf(this.#numbers);
  }

  /** Takes the answers of a record of a name and numbers; every other one is packed, and read with more care. */
  #fill(record) {
    const turn = this.#turn;
    if (!isPlain(record)) return false;
    const [first, second, third] = Object.keys(record);
    if (first !== "account" || second !== "answers" || third !== undefined) return false;
    const { account, answers } = record;
    if (typeof account !== "string" || !NAME.test(account) || !isPlain(answers)) return false;
    this.#answers.fill(Number.NaN);
    for (const name of Object.keys(answers)) {
      const value = answers[name];
      const place = this.#places.get(name);
      // NaN is within nothing.
      if (place === undefined || typeof value !== "number" || !(Math.abs(value) <= Number.MAX_SAFE_INTEGER)) return false;
      this.#answers[place] = value;
    }
    return turn === this.#turn;
  }

  #scoreOf(out) {
    const { bands } = this.#about;
    const scored = out[0] === 0;
    return {
      outcome: OUTCOMES[out[0]],
      score: scored ? out[1] : null,
      raw: Number.isNaN(out[2]) ? null : out[2],
      band: scored ? bands[out[3]] : null,
      lower_band: bands[out[4]],
      lower: out[5],
      upper: out[6],
      coverage: out[7],
      validated_share: out[8],
      fresh_share: out[9],
    };
  }

  /** Score one account and explain the score. */
  assess(record, asOf) {
    const native = this.#live;
    return packed([asOf, record], (numbers, texts) => JSON.parse(attempt(() => native.assess(numbers, texts))));
  }

  /**
   * Score a text with one account as JSON per line; a text with one result per line comes back. A line that cannot be
   * scored has its number and reason in its place.
   */
  scoreLines(text, options) {
    const native = this.#live;
    const { as_of, explain = false, first_line = 1 } = options ?? {};
    return packed([as_of, explain === true, first_line], (numbers, texts) =>
      attempt(() => native.lines(numbers, texts, String(text).toWellFormed())),
    );
  }

  /**
   * Score the rows of a table: one column per measure, as typed arrays or arrays. Numbers are not copied one by one; NaN
   * is no answer. One row that cannot be scored does not stop the others: its reason is in `refused`.
   */
  scoreColumns(table, options) {
    const sheet = new Sheet(host, this.#live, table, options);
    try {
      return sheet.scores(attempt(() => host.score(sheet)), this.#about.bands);
    } finally {
      sheet.free();
    }
  }

  /** As `scoreColumns`, without holding up the thread that calls: with `signal` to stop it and `onProgress` to watch. */
  async scoreColumnsAsync(table, options) {
    options?.signal?.throwIfAborted();
    const sheet = new Sheet(host, this.#live, table, options);
    try {
      return sheet.scores(await host.scoreAsync(sheet), this.#about.bands);
    } finally {
      sheet.free();
    }
  }

  /**
   * Score the rows of a table of Arrow, a file or a stream; a stream with the results comes back. What the browser has no
   * use for is not in its module: there it is refused.
   */
  scoreArrow(table, options) {
    return host.scoreArrow(this.#live, table, options);
  }

  /** As `scoreArrow`, without holding up the thread that calls: with `signal` to stop it and `onProgress` to watch. */
  async scoreArrowAsync(table, options) {
    return host.scoreArrowAsync(this.#live, table, options);
  }

  /** The model's document, as `JSON.stringify` asks for it. */
  toJSON() {
    return JSON.parse(this.#document);
  }

  /** The model's document as TOML. */
  toToml() {
    return attempt(() => this.#live.toml());
  }

  [PLAIN]() {
    return this.toJSON();
  }

  /** Gives the memory of the compiled model back now, instead of when nobody knows the scorer any more. */
  free() {
    if (this.#native !== undefined && this.#instance === host.instance) this.#native.free?.();
    this.#native = undefined;
  }
}
// `using scorer = new Scorer(...)` where the language has it.
if (Symbol.dispose) Scorer.prototype[Symbol.dispose] = Scorer.prototype.free;
