/** The bottom of a chat: the Start or Restart button, or else the input line. */

import { element, icon } from "../element.js";
import { toggleMenu } from "../popups.js";
import { gist, nameOf } from "../quoting.js";
import { formatBar } from "./formats.js";
import { Line } from "./line.js";
import { join, NOTHING, readMarks } from "./rich.js";
import { Suggestions } from "./suggestions.js";

const SAMPLES = { sticker: "sticker", voice: "voice", location: "place", contact: "contact" };
const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

/**
 * `actions`: {start(), say(content, reply to) → Promise<bool>, edit(message, content) → Promise<bool>, sample(kind),
 * ask(files, as documents, caption) → Promise<{send, kinds, caption}>, sendFiles(files, kinds, caption, reply to) →
 * Promise<bool>, editable() → message, askLink() → Promise<address>}.
 * Nothing typed is lost: refused text returns to the line, a refused edit stays open, and after an edit the line has
 * again what was typed before it.
 */
export class Composer {
  #words;
  #actions;
  #commands = [];
  #state = "";
  #asDocument = false;
  #target = null; // {kind: "reply" or "edit", message}
  #before = NOTHING; // during an edit, the message as it was
  #aside = NOTHING; // during an edit, what was typed before
  #saving = false;
  #ending = new AbortController();

  constructor(words, actions, listId) {
    this.#words = words;
    this.#actions = actions;
    this.line = new Line(words.write, actions.askLink, { "aria-autocomplete": "list", "aria-controls": listId });
    this.suggestions = new Suggestions(this.line.element, listId, words.commands, (command) => this.#take(command));
    this.formats = formatBar(this.line, words, this.#ending.signal);
    this.send = element("button.send.round", { type: "button", hidden: true, onclick: () => this.#submit() });
    this.menu = this.#opener("menu-button", "commands", words.menu, () => this.#commandItems());
    this.menu.append(icon("menu"), element("span", {}, words.menu));
    this.clip = this.#opener("attach", "attachments", words.attach, () => this.#attachItems());
    this.clip.append(icon("attach"));
    this.clip.setAttribute("aria-label", words.attach);
    this.chooser = element("input.chooser", { type: "file", multiple: true, hidden: true, "aria-label": words.attach });
    this.big = element("button.big", { type: "button", onclick: () => actions.start().then(() => this.focus()) });
    this.strip = element("div.strip", { hidden: true });
    this.bar = element("div.bar", {}, this.menu, element("div.field", {}, this.line.element, this.clip), this.send, this.chooser);
    this.element = element("footer.foot");
    this.line.element.addEventListener("input", () => this.#refresh());
    this.line.element.addEventListener("keydown", (event) => this.#key(event));
    this.line.element.addEventListener("blur", () => this.suggestions.show([]));
    this.line.element.addEventListener("focus", () => this.#refresh());
    this.line.element.addEventListener("paste", (event) => this.#paste(event), { capture: true });
    this.chooser.addEventListener("change", () => this.#choose());
    this.#aim(null);
  }

  dispose() {
    this.#ending.abort();
  }

  /** Shows the state of the chat: {blocked, started, commands}. */
  show({ blocked, started, commands }) {
    this.#commands = commands;
    this.menu.hidden = !commands.length;
    const state = blocked ? "restart" : started ? "write" : "start";
    if (state === this.#state) return;
    this.#state = state;
    this.big.textContent = state === "restart" ? this.#words.restart : this.#words.start;
    this.element.replaceChildren(...(state === "write" ? [this.suggestions.element, this.formats, this.strip, this.bar] : [this.big]));
  }

  /** Focuses the input line, except on a touch screen, where that would open the keyboard. */
  focus() {
    if (!matchMedia("(pointer: coarse)").matches && this.line.element.isConnected) this.line.focus();
  }

  /** What is typed and not sent, to continue with in another composer. */
  get draft() {
    return { content: this.line.content, target: this.#target, before: this.#before, aside: this.#aside };
  }

  set draft({ content, target, before, aside }) {
    [this.#before, this.#aside] = [before, aside];
    this.#aim(target);
    this.line.write(content);
  }

  reply(message) {
    if (this.#target?.kind === "edit") this.#endEdit();
    this.#aim({ kind: "reply", message });
    this.line.focus();
  }

  edit(message) {
    if (this.#target?.kind !== "edit") this.#aside = this.line.content;
    this.#aim({ kind: "edit", message });
    this.line.write({ text: message.text ?? message.caption ?? "", entities: message.entities ?? message.caption_entities ?? [] });
    this.#before = this.line.content;
    this.line.focus();
  }

  /** Ends a reply to a deleted message, or its edit. The edited words stay in the line, as a new message. */
  forget(messageId) {
    if (this.#target?.message.message_id !== messageId) return;
    if (this.#target.kind === "edit") this.line.write(join(this.#aside, this.line.content));
    this.#aim(null);
  }

  #aim(target) {
    this.#target = target;
    const words = this.#words;
    const editing = target?.kind === "edit";
    this.strip.hidden = !target;
    this.send.setAttribute("aria-label", editing ? words.save : words.send);
    this.send.replaceChildren(icon(editing ? "sent" : "send"));
    this.send.classList.toggle("saving", editing);
    if (target) {
      this.strip.replaceChildren(icon(editing ? "edit" : "reply"), element("div.strip-words", { dir: "auto" },
        element("span.strip-name", {}, editing ? words.editing : words.replyTo(nameOf(target.message))),
        element("span.strip-text", {}, gist(target.message, words))),
      element("button.round", { type: "button", "aria-label": words.cancel, onclick: () => this.#cancel() }, icon("close")));
    }
    this.#refresh();
  }

  #cancel() {
    if (this.#target?.kind === "edit") this.#endEdit();
    else this.#aim(null);
    this.focus();
  }

  #endEdit() {
    this.#aim(null);
    this.line.write(this.#aside);
    this.#aside = NOTHING;
  }

  #opener(kind, menu, label, items) {
    const opener = element(`button.${kind}`, { type: "button", "aria-haspopup": "menu", "aria-expanded": "false", "data-menu": menu });
    opener.addEventListener("click", () => toggleMenu(opener, this.element, label, items()));
    return opener;
  }

  #commandItems() {
    return this.#commands.map(({ command, description }) => ({
      label: `/${command}`, note: description, run: () => this.#actions.say({ text: `/${command}`, entities: [] }),
    }));
  }

  #attachItems() {
    const samples = Object.entries(SAMPLES).map(([kind, sign]) => ({ label: this.#words[kind], sign, run: () => this.#actions.sample(kind) }));
    const open = (asDocument) => {
      this.#asDocument = asDocument;
      this.chooser.accept = asDocument ? "" : "image/*,video/*";
      this.chooser.click();
    };
    return [
      { label: this.#words.media, sign: "photo", run: () => open(false) },
      { label: this.#words.file, sign: "file", run: () => open(true) },
      ...samples,
    ];
  }

  #key(event) {
    // Enter while composing Hangul (or kana, pinyin) ends the syllable and must not send.
    if (event.isComposing || event.keyCode === 229) return;
    if (this.suggestions.key(event)) event.preventDefault();
    else if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      this.#submit();
    } else if (event.key === "Escape" && this.#target) this.#cancel();
    else if (event.key === "ArrowUp" && !this.#target && this.line.isEmpty) {
      const message = this.#actions.editable();
      if (message) event.preventDefault();
      if (message) this.edit(message);
    }
  }

  #take(command, sends = true) {
    this.line.write({ text: command, entities: [] });
    if (sends) this.#submit();
  }

  async #submit() {
    const typed = this.line.content;
    const target = this.#target;
    if (target?.kind === "edit") return this.#save(target.message, typed);
    const content = readMarks(typed);
    if (!content.text.trim()) return;
    this.line.clear();
    this.#aim(null);
    if (!(await this.#actions.say(content, target?.message))) this.#giveBack(content, target);
  }

  #giveBack(content, reply) {
    if (this.#target?.kind === "edit") {
      this.#aside = join(content, this.#aside);
      return;
    }
    this.line.write(join(content, this.line.content));
    if (reply && !this.#target) this.#aim(reply);
  }

  async #save(message, typed) {
    if (this.#saving || (!typed.text.trim() && message.text !== undefined)) return;
    this.#saving = true;
    const done = same(typed, this.#before) || (await this.#actions.edit(message, readMarks(typed)));
    this.#saving = false;
    if (!done || this.#target?.kind !== "edit" || this.#target.message.message_id !== message.message_id) return;
    if (same(this.line.content, typed)) this.#endEdit();
    else this.#before = typed; // they typed on meanwhile
  }

  #choose() {
    const files = [...this.chooser.files];
    this.chooser.value = "";
    this.attach(files, this.#asDocument);
    this.#asDocument = false;
  }

  #paste(event) {
    const files = [...event.clipboardData.files];
    // A text copied from an office program comes with a picture of itself.
    if (!files.length || event.clipboardData.types.includes("text/plain")) return;
    event.preventDefault();
    this.attach(files);
  }

  /** Sends files; the text in the input line becomes the start of their caption. */
  async attach(files, asDocument = false) {
    if (!files.length || !this.line.element.isConnected) return;
    const editing = this.#target?.kind === "edit";
    const reply = editing ? null : this.#target;
    const { send, kinds, caption } = await this.#actions.ask(files, asDocument, editing ? NOTHING : this.line.content);
    if (!editing) this.line.write(send ? NOTHING : caption);
    else if (!send) this.#aside = join(this.#aside, caption);
    if (send && !editing) this.#aim(null);
    this.focus();
    if (send && !(await this.#actions.sendFiles(files, kinds, caption, reply?.message))) this.#giveBack(caption, reply);
  }

  #refresh() {
    const { text } = this.line;
    this.send.hidden = this.#target?.kind === "edit" ? !text.trim() && this.#target.message.text !== undefined : !text.trim();
    const typed = /^\/([a-z0-9_]*)$/i.exec(text)?.[1].toLowerCase();
    this.suggestions.show(typed === undefined || document.activeElement !== this.line.element ? []
      : this.#commands.filter(({ command }) => command.startsWith(typed) && command !== typed));
  }
}
