// The card that takes a table: choose or drop a file, watch it, stop it.

import { announce, at, download, fill, h } from "./dom.js";
import { lineOf } from "./csv.js";
import { TABLE } from "./examples.js";
import { count } from "./format.js";
import { run } from "./scoring.js";
import { TableResults } from "./table-results.js";

/** Text of this size still fits into a page, in bytes. */
const MOST = 400_000_000;

/** The card with a table. `context()` gives model, date and defaults; `open(scored)` takes an account to the questions. */
export class TableCard {
  #context;
  #open;
  #run;
  #area = h("div", { id: "table-area" });

  constructor(context, open) {
    this.#context = context;
    this.#open = open;
    const file = h("input", { id: "csv", type: "file", accept: ".csv,.tsv,.txt,text/csv", onchange: () => this.#chosen(file) });
    const about =
      "A CSV with one row for each account and one column for each question (its id in the model). An empty cell means: not answered. The rows are scored here, in this page, by the model and the date above.";
    const zone = h(
      "div",
      { class: "drop", id: "drop" },
      h("label", { class: "file" }, h("span", {}, "Choose a CSV file, or drop it here "), file),
      h(
        "div",
        { class: "buttons" },
        h("button", { type: "button", id: "example-table", onclick: () => this.#example() }, "Score an example table"),
        h("button", { type: "button", id: "template", onclick: () => this.#template() }, "Download an empty table for this model"),
      ),
    );
    this.#takeDrops(zone);
    fill(
      at("table"),
      h("h2", { id: "table-heading" }, "4. Score all of your accounts"),
      h("p", { class: "about" }, about),
      zone,
      this.#area,
    );
  }

  #takeDrops(zone) {
    const over = (event) => {
      event.preventDefault();
      zone.classList.add("over");
    };
    zone.addEventListener("dragenter", over);
    zone.addEventListener("dragover", over);
    zone.addEventListener("dragleave", () => zone.classList.remove("over"));
    // A file that misses the zone must not replace the page.
    for (const name of ["dragover", "drop"]) window.addEventListener(name, (event) => event.preventDefault());
    zone.addEventListener("drop", (event) => {
      zone.classList.remove("over");
      const [dropped] = event.dataTransfer.files;
      if (dropped) this.start(dropped);
    });
  }

  #chosen(input) {
    const [chosen] = input.files;
    if (chosen) this.start(chosen);
    input.value = "";
  }

  #template() {
    const { model } = this.#context();
    download(`${model.id}.csv`, "text/csv", [lineOf(["account", ...model.scorer.columns])]);
  }

  /** The example in the format of this model's own: that of `value-realization`. */
  #example() {
    const { model } = this.#context();
    if (model.id === "value-realization") this.start(new File([TABLE], "example.csv", { type: "text/csv" }));
    else this.#say("The example table belongs to the model “Value realization”: choose that one first.");
  }

  #say(text) {
    fill(this.#area, h("p", { class: "problem", id: "table-problem" }, text));
    announce(text);
  }

  /** Scores a file. */
  async start(file) {
    this.#stop();
    if (file.size > MOST)
      return this.#say(`${file.name} is too large for a page; the command “value-model score” takes files of any size.`);
    const { model, asOf, defaults } = this.#context();
    const began = performance.now();
    const bar = h("progress", { max: 1, value: 0, "aria-label": `Scoring ${file.name}` });
    const rows = h("span", { id: "table-rows" }, "reading…");
    const mine = run(file, model.source, asOf, defaults, (part, scored) => {
      bar.value = part;
      rows.textContent = `${count(scored)} rows`;
    });
    this.#run = mine;
    const cancel = h("button", { type: "button", id: "cancel", onclick: () => mine.cancel() }, "Cancel");
    fill(this.#area, h("div", { class: "progress", id: "table-progress" }, bar, rows, cancel));
    try {
      const { results, about } = await mine.done;
      const seconds = (performance.now() - began) / 1000;
      new TableResults(this.#area, {
        model,
        asOf,
        file,
        results,
        about,
        seconds,
        open: async (place) => this.#open({ source: model.source, as_of: asOf, record: await mine.record(place) }),
      });
      announce(`${file.name}: ${count(results.accounts.length)} rows scored, ${count(results.refused.size)} refused.`);
    } catch (error) {
      if (this.#run !== mine) return;
      this.#say(error.name === "AbortError" ? `${file.name}: cancelled, nothing was kept.` : `${file.name}: ${error.message}`);
    }
  }

  #stop() {
    const before = this.#run;
    this.#run = undefined;
    before?.cancel();
    before?.free();
  }
}
