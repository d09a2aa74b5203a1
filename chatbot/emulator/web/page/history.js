/** The messages of a chat by day, in a log that keeps the reader's scroll position. */

import { renderMessage } from "./bubble.js";
import { element, icon } from "./element.js";
import { keepFocus, spin } from "./keyboard.js";
import { dayName } from "./words.js";

const NEAR = 48; // distance in pixels that counts as being at the bottom

export class History {
  #actions;
  #pinned = true;
  #missed = 0;
  #watcher;

  constructor(actions) {
    this.#actions = actions;
    this.list = element("div.days");
    this.log = element("div.log", { role: "log", "aria-live": "polite", "aria-label": actions.words.messages, tabindex: "0" }, this.list);
    this.count = element("span.badge", { hidden: true });
    this.jump = element("button.jump.round", { type: "button", hidden: true, onclick: () => this.goDown() }, icon("down"), this.count);
    this.element = element("div.history", {}, this.log, this.jump);
    this.log.addEventListener("scroll", () => this.#settle(), { passive: true });
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
    this.goDown();
    requestAnimationFrame(() => this.log.removeAttribute("aria-busy"));
  }

  /** Appends a message. The reader's own messages always scroll into view. */
  add(message) {
    this.list.querySelector(".card")?.remove();
    this.#append(message).classList.add("arriving");
    this.#tick();
    if (!message.from?.is_bot) this.#pinned = true;
    if (this.#pinned) this.#drop();
    else if (message.from?.is_bot) this.#count(this.#missed + 1);
  }

  /** Replaces an edited message without scrolling or losing the focus on its keyboard. */
  edit(message, wordsChanged) {
    const old = this.#find(message.message_id);
    if (!old) return;
    const made = renderMessage(message, this.#actions);
    if (wordsChanged) made.classList.add("flash");
    const above = old.offsetTop + old.offsetHeight <= this.log.scrollTop;
    const before = this.list.getBoundingClientRect().height; // includes fractions of a pixel
    const refocus = keepFocus(old.querySelector(".keyboard"), made.querySelector(".keyboard"));
    old.replaceWith(made);
    this.#tick();
    if (refocus && !refocus()) this.log.focus({ preventScroll: true });
    if (this.#pinned) this.#drop();
    else if (above) this.log.scrollTop += this.list.getBoundingClientRect().height - before;
  }

  remove(id) {
    const gone = this.#find(id);
    const day = gone?.closest(".day");
    gone?.remove();
    if (day && !day.querySelector(".message")) day.remove();
  }

  /** Starts or stops the spinner of one callback button. */
  wait(id, action, waiting) {
    for (const key of this.#find(id)?.querySelectorAll(".key") ?? []) {
      if (key.dataset.action === action) spin(key, waiting);
    }
  }

  goDown() {
    this.#pinned = true;
    this.#drop();
  }

  dispose() {
    this.#watcher.disconnect();
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
    day.append(made);
    return made;
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

  #settle() {
    this.#pinned = this.log.scrollHeight - this.log.scrollTop - this.log.clientHeight < NEAR;
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
