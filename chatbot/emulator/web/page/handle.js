/** The button for what can be done with a message. It is in the message under the pointer, or in the newest. */

import { element, icon } from "./element.js";

const OWN_ACTIONS = "a, button, video, [role=button], [contenteditable]";

export class Handle {
  #list;
  #holder;

  /** `list` holds the messages; `open(message id, button, x, y)` opens the menu at a point of the window. */
  constructor(list, label, open) {
    this.#list = list;
    this.button = element("button.handle", {
      type: "button", "aria-label": label, "aria-haspopup": "menu", "aria-expanded": "false", "data-menu": "message-menu",
    }, icon("more"));
    // Screen readers announce everything new in the log. They must not announce this button.
    this.#holder = element("span.handle-holder", { "aria-live": "off" }, this.button);
    const openAt = ({ clientX, clientY }) => open(this.#id, this.button, clientX, clientY);
    this.button.addEventListener("click", () => {
      const { left, bottom } = this.button.getBoundingClientRect();
      openAt({ clientX: left, clientY: bottom });
    });
    this.button.addEventListener("keydown", (event) => this.#key(event));
    list.addEventListener("pointerover", ({ target }) => this.moveTo(target.closest(".message")));
    list.addEventListener("contextmenu", (event) => {
      const message = event.target.closest(".message");
      if (!message || event.target.closest("a") || !getSelection().isCollapsed) return;
      event.preventDefault();
      this.moveTo(message);
      openAt(event);
    });
    list.addEventListener("click", (event) => {
      const message = event.target.closest(".bubble")?.closest(".message");
      if (event.pointerType !== "touch" || !message || event.target.closest(OWN_ACTIONS)) return;
      this.moveTo(message);
      openAt(event);
    });
  }

  /** Whether the focus is on the button. */
  get isFocused() {
    return document.activeElement === this.button;
  }

  /** Moves the button into a message, unless its menu is open. */
  moveTo(message) {
    if (!message || this.#holder.parentElement === message || this.button.getAttribute("aria-expanded") === "true") return;
    const { isFocused } = this;
    message.append(this.#holder);
    if (isFocused) this.button.focus({ preventScroll: true });
  }

  /** Moves the button into the newest message, unless it has the focus. */
  rest() {
    if (!this.isFocused) this.moveTo([...this.#list.querySelectorAll(".message")].at(-1));
  }

  get #id() {
    return Number(this.#holder.closest(".message").dataset.id);
  }

  #key(event) {
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const messages = [...this.#list.querySelectorAll(".message")];
    const next = messages[messages.indexOf(this.#holder.closest(".message")) + step];
    if (!next) return;
    this.moveTo(next);
    this.button.scrollIntoView({ block: "nearest" });
  }
}

/** Puts a menu at a point of the window, inside its place. */
export function putAt(menu, x, y) {
  const place = menu.offsetParent;
  const box = place.getBoundingClientRect();
  const within = (at, size, room) => `${Math.max(8, Math.min(at, room - size - 8))}px`;
  menu.style.left = within(x - box.left - place.clientLeft, menu.offsetWidth, place.clientWidth);
  menu.style.top = within(y - box.top - place.clientTop, menu.offsetHeight, place.clientHeight);
}
