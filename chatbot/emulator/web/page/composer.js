/** The bottom of a chat: the Start or Restart button, or else the input line. */

import { element, icon } from "./element.js";
import { toggleMenu } from "./popups.js";

const SAMPLES = { sticker: "sticker", voice: "voice", location: "place", contact: "contact" };

/**
 * `actions`: {start(), say(text) → Promise<bool>, attach(file, as document, caption) → Promise<bool>, sample(kind)}.
 * A refused text returns to the input line, so that nothing typed is lost.
 */
export class Composer {
  #words;
  #actions;
  #commands = [];
  #picked = -1;
  #state = "";
  #asDocument = false;

  constructor(words, actions, listId) {
    this.#words = words;
    this.#actions = actions;
    this.line = element("textarea", {
      rows: "1", placeholder: words.write, "aria-label": words.write, dir: "auto", enterkeyhint: "send", role: "combobox",
      "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": listId, autocomplete: "off",
    });
    this.list = element("ul.suggestions", { role: "listbox", id: listId, "aria-label": words.commands, hidden: true });
    this.send = element("button.send.round", { type: "button", "aria-label": words.send, hidden: true, onclick: () => this.#submit() }, icon("send"));
    this.menu = this.#opener("menu-button", "commands", words.menu, () => this.#commandItems());
    this.menu.append(icon("menu"), element("span", {}, words.menu));
    this.clip = this.#opener("attach", "attachments", words.attach, () => this.#attachItems());
    this.clip.append(icon("attach"));
    this.clip.setAttribute("aria-label", words.attach);
    this.chooser = element("input.chooser", { type: "file", hidden: true, "aria-label": words.attach });
    this.big = element("button.big", { type: "button", onclick: () => actions.start().then(() => this.focus()) });
    this.bar = element("div.bar", {}, this.menu, element("div.field", {}, this.line, this.clip), this.send, this.chooser);
    this.element = element("footer.foot");
    this.line.addEventListener("input", () => this.#refresh());
    this.line.addEventListener("keydown", (event) => this.#key(event));
    this.line.addEventListener("blur", () => this.#suggest([]));
    this.line.addEventListener("focus", () => this.#refresh());
    this.line.addEventListener("paste", (event) => this.#paste(event));
    this.chooser.addEventListener("change", () => this.#take());
  }

  /** Updates to the state of the chat: {blocked, started, commands}. */
  show({ blocked, started, commands }) {
    this.#commands = commands;
    this.menu.hidden = !commands.length;
    const state = blocked ? "restart" : started ? "write" : "start";
    if (state === this.#state) return;
    this.#state = state;
    this.big.textContent = state === "restart" ? this.#words.restart : this.#words.start;
    this.element.replaceChildren(...(state === "write" ? [this.list, this.bar] : [this.big]));
  }

  /** Focuses the input line, except on a touch screen, where that would open the keyboard. */
  focus() {
    if (!matchMedia("(pointer: coarse)").matches && this.line.isConnected) this.line.focus();
  }

  #opener(kind, menu, label, items) {
    const opener = element(`button.${kind}`, { type: "button", "aria-haspopup": "menu", "aria-expanded": "false", "data-menu": menu });
    opener.addEventListener("click", () => toggleMenu(opener, this.element, label, items()));
    return opener;
  }

  #commandItems() {
    return this.#commands.map(({ command, description }) => ({
      label: `/${command}`, note: description, run: () => this.#actions.say(`/${command}`),
    }));
  }

  #attachItems() {
    const samples = Object.entries(SAMPLES).map(([kind, sign]) => ({ label: this.#words[kind], sign, run: () => this.#actions.sample(kind) }));
    return [
      { label: this.#words.media, sign: "photo", run: () => this.#choose(false) },
      { label: this.#words.file, sign: "file", run: () => this.#choose(true) },
      ...samples,
    ];
  }

  #key(event) {
    // Enter while composing Hangul (or kana, pinyin) ends the syllable and must not send.
    if (event.isComposing || event.keyCode === 229) return;
    const options = [...this.list.children];
    if (options.length && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : -1;
      this.#pick((Math.max(this.#picked + step, step > 0 ? 0 : -1) + options.length) % options.length);
    } else if (options.length && event.key === "Escape") {
      event.stopPropagation();
      this.#suggest([]);
    } else if (options.length && event.key === "Tab" && !event.shiftKey) {
      event.preventDefault();
      this.line.value = options[Math.max(this.#picked, 0)].dataset.command;
      this.#refresh();
    } else if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      if (this.#picked >= 0) this.line.value = options[this.#picked].dataset.command;
      this.#submit();
    }
  }

  async #submit() {
    const text = this.line.value.trim();
    if (!text) return;
    this.#write("");
    if (!(await this.#actions.say(text)) && !this.line.value) this.#write(text);
  }

  #choose(asDocument) {
    this.#asDocument = asDocument;
    this.chooser.accept = asDocument ? "" : "image/*,video/*";
    this.chooser.click();
  }

  #take() {
    const [file] = this.chooser.files;
    this.chooser.value = "";
    this.attach(file, this.#asDocument);
    this.#asDocument = false;
  }

  #paste(event) {
    const [file] = event.clipboardData.files;
    if (!file) return;
    event.preventDefault();
    this.attach(file);
  }

  /** Sends a File; the text in the input line becomes the start of its caption. */
  async attach(file, asDocument = false) {
    if (!file || !this.line.isConnected || !(await this.#actions.attach(file, asDocument, this.line.value.trim()))) return;
    this.#write("");
    this.focus();
  }

  #write(text) {
    this.line.value = text;
    this.#refresh();
  }

  #refresh() {
    const text = this.line.value;
    this.send.hidden = !text.trim();
    this.line.style.height = "auto";
    this.line.style.height = `${this.line.scrollHeight}px`;
    const typed = /^\/([a-z0-9_]*)$/i.exec(text)?.[1].toLowerCase();
    this.#suggest(typed === undefined || document.activeElement !== this.line ? []
      : this.#commands.filter(({ command }) => command.startsWith(typed) && command !== typed));
  }

  #suggest(commands) {
    this.list.replaceChildren(...commands.map(({ command, description }, at) => element(
      "li.item", {
        role: "option", id: `${this.list.id}-${at}`, "aria-selected": "false", "data-command": `/${command}`,
        onpointerdown: (event) => event.preventDefault(), // keep the focus in the input line
        onclick: () => {
          this.line.value = `/${command}`;
          this.#submit();
        },
      },
      element("span.item-label", {}, `/${command}`), element("span.item-note", {}, description),
    )));
    this.list.hidden = !commands.length;
    this.line.setAttribute("aria-expanded", String(commands.length > 0));
    this.#pick(-1);
  }

  #pick(at) {
    this.#picked = at;
    [...this.list.children].forEach((option, position) => option.setAttribute("aria-selected", String(position === at)));
    const option = this.list.children[at];
    if (option) this.line.setAttribute("aria-activedescendant", option.id);
    else this.line.removeAttribute("aria-activedescendant");
    option?.scrollIntoView({ block: "nearest" });
  }
}
