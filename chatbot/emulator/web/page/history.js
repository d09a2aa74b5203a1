/** The messages of a chat by day, in a log that keeps the reader's scroll position. */

import { renderMessage } from "./bubble.js";
import { element, icon } from "./element.js";
import { Handle } from "./handle.js";
import { sameKey, spin } from "./keyboard.js";
import { dayName } from "./words.js";

const NEAR = 48; // distance in pixels that counts as being at the bottom

export class History {
  #actions;
  #pinned = true;
  #top = 0; // the last scroll position
  #missed = 0;
  #watcher;
  #end = new AbortController();
  #held = null; // the message on which a finger or the mouse is down
  #late = new Map(); // its edits: a button that is replaced between down and up would lose the tap

  constructor(actions) {
    this.#actions = actions;
    this.list = element("div.days");
    this.log = element("div.log", { role: "log", "aria-live": "polite", "aria-label": actions.words.messages, tabindex: "0" }, this.list);
    this.count = element("span.badge", { hidden: true });
    this.jump = element("button.jump.round", { type: "button", hidden: true, onclick: () => this.goDown() }, icon("down"), this.count);
    this.element = element("div.history", {}, this.log, this.jump);
    this.handle = new Handle(this.list, actions.words.actions, actions.open);
    this.log.addEventListener("scroll", () => this.#settle(), { passive: true });
    this.log.addEventListener("pointerdown", ({ target }) => (this.#held = target.closest(".message")));
    const [letGo, until] = [() => setTimeout(() => this.#letGo()), { signal: this.#end.signal }];
    for (const end of ["pointerup", "pointercancel"]) addEventListener(end, letGo, until);
    // When the log or its content grows (pictures, a keyboard on a phone), a reader at the bottom stays there.
    this.#watcher = new ResizeObserver(() => (this.#pinned ? this.#drop() : this.#settle()));
    this.#watcher.observe(this.log);
    this.#watcher.observe(this.list);
    this.#count();
  }

  /** Shows these messages only; `card` is shown if there are none. */
  show(messages, card) {
    this.log.setAttribute("aria-busy", "true"); // so that screen readers do not announce old messages
    this.list.replaceChildren(...(messages.length || !card ? [] : [card]));
    for (const message of messages) this.#append(message);
    this.#tick();
    this.handle.rest();
    this.goDown();
    requestAnimationFrame(() => this.log.removeAttribute("aria-busy"));
  }

  /** Appends a message. The reader's own messages always scroll into view. */
  add(message) {
    this.list.querySelector(".card")?.remove();
    this.#append(message).classList.add("arriving");
    this.#tick();
    this.handle.rest();
    if (!message.from?.is_bot) this.#pinned = true;
    if (this.#pinned) this.#drop();
    else if (message.from?.is_bot) this.#count(this.#missed + 1);
  }

  /**
   * Replaces an edited message without scrolling. The focus stays on a button that is still there; otherwise the message
   * gets it, so that Enter pressed again does not press a button that nobody has read.
   */
  edit(message, wordsChanged) {
    const old = this.#find(message.message_id);
    if (!old) return;
    if (old === this.#held) {
      this.#late.set(message.message_id, [message, wordsChanged || this.#late.get(message.message_id)?.[1]]);
      return;
    }
    const made = renderMessage(message, this.#actions);
    if (wordsChanged) made.classList.add("flash");
    const above = old.offsetTop + old.offsetHeight <= this.log.scrollTop;
    const before = this.list.getBoundingClientRect().height; // includes fractions of a pixel
    const focused = old === document.activeElement;
    const key = sameKey(old.querySelector(".keyboard"), made.querySelector(".keyboard"));
    const handled = old.contains(this.handle.button) && { focused: this.handle.isFocused };
    old.replaceWith(made);
    this.#tick();
    if (handled) this.handle.moveTo(made);
    if (handled.focused) this.handle.button.focus({ preventScroll: true });
    if (focused || key !== undefined) (key ?? made).focus({ preventScroll: true });
    if (this.#pinned) this.#drop();
    else if (above) this.log.scrollTop += this.list.getBoundingClientRect().height - before;
  }

  remove(id) {
    const gone = this.#find(id);
    const [album, day] = [gone?.closest(".album"), gone?.closest(".day")];
    if (gone?.contains(document.activeElement)) this.log.focus({ preventScroll: true });
    gone?.remove();
    for (const group of [album, day]) if (group && !group.querySelector(".message")) group.remove();
    this.handle.rest();
  }

  /** Starts or stops the spinner of one callback button. */
  wait(id, action, waiting) {
    for (const key of this.#find(id)?.querySelectorAll(".key") ?? []) {
      if (key.dataset.action === action) spin(key, waiting);
    }
  }

  /** Scrolls to a message and marks it for a moment. */
  find(id) {
    const found = this.#find(id);
    if (!found) return;
    const bubble = found.closest(".album") ?? found;
    bubble.scrollIntoView({ block: "center" });
    bubble.classList.remove("flash");
    requestAnimationFrame(() => bubble.classList.add("flash"));
  }

  goDown() {
    this.#pinned = true;
    this.#drop();
  }

  dispose() {
    this.#end.abort();
    this.#watcher.disconnect();
  }

  /** Shows the edits that came while a message was held, after its click. */
  #letGo() {
    const late = [...this.#late.values()];
    this.#held = null;
    this.#late.clear();
    for (const [message, wordsChanged] of late) this.edit(message, wordsChanged);
  }

  #append(message) {
    const date = new Date(message.date * 1000).toDateString();
    let day = this.list.lastElementChild;
    if (day?.dataset.date !== date) {
      const label = element("div.day-label", {}, element("span", {}, dayName(message.date, this.#actions.language)));
      day = element("section.day", { "data-date": date }, label);
      this.list.append(day);
    }
    const made = renderMessage(message, this.#actions);
    (message.media_group_id ? this.#album(day, message) : day).append(made);
    return made;
  }

  /** Returns the album of a message: the last thing of the day, or a new one. */
  #album(day, { media_group_id: group, from }) {
    const last = day.lastElementChild;
    if (last?.dataset.album === group) return last;
    const album = element(`div.album.${from?.is_bot ? "in" : "out"}`, { "data-album": group });
    day.append(album);
    return album;
  }

  /** Shows one tick for sent messages, two for those the bot has replied to. */
  #tick() {
    let answered = false;
    for (const message of [...this.list.querySelectorAll(".message")].reverse()) {
      if (message.matches(".in")) answered = true;
      else if (answered) {
        if (message.matches(".answered")) return;
        message.classList.add("answered");
        message.querySelector(".ticks")?.setAttribute("aria-label", this.#actions.words.read);
      }
    }
  }

  #find(id) {
    return this.list.querySelector(`.message[data-id="${Number(id)}"]`);
  }

  #drop() {
    this.log.scrollTop = this.log.scrollHeight;
    this.#settle();
  }

  /** Notes whether the reader is at the bottom. Only scrolling up leaves it: a picture that grows does not. */
  #settle() {
    const { scrollTop, scrollHeight, clientHeight } = this.log;
    const isNear = scrollHeight - scrollTop - clientHeight < NEAR;
    if (isNear || scrollTop < this.#top) this.#pinned = isNear;
    this.#top = scrollTop;
    this.jump.hidden = this.#pinned;
    if (this.#pinned) this.#count();
  }

  #count(missed = 0) {
    const { words } = this.#actions;
    this.#missed = missed;
    this.count.hidden = !missed;
    this.count.textContent = String(missed);
    this.jump.setAttribute("aria-label", missed ? `${words.down}, ${words.unread(missed)}` : words.down);
  }
}
