/** The commands that match what is typed, above the input line. */

import { element } from "../element.js";

export class Suggestions {
  #line;
  #take;
  #picked = -1;

  /** `take(command, sends)` gets the chosen command, to send it or to write it into the line. */
  constructor(line, id, label, take) {
    this.#line = line;
    this.#take = take;
    this.element = element("ul.suggestions", { role: "listbox", id, "aria-label": label, hidden: true });
  }

  show(commands) {
    this.element.replaceChildren(...commands.map(({ command, description }, at) => element(
      "li.item", {
        role: "option", id: `${this.element.id}-${at}`, "aria-selected": "false", "data-command": `/${command}`,
        onpointerdown: (event) => event.preventDefault(), // keep the focus in the input line
        onclick: () => this.#take(`/${command}`, true),
      },
      element("span.item-label", { dir: "ltr" }, `/${command}`), element("span.item-note", {}, description),
    )));
    this.element.hidden = !commands.length;
    this.#pick(-1);
  }

  /** Handles a key of the line; returns whether it was one for the list. */
  key(event) {
    const options = [...this.element.children];
    if (!options.length) return false;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      const step = event.key === "ArrowDown" ? 1 : -1;
      this.#pick((Math.max(this.#picked + step, step > 0 ? 0 : -1) + options.length) % options.length);
    } else if (event.key === "Escape") {
      event.stopPropagation();
      this.show([]);
    } else if (event.key === "Tab" && !event.shiftKey) this.#take(options[Math.max(this.#picked, 0)].dataset.command, false);
    else if (event.key === "Enter" && !event.shiftKey && this.#picked >= 0) this.#take(options[this.#picked].dataset.command, true);
    else return false;
    return true;
  }

  #pick(at) {
    this.#picked = at;
    [...this.element.children].forEach((option, position) => option.setAttribute("aria-selected", String(position === at)));
    const option = this.element.children[at];
    if (option) this.#line.setAttribute("aria-activedescendant", option.id);
    else this.#line.removeAttribute("aria-activedescendant");
    option?.scrollIntoView({ block: "nearest" });
  }
}
