/** The people to play: a list beside the phones, or a row of avatars above them in a narrow window. */

import { avatar, element, icon } from "./element.js";
import { wordsIn } from "./words.js";

const MOST_PHONES = 3;
const KINDS = ["photo", "animation", "video", "document", "sticker", "voice", "location", "contact"];

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
        avatar(chat.name, chat.id), element("span.person-words", {}, element("span.person-name", { dir: "auto" }, chat.name),
          element("span.person-last", { dir: "auto" })), element("span.badge"));
      row = element("li", {}, button);
      this.#rows.set(chat.id, row);
      this.list.append(row);
    }
    const [button] = row.children;
    const [last, badge] = [row.querySelector(".person-last"), row.querySelector(".badge")];
    if (isShown) button.setAttribute("aria-current", "true");
    else button.removeAttribute("aria-current");
    last.textContent = chat.blocked ? words.blocked : gist(chat, words);
    badge.hidden = !chat.unread;
    badge.replaceChildren(String(chat.unread), element("span.spoken", {}, ` (${words.unread(chat.unread)})`));
  }
}

/** Returns the newest message as one line, or else the person's @username or language. */
function gist({ messages, person }, words) {
  const newest = messages.at(-1);
  if (!newest) return person.username ? `@${person.username}` : person.language_code ?? "";
  if (newest.document?.file_name && !newest.animation && !newest.caption) return newest.document.file_name;
  const kind = KINDS.find((name) => newest[name]) ?? "other";
  return newest.text ?? newest.caption ?? words[`${kind}_noun`];
}
