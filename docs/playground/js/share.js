// The link that brings the state of the page back, here or at a colleague's.

import { announce, h } from "./dom.js";
import { fragmentOf } from "./link.js";

/** The part of the questions' card that makes links. */
export function shareBox(state) {
  const field = h("input", {
    id: "link",
    type: "text",
    readonly: true,
    hidden: true,
    "aria-label": "Link to this state",
    onfocus: () => field.select(),
  });
  const said = h("span", { id: "share-said", role: "status" });
  const make = async () => {
    const fragment = await fragmentOf(state);
    history.replaceState(null, "", fragment);
    field.value = location.href;
    field.hidden = false;
    const copied = await copy(location.href);
    if (!copied) field.focus();
    said.textContent = copied ? "Copied." : "Copy it from here.";
    announce(said.textContent);
  };
  const button = h("button", { type: "button", id: "share", onclick: make }, "Link to this state");
  const about = h("small", {}, "The link itself holds the model and the answers: whoever has it can read them. It asks no server.");
  return h("div", { class: "share" }, h("div", { class: "buttons" }, button, said), field, about);
}

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // Not every page may; the field holds the link too.
    return false;
  }
}
