/** The people to play: a list beside the phones, or a row of avatars above them in a narrow window. */

import { avatar, element, icon } from "./element.js";
import { gist } from "./quoting.js";
import { wordsIn } from "./words.js";

const MOST_PHONES = 3;
const SPOKEN = 60; // characters of a message in the name of a button

export class People {
  #actions;
  #rows = new Map();

  /** `actions`: {choose(person id), add(), spread(number of phones)}. */
  constructor(actions) {
    this.#actions = actions;
    this.name = element("h1.rehearsal");
    this.hint = element("p.rehearsal-hint");
    this.list = element("ul.faces");
    this.addLabel = element("span.person-name");
    this.addButton = element("button.person.add", { type: "button", onclick: () => actions.add() },
      element("span.avatar.plus", { "aria-hidden": "true" }, icon("plus")), element("span.person-words", {}, this.addLabel));
    this.spread = element("div.spread", { role: "group" }, ...Array.from({ length: MOST_PHONES }, (_, at) =>
      element("button", { type: "button", "data-count": at + 1, onclick: () => actions.spread(at + 1) },
        element("span.phones-drawn", { "aria-hidden": "true" }, ...Array.from({ length: at + 1 }, () => element("i"))),
        element("span.spoken", {}, String(at + 1)))));
    this.spreadLabel = element("p.spread-label", { id: "spread-label" });
    this.spread.setAttribute("aria-labelledby", "spread-label");
    this.element = element("nav.people", {}, element("div.people-head", {}, this.name, this.hint),
      element("div.people-list", {}, this.list, this.addButton), element("div.people-foot", {}, this.spreadLabel, this.spread));
  }

  /** Updates the list: all chats, the ids shown, the current and possible number of phones, the language. */
  show({ chats, shown, phones, most, language }) {
    const words = wordsIn(language);
    this.element.lang = language;
    this.element.setAttribute("aria-label", words.people);
    this.name.textContent = words.rehearsal;
    this.hint.textContent = words.rehearsalHint;
    this.addLabel.textContent = words.newPerson;
    this.spreadLabel.textContent = words.phones;
    for (const button of this.spread.children) {
      const count = Number(button.dataset.count);
      button.setAttribute("aria-pressed", String(count === phones));
      button.disabled = count > most;
    }
    this.spread.parentElement.hidden = most < 2;
    for (const chat of chats) this.#show(chat, shown.includes(chat.id), words);
    for (const [id, row] of this.#rows) {
      if (chats.some((chat) => chat.id === id)) continue;
      row.remove();
      this.#rows.delete(id);
    }
  }

  #show(chat, isShown, words) {
    let row = this.#rows.get(chat.id);
    if (!row) {
      const button = element("button.person", { type: "button", "data-person": chat.id, onclick: () => this.#actions.choose(chat.id) },
        avatar(chat.name, chat.id), element("span.person-words", {}, element("span.person-title", {},
          element("span.person-name", { dir: "auto" }, chat.name), element("span.person-role")),
        element("span.person-last", { dir: "auto" })), element("span.badge"));
      row = element("li", {}, button);
      this.#rows.set(chat.id, row);
      this.list.append(row);
    }
    const [button] = row.children;
    const [role, last, badge] = [".person-role", ".person-last", ".badge"].map((part) => row.querySelector(part));
    if (isShown && !button.hasAttribute("aria-current")) row.scrollIntoView({ block: "nearest", inline: "nearest" });
    if (isShown) button.setAttribute("aria-current", "true");
    else button.removeAttribute("aria-current");
    role.textContent = roleOf(chat, words);
    role.hidden = !role.textContent;
    last.textContent = chat.blocked ? words.blocked : newest(chat, words);
    badge.hidden = !chat.unread;
    badge.textContent = String(chat.unread);
    const [line] = last.textContent.trim().split("\n", 1);
    const said = line.length > SPOKEN ? `${line.slice(0, SPOKEN)}…` : line;
    button.setAttribute("aria-label", [titleOf(chat, words), said, chat.unread && words.unread(chat.unread)].filter(Boolean).join(", "));
  }
}

const roleOf = ({ person }, words) => words[person.role] ?? "";

/** Returns a person's name and role, as in "유나 · 운영자". */
export const titleOf = (chat, words) => [chat.name, roleOf(chat, words)].filter(Boolean).join(" · ");

/** Returns the newest message as one line, or else the person's @username or language. */
function newest({ messages, person }, words) {
  if (messages.length) return gist(messages.at(-1), words);
  return person.username ? `@${person.username}` : person.language_code ?? "";
}
