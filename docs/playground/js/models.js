// Which model scores: one that comes with the package, or a document that somebody pastes or opens.

import { at, fill, h } from "./dom.js";
import { presets } from "./engine.js";

const OWN = "(own)";
/** A document larger than this is no model that somebody wrote, in bytes. */
const MOST = 2_000_000;

/** The card that chooses a model. `use(source)` makes it the model, and gives a refusal when it cannot. */
export class ModelCard {
  #use;
  #said;
  #choice;
  #text;
  #editor;
  #about;

  constructor(use) {
    this.#use = use;
    const options = presets().map(({ id, title }) => h("option", { value: id }, title));
    this.#choice = h("select", { id: "preset", onchange: () => this.#chosen() }, options, h("option", { value: OWN }, "My own model"));
    this.#about = h("div", { class: "about", id: "model-about" });
    this.#said = h("div", { id: "model-said", role: "status" });
    this.#text = h("textarea", {
      id: "model-text",
      rows: 14,
      spellcheck: "false",
      autocapitalize: "off",
      autocomplete: "off",
      "aria-describedby": "model-said",
    });
    this.#editor = this.#makeEditor();
    const choose = h("div", { class: "field" }, h("label", { for: "preset" }, "Model"), this.#choice);
    fill(at("model"), h("h2", { id: "model-heading" }, "1. Choose a model"), choose, this.#about, this.#editor, this.#said);
  }

  #makeEditor() {
    const file = h("input", {
      id: "model-file",
      type: "file",
      accept: ".toml,.json,application/json,text/plain",
      onchange: () => this.#open(file),
    });
    return h(
      "details",
      { id: "editor" },
      h("summary", {}, "See the model, change it, or bring your own"),
      h(
        "p",
        { class: "about" },
        "A model is a short text in TOML or JSON. Change it here, paste another one, or open a file; nothing is sent anywhere.",
      ),
      h("div", { class: "field" }, h("label", { for: "model-text" }, "Model as TOML or JSON"), this.#text),
      h(
        "div",
        { class: "buttons" },
        h("button", { type: "button", id: "model-use", class: "main", onclick: () => this.#try(this.#text.value) }, "Use this model"),
        h("label", { class: "file" }, "Open a file ", file),
      ),
    );
  }

  async #open(file) {
    const [chosen] = file.files;
    if (!chosen) return;
    if (chosen.size > MOST) {
      this.#refuse({ message: `${chosen.name} is too large for a model` });
      return;
    }
    this.#text.value = await chosen.text();
    this.#try(this.#text.value);
    file.value = "";
  }

  #chosen() {
    if (this.#choice.value === OWN) {
      this.#editor.open = true;
      this.#text.focus();
    } else {
      this.#try(this.#choice.value);
    }
  }

  #try(source) {
    const refusal = this.#use(source);
    if (refusal) this.#refuse(refusal);
  }

  #refuse({ code, field, message }) {
    this.#text.setAttribute("aria-invalid", "true");
    const where = [code, field].filter(Boolean).join(", ");
    const kept = h("p", {}, "The model before it stays in use.");
    fill(
      this.#said,
      h(
        "div",
        { class: "problem" },
        h("p", { id: "model-refusal" }, h("strong", {}, "Not accepted: "), message, where && h("small", {}, ` (${where})`)),
        kept,
      ),
    );
  }

  /** Shows which model is in use, and what is probably not meant in it. */
  show(model) {
    this.#text.removeAttribute("aria-invalid");
    this.#text.value = model.text;
    const isPreset = presets().some(({ id }) => id === model.source);
    this.#choice.value = isPreset ? model.source : OWN;
    const [first, rest] = parted(plainWords(model.document.description ?? ""));
    const more = rest && h("details", {}, h("summary", {}, "More about this model"), rest);
    fill(this.#about, h("p", {}, h("strong", {}, `${model.title}. `), first), more);
    const items = model.warnings.map((warning) => h("li", {}, `${warning.field}: ${warning.message}; ${warning.suggestion}`));
    fill(this.#said, items.length > 0 && h("div", { class: "hint" }, h("p", {}, "Allowed, but probably not meant:"), h("ul", {}, items)));
  }
}

/** A description's first sentence, and the rest of it. */
function parted(text) {
  const end = text.search(/[.?!](\s|$)/) + 1;
  return end > 0 ? [text.slice(0, end), text.slice(end).trim()] : [text, ""];
}

/** Names in a description stand between quotes as people write them, not between those of code. */
function plainWords(text) {
  return text.replaceAll(/`([^`]*)`/g, "“$1”");
}
