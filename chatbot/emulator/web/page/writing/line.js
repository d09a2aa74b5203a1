/** A line to type in, with the formatting of Telegram's app: by keys, by buttons, or pasted. */

import { element } from "../element.js";
import { cutOut, NOTHING, readHtml, readRich, splice, writeRich } from "./rich.js";

/** The keys of Telegram Desktop, as "Shift+" and the key's code. They need Ctrl or ⌘. */
const KEYS = {
  KeyB: "bold", KeyI: "italic", KeyU: "underline", "Shift+KeyX": "strikethrough", "Shift+KeyM": "code", "Shift+KeyP": "spoiler",
  "Shift+Period": "blockquote", KeyK: "text_link", "Shift+KeyN": "plain",
};
const NATIVE = { bold: "bold", italic: "italic", underline: "underline", strikethrough: "strikeThrough" };

export class Line {
  #changes = []; // [content before, after] of the changes that the browser's undo does not know

  /** `askLink()` asks for an address and resolves with it, or null. */
  constructor(label, askLink, traits = {}) {
    this.askLink = askLink;
    this.element = element("div.line.empty", {
      contenteditable: "true", role: "textbox", "aria-multiline": "true", "aria-label": label, "data-placeholder": label,
      tabindex: "0", dir: "auto", enterkeyhint: "send", ...traits,
    });
    this.element.addEventListener("input", () => this.#mark());
    this.element.addEventListener("keydown", (event) => this.#key(event));
    this.element.addEventListener("paste", (event) => this.#paste(event));
  }

  /** What is typed, as {text, entities}. */
  get content() {
    return readRich(this.element);
  }

  get text() {
    return this.content.text;
  }

  get isEmpty() {
    return !this.text.trim();
  }

  /** The selected range of the text as [from, to]; the end of the text if nothing is selected here. */
  get selection() {
    const selected = getSelection();
    const range = selected.rangeCount ? selected.getRangeAt(0) : null;
    const end = this.text.length;
    if (!range || !this.element.contains(range.commonAncestorContainer)) return [end, end];
    const found = [end, end];
    const ends = [[range.startContainer, range.startOffset], [range.endContainer, range.endOffset]];
    readRich(this.element, {
      visit: (node, offset, child) => ends.forEach(([container, at], which) => {
        if (node !== container) return;
        if (child === undefined) found[which] = offset + at;
        else if (child === at) found[which] = offset;
      }),
    });
    return found;
  }

  /** Replaces the content; undo does not bring the old one back. The caret goes to the end if the line has the focus. */
  write(content) {
    this.element.replaceChildren(writeRich(content));
    if (document.activeElement === this.element) this.select(content.text.length);
    this.element.dispatchEvent(new Event("input"));
  }

  clear() {
    this.write(NOTHING);
    this.#changes = [];
  }

  focus() {
    if (document.activeElement === this.element) return;
    this.element.focus();
    this.select(this.text.length);
  }

  /** Selects a range of the text. */
  select(from, to = from) {
    const find = (place) => {
      let found = [this.element, this.element.childNodes.length];
      readRich(this.element, {
        visit: (node, offset, child) => {
          if (child !== undefined) {
            if (offset === place && found[0].nodeType !== Node.TEXT_NODE) found = [node, child];
          } else if (offset <= place && place <= offset + node.data.length) found = [node, place - offset];
        },
      });
      return found;
    };
    getSelection().setBaseAndExtent(...find(from), ...find(to));
  }

  /**
   * Formats the selected text, or removes the format if all of it has it; "plain" removes all formats. Without a
   * selection, bold, italic, underline and strikethrough apply to what is typed next.
   */
  async format(type) {
    const [from, to] = this.selection;
    if (from === to) {
      this.element.focus();
      if (NATIVE[type]) document.execCommand(NATIVE[type]); // for what is typed next
      return;
    }
    const before = this.content;
    const has = type !== "plain" && before.entities.some((entity) =>
      entity.type === type && entity.offset <= from && entity.offset + entity.length >= to);
    const url = type === "text_link" && !has ? await this.askLink() : undefined;
    this.focus();
    if (url === null) return this.select(from, to);
    const entities = cutOut(before.entities, from, to, (entity) => type === "plain" || entity.type === type);
    if (type !== "plain" && !has) entities.push({ type, offset: from, length: to - from, ...(url && { url }) });
    return this.#change({ text: before.text, entities }, from, to);
  }

  #change(after, from, to) {
    const before = this.content;
    this.write(after);
    this.select(from, to);
    this.#changes.push([before, this.content]);
  }

  #key(event) {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || event.isComposing) return;
    const type = KEYS[`${event.shiftKey ? "Shift+" : ""}${event.code}`];
    if (type) {
      event.preventDefault();
      this.format(type);
    } else if (event.code === "KeyZ" && !event.shiftKey) this.#undo(event);
  }

  #undo(event) {
    const [before, after] = this.#changes.at(-1) ?? [];
    if (!after || JSON.stringify(after) !== JSON.stringify(this.content)) return;
    event.preventDefault();
    this.#changes.pop();
    this.write(before);
  }

  #paste(event) {
    if (event.defaultPrevented) return;
    event.preventDefault();
    const html = event.clipboardData.getData("text/html");
    const pasted = html && readHtml(html);
    if (!pasted?.entities.length) {
      document.execCommand("insertText", false, event.clipboardData.getData("text/plain") || pasted?.text || "");
      return;
    }
    const [from, to] = this.selection;
    this.#change(splice(this.content, from, to, pasted), from + pasted.text.length);
  }

  #mark() {
    this.element.classList.toggle("empty", /^\n?$/.test(this.text));
  }
}
