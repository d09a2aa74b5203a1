/** The buttons for formatting, shown above the input line while something in it is selected. */

import { element, icon } from "../element.js";
import { closing, openDialog } from "../popups.js";
import { linkOf } from "./rich.js";

const FORMATS = ["bold", "italic", "underline", "strikethrough", "code", "spoiler", "blockquote", "text_link", "plain"];

/** Returns the toolbar of a Line. It listens until `signal` aborts. */
export function formatBar(line, words, signal) {
  const bar = element("div.formats", { role: "toolbar", "aria-label": words.formatting, hidden: true },
    ...FORMATS.map((type, at) => element("button.format", {
      type: "button", tabindex: at ? "-1" : "0", "aria-label": words[type], title: words[type],
      onpointerdown: (event) => event.preventDefault(), // keep the selection
      onclick: () => line.format(type),
    }, icon(type))));
  bar.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const at = [...bar.children].indexOf(document.activeElement);
    const next = bar.children[(at + step + FORMATS.length) % FORMATS.length];
    for (const button of bar.children) button.tabIndex = button === next ? 0 : -1;
    next.focus();
  });
  document.addEventListener("selectionchange", () => {
    if (bar.contains(document.activeElement)) return;
    const selected = getSelection();
    bar.hidden = selected.isCollapsed || !line.element.contains(selected.anchorNode) || !line.element.contains(selected.focusNode);
  }, { signal });
  return bar;
}

/** Asks for the address of a link; resolves with it, or null. */
export async function askLink(phone, words) {
  const address = element("input", { type: "text", inputmode: "url", autocomplete: "off", spellcheck: "false", dir: "ltr", autofocus: true });
  const taken = await openDialog(phone, "sheet", { "aria-label": words.text_link }, element("form", { method: "dialog" },
    element("h2", {}, words.text_link), element("label", {}, words.address, address),
    closing(words.ok, "ok", "filled"), closing(words.close, "")));
  return taken === "ok" ? linkOf(address.value.trim()) : null;
}
