// A scored table: how many accounts stand where, all rows to sort and page through, and a download.

import { distribution } from "./charts.js";
import { lineOf } from "./csv.js";
import { announce, download, fill, h, table } from "./dom.js";
import { band, count, mark, reason, score, share, tone, words } from "./format.js";
import { widthOf } from "./results.js";

const PAGE = 25;
/** The width of a bar of the distribution, in points. */
const BIN = 5;
const NONE = 255;

/** The columns of the table: what every account has, with the groups right below the whole in between. */
function columnsOf({ groups }) {
  return [
    { key: "accounts", title: "Account", text: true },
    { key: "score", title: "Score" },
    { key: "band", title: "Band" },
    ...groups.filter(({ top }) => top),
    { key: "lower", title: "Lower" },
    { key: "upper", title: "Upper" },
    { key: "coverage", title: "Answered" },
    { key: "outcome", title: "Remark", text: true },
  ];
}

/** Shows the results of a run in `area`. */
export class TableResults {
  #task;
  #columns;
  #order = [];
  #page = 0;
  #sorted = { key: null, down: false };
  #show = "all";
  #body = h("tbody");
  #heads = new Map();
  #where = h("span", { id: "page-where", role: "status" });
  #before = h("button", { type: "button", id: "page-before", onclick: () => this.#turn(-1) }, "Previous");
  #after = h("button", { type: "button", id: "page-after", onclick: () => this.#turn(1) }, "Next");

  constructor(area, task) {
    this.#task = task;
    this.#columns = columnsOf(task.results);
    fill(area, this.#summary(), this.#notes(), this.#overview(), this.#controls(), this.#table(), this.#pager());
    this.#arrange();
  }

  #summary() {
    const { file, results, asOf, model, seconds } = this.#task;
    const all = results.accounts.length;
    const text = `${file.name}: ${count(all)} rows by ${model.title} as of ${asOf}, in ${seconds.toFixed(1)} seconds.`;
    return h("p", { class: "summary", id: "table-summary" }, text);
  }

  /** What was made of the columns. */
  #notes() {
    const { account, absent, unused, suspicious } = this.#task.about;
    const notes = [
      account === null ? "No column names the accounts: they are called by their line." : null,
      absent.length > 0 ? `No column for: ${absent.join(", ")}. These questions are not answered.` : null,
      unused.length > 0 ? `Not used: ${unused.join(", ")}.` : null,
      ...suspicious,
    ].filter(Boolean);
    return (
      notes.length > 0 &&
      h(
        "ul",
        { class: "hint", id: "table-notes" },
        notes.map((note) => h("li", {}, note)),
      )
    );
  }

  #counts() {
    const { results } = this.#task;
    const counts = results.bands.map(() => 0);
    let none = 0;
    for (const place of results.band) {
      if (place === NONE) none += 1;
      else counts[place] += 1;
    }
    return { counts, refused: results.refused.size, unscored: none - results.refused.size };
  }

  #overview() {
    const { model, results } = this.#task;
    const { counts, refused, unscored } = this.#counts();
    const rows = results.bands.map((name, place) => [
      h("span", {}, h("i", { class: "swatch", "data-band": tone(place, results.bands) }), band(name, results.bands)),
      count(counts[place]),
    ]);
    rows.push(["○ no score: too little answered", count(unscored)], ["✕ refused", count(refused)]);
    const picture = distribution(model, this.#bins(), Math.min(620, widthOf("table")));
    return h("div", { class: "beside", id: "distribution" }, picture, table("Accounts by band", ["Band", "Accounts"], rows));
  }

  /** Accounts per stretch of the scale and band. */
  #bins() {
    const { score: scores, band: places } = this.#task.results;
    const bins = new Map();
    scores.forEach((value, row) => {
      if (Number.isNaN(value)) return;
      const from = Math.min(100 - BIN, Math.floor(value / BIN) * BIN);
      const key = `${from} ${places[row]}`;
      const bin = bins.get(key) ?? { from, to: from + BIN, place: places[row], accounts: 0 };
      bin.accounts += 1;
      bins.set(key, bin);
    });
    return [...bins.values()].sort((a, b) => a.from - b.from || a.place - b.place);
  }

  #controls() {
    const { results } = this.#task;
    const options = [
      ["all", "all rows"],
      ...results.bands.map((name, place) => [String(place), `${mark(place, results.bands)} ${words(name)}`]),
      ["unscored", "○ no score"],
      ["refused", "✕ refused"],
    ];
    const choose = h(
      "select",
      { id: "table-show", onchange: () => this.#filter(choose.value) },
      options.map(([value, text]) => h("option", { value }, text)),
    );
    const save = h(
      "button",
      { type: "button", id: "download", class: "main", onclick: () => this.#download() },
      "Download the results as CSV",
    );
    return h(
      "div",
      { class: "fields" },
      h("div", { class: "field" }, h("label", { for: "table-show" }, "Show"), choose),
      h("div", { class: "buttons" }, save),
    );
  }

  #table() {
    const heads = this.#columns.map(({ key, title }) => {
      const head = h(
        "th",
        { scope: "col", "aria-sort": "none" },
        h("button", { type: "button", class: "sort", "data-sort": key, onclick: () => this.#sort(key) }, title),
      );
      this.#heads.set(key, head);
      return head;
    });
    const caption = h("caption", {}, "Headers sort; a name opens the account.");
    return h(
      "div",
      { class: "scroll", tabindex: "0", role: "region", "aria-label": "Results" },
      h("table", { id: "rows" }, caption, h("thead", {}, h("tr", {}, heads)), this.#body),
    );
  }

  #pager() {
    return h("div", { class: "buttons pager" }, this.#before, this.#where, this.#after);
  }

  #filter(show) {
    this.#show = show;
    this.#arrange();
  }

  #sort(key) {
    this.#sorted = { key, down: this.#sorted.key === key ? !this.#sorted.down : false };
    for (const [own, head] of this.#heads)
      head.setAttribute("aria-sort", own !== key ? "none" : this.#sorted.down ? "descending" : "ascending");
    this.#arrange();
    announce(`Sorted by ${this.#columns.find((column) => column.key === key).title}, ${this.#sorted.down ? "descending" : "ascending"}.`);
  }

  /** Which rows are shown, and in which order. */
  #arrange() {
    const { results } = this.#task;
    const shown = {
      all: () => true,
      refused: (row) => results.refused.has(row),
      unscored: (row) => results.band[row] === NONE && !results.refused.has(row),
    };
    const wanted = shown[this.#show] ?? ((row) => results.band[row] === Number(this.#show));
    this.#order = results.accounts.map((_, row) => row).filter(wanted);
    const { key, down } = this.#sorted;
    if (key) this.#order.sort(orderOf(results[key], this.#columns.find((column) => column.key === key).text, down));
    this.#page = 0;
    this.#draw();
  }

  #turn(pages) {
    this.#page += pages;
    this.#draw();
  }

  #draw() {
    const from = this.#page * PAGE;
    const rows = this.#order.slice(from, from + PAGE);
    fill(
      this.#body,
      rows.map((row) => this.#row(row)),
    );
    const all = this.#order.length;
    this.#where.textContent = all === 0 ? "no rows" : `${count(from + 1)} to ${count(from + rows.length)} of ${count(all)}`;
    this.#before.disabled = from === 0;
    this.#after.disabled = from + PAGE >= all;
  }

  #row(row) {
    const { results, open } = this.#task;
    const refusal = results.refused.get(row);
    const place = results.band[row];
    const name = h("button", { type: "button", class: "link", onclick: () => open(row) }, results.accounts[row]);
    const remark = refusal
      ? `line ${results.lines[row]}: ${refusal.message} (${refusal.code})`
      : results.outcome[row] === "scored"
        ? ""
        : reason(results.outcome[row]);
    const cells = [
      score(results.score[row]),
      place === NONE ? "" : band(results.bands[place], results.bands),
      ...this.#columns.filter(({ name }) => name).map(({ key }) => score(results[key][row])),
      score(results.lower[row]),
      score(results.upper[row]),
      share(results.coverage[row]),
      remark,
    ];
    return h(
      "tr",
      { class: refusal && "refused" },
      h("th", { scope: "row" }, name),
      cells.map((cell) => h("td", {}, cell)),
    );
  }

  #download() {
    const { file, results } = this.#task;
    const { groups } = results;
    const names = groups.map(({ name }) => name);
    const parts = [lineOf(["account", "line", "score", "band", "coverage", "lower", "upper", ...names, "outcome", "code", "field", "message"])];
    results.accounts.forEach((name, row) => {
      const { code, field, message } = results.refused.get(row) ?? {};
      const place = results.band[row];
      parts.push(
        lineOf([
          name,
          results.lines[row],
          results.score[row],
          place === NONE ? null : results.bands[place],
          results.coverage[row],
          results.lower[row],
          results.upper[row],
          ...groups.map(({ key }) => results[key][row]),
          results.outcome[row],
          code,
          field,
          message,
        ]),
      );
    });
    download(`${file.name.replace(/\.\w+$/, "")}-scores.csv`, "text/csv", parts);
  }
}

const letters = new Intl.Collator("en", { numeric: true });

/** The order of a column; rows without a value stand last both ways, equal ones in the order of the file. */
function orderOf(column, text, down) {
  const sign = down ? -1 : 1;
  const none = (value) => Number.isNaN(value) || value === NONE;
  if (text) return (a, b) => sign * letters.compare(column[a], column[b]) || a - b;
  return (a, b) => Number(none(column[a])) - Number(none(column[b])) || sign * (column[a] - column[b]) || a - b;
}
