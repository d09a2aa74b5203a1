/** One phone: shows a person's chat with the bot, and does what they can do there. */

import { makeSharing, readCall } from "./cards.js";
import * as control from "./control.js";
import { avatar, element, icon } from "./element.js";
import { putAt } from "./handle.js";
import { History } from "./history.js";
import { readLink } from "./links.js";
import { choosePlace, isPlace, placeActions, renderKeys, speakerOf } from "./places.js";
import { alertOver, askForwarder, copyText, renewMenu, sharedText, shareSheet, showPicture, toast, toggleMenu } from "./popups.js";
import { isEditable, shownText } from "./quoting.js";
import { wordsIn } from "./words.js";
import { askCaption, kindsOf } from "./writing/attaching.js";
import { Composer } from "./writing/composer.js";
import { askLink } from "./writing/formats.js";

const LONGEST_WAIT = 15_000; // milliseconds that a button waits for an answer
const FACE = ["text", "entities", "caption", "caption_entities", "photo", "video", "animation", "document"];
const face = (message) => JSON.stringify(FACE.map((name) => message[name]));

export class Phone {
  #chat;
  #words;
  #waiting = new Map(); // "<message id> <action>" of a pressed button → its query id, null until it is known
  #faces = new Map(); // message id → its content, to distinguish edits of the text from edits of the keyboard
  #answered = new Set(); // query ids whose answer came before the response to our call
  #ending = new AbortController();
  #stage;

  /**
   * `bot` is the bot's username. `stage`: {addPerson(payload) adds a person who follows a link to the bot, people()
   * returns [{id, name}], places() [{id, name, kind, owner}], glance() reads the list again, choose(id), isListHidden()}.
   */
  constructor(chat, bot, stage) {
    this.#chat = chat;
    this.#words = wordsIn(chat.language);
    this.#stage = stage;
    const shareCard = makeSharing(() => this.element, chat.id, stage, this.#words, (calling) => this.#do(calling));
    const say = (content, message) =>
      (!isPlace(chat.id) && shareCard(readCall(bot, content.text))) || this.#do(control.say(chat.id, content, message));
    const actions = {
      bot, words: this.#words, language: chat.language,
      say: (text) => say({ text, entities: [] }),
      follow: (link) => this.#follow(link),
      copy: (text) => this.#copy(text),
      shareCard,
      press: (message, action) => this.#press(message, action),
      isWaiting: (message, action) => this.#waiting.has(`${message} ${action}`),
      look: (address, moving = false) => showPicture(this.element, address, moving, this.#words),
      show: (message) => this.history.find(message),
      open: (message, opener, x, y) => this.#openMenu(message, opener, x, y),
      focus: () => this.composer.focus(),
    };
    this.bot = bot;
    this.history = new History(actions);
    this.composer = new Composer(this.#words, {
      say,
      start: () => this.#do(control.start(chat.id)),
      edit: (message, content) => this.#do(control.edit(chat.id, message, content)),
      editable: () => chat.messages.filter(isEditable).at(-1),
      askLink: () => askLink(this.element, this.#words),
      ask: (files, asDocument, caption) => this.#ask(files, asDocument, caption),
      sendFiles: (...sent) => this.#do(control.sendFiles(chat.id, ...sent)),
      sample: (kind) => this.#do(control.sendSample(chat.id, kind)),
    }, `commands-${chat.id}`);
    this.#build();
    this.#listen();
    this.#showAll();
    if (chat.draft) this.composer.draft = chat.draft;
  }

  dispose() {
    this.#chat.draft = this.composer.draft;
    this.composer.dispose();
    this.#ending.abort();
    this.history.dispose();
    this.#chat.unwatch();
    this.element.remove();
  }

  #build() {
    const words = this.#words;
    this.face = element("span.face");
    this.title = element("h2.title", { dir: "auto" });
    this.subtitle = element("p.subtitle", { "aria-live": "off", "data-name": this.#chat.name });
    const more = element("button.more.round", {
      type: "button", "aria-label": words.more, "aria-haspopup": "menu", "aria-expanded": "false", "data-menu": "actions",
    }, icon("more"));
    const header = element("header.head", {}, this.face, element("div.titles", {}, this.title, this.subtitle), more);
    more.addEventListener("click", () => toggleMenu(more, header, words.more, this.#actions()));
    this.#chat.addEventListener("loaded", () => renewMenu(more, header, words.more, this.#actions()), { signal: this.#ending.signal });
    this.toasts = element("div.toasts", { role: "status" });
    this.keys = element("div.keys", { hidden: true });
    this.element = element(`section.phone${isPlace(this.#chat.id) ? ".place" : ""}`, {
      lang: this.#chat.language, "data-person": this.#chat.id,
      ondragover: (event) => event.preventDefault(),
      ondrop: (event) => this.#drop(event),
    }, header, this.history.element, this.toasts, this.composer.element, this.keys);
  }

  #listen() {
    const on = (type, run) => this.#chat.addEventListener(type, ({ detail }) => run(detail), { signal: this.#ending.signal });
    on("loaded", () => this.#showAll());
    on("state", () => this.#showState());
    on("message", (message) => {
      this.#faces.set(message.message_id, face(message));
      this.history.add(message);
      this.#showState();
    });
    on("edited", (message) => {
      this.history.edit(message, this.#faces.get(message.message_id) !== face(message));
      this.#faces.set(message.message_id, face(message));
    });
    on("deleted", (id) => {
      this.history.remove(id);
      this.composer.forget(id);
    });
    on("answered", (answer) => this.#hearAnswer(answer));
    this.#chat.watch();
  }

  #showAll() {
    const { bot, messages } = this.#chat;
    this.#faces = new Map(messages.map((message) => [message.message_id, face(message)]));
    const card = element("div.card", {}, avatar(bot.name, 4),
      element("p.card-title", {}, bot.description ? this.#words.description : this.#words.empty),
      bot.description && element("p.card-text", { dir: "auto" }, bot.description));
    this.history.show(messages, bot.name && card);
    this.#showState();
  }

  #showState() {
    const { bot, connected, typing } = this.#chat;
    const words = this.#words;
    if (this.title.textContent !== bot.name) {
      this.title.textContent = bot.name;
      this.face.replaceChildren(avatar(bot.name, 4));
      this.element.setAttribute("aria-label", words.chatWith(bot.name, this.#chat.name));
    }
    const speaker = speakerOf(this.#chat, words);
    const idle = [words[isPlace(this.#chat.id) ? this.#chat.person.role : "bot"], speaker && words.writesAs(speaker)].filter(Boolean).join(" · ");
    const state = !connected ? "lost" : typing ? "typing" : idle;
    if (this.subtitle.dataset.state !== state) {
      this.subtitle.dataset.state = state;
      this.subtitle.textContent = { lost: words.connecting, typing: words.typing }[state] ?? idle;
      if (typing) this.subtitle.append(element("span.dots", { "aria-hidden": "true" }, element("i"), element("i"), element("i")));
    }
    this.composer.show(this.#chat);
    this.#showKeys();
  }

  #showKeys() {
    const rows = JSON.stringify(this.#chat.keyboard);
    if (this.keys.dataset.rows === rows) return;
    this.keys.dataset.rows = rows;
    this.keys.hidden = !this.#chat.keyboard.length;
    this.keys.replaceChildren(...renderKeys(this.#chat.keyboard, {
      say: (text) => this.#do(control.say(this.#chat.id, { text, entities: [] })),
      choose: (request) => this.#choosePlace(request),
    }));
  }

  async #choosePlace(request) {
    const sharing = choosePlace(this.element, this.#chat.id, this.#stage.places(), request, this.#words);
    if (await this.#do(sharing.then((message) => message ?? {}))) await this.#stage.glance();
  }

  async #change(act, chosen) {
    const changing = control.change(this.#chat.id, act, chosen);
    if (!(await this.#do(changing.then(() => ({})))) || act !== "upgrade") return;
    const { id } = await changing;
    await this.#stage.glance();
    this.#stage.choose(id);
  }

  #actions() {
    const { id, blocked } = this.#chat;
    const words = this.#words;
    const others = this.#stage.isListHidden()
      ? this.#stage.people().filter((person) => person.id !== id).map((person) => ({ label: person.name, sign: "contact", run: () => this.#stage.choose(person.id) }))
        .concat({ label: words.newPerson, sign: "plus", run: () => this.#stage.addPerson() })
      : [];
    if (isPlace(id)) return placeActions(this.#chat, words, () => this.element, (act, chosen) => this.#change(act, chosen)).concat(others);
    const again = { label: words.restart, sign: "restart", run: () => this.#do(control.start(id)) };
    return blocked
      ? [again, { label: words.unblock, sign: "block", run: () => this.#do(control.unblock(id)) }, ...others]
      : [again, { label: words.block, sign: "block", danger: true, run: () => this.#do(control.block(id)) }, ...others];
  }

  /** Waits for a call and shows its message in the chat, or a refusal as a toast; returns whether it succeeded. */
  async #do(calling) {
    try {
      const answer = await calling;
      if (answer.message_id && answer.chat) this.#chat.add(answer);
      else if (answer.query_id === undefined) await this.#chat.load();
      return true;
    } catch (problem) {
      this.complain(problem);
      return false;
    }
  }

  /** Shows a failure as a toast. */
  complain(problem) {
    // fetch throws a TypeError if there is no server
    toast(this.toasts, this.#words.failed(problem instanceof TypeError ? this.#words.offline : problem.message));
  }

  /** Opens the menu of a message at a point of the window. */
  #openMenu(id, opener, x, y) {
    const message = this.#chat.messages.find((each) => each.message_id === id);
    if (!message || this.#chat.blocked) return;
    const words = this.#words;
    const text = shownText(message);
    const items = [
      { label: words.reply, sign: "reply", run: () => this.composer.reply(message) },
      isEditable(message) && { label: words.edit, sign: "edit", run: () => this.composer.edit(message) },
      text && { label: words.copyText, sign: "copy", run: () => this.#copy(text) },
      { label: words.forward, sign: "forward", run: () => this.#forward(message) },
    ].filter(Boolean);
    const menu = toggleMenu(opener, this.element, words.actions, items);
    if (menu) putAt(menu, x, y);
  }

  async #forward(message) {
    const own = this.#chat.id;
    const people = this.#stage.people().filter(({ id }) => !isPlace(id)).sort((one, other) => (other.id === own) - (one.id === own));
    const by = await askForwarder(this.element, people, this.#words);
    if (by === null) return;
    if (by === own) await this.#do(control.forward(own, own, message));
    else if (await this.#do(control.forward(by, own, message).then(() => ({})))) this.#stage.choose(by);
  }

  async #ask(files, asDocument, begun) {
    const kinds = kindsOf(files, asDocument);
    return { kinds, ...(await askCaption(this.element, files, kinds, begun, this.#words)) };
  }

  #drop(event) {
    event.preventDefault();
    this.composer.attach([...event.dataTransfer.files]);
  }

  async #press(message, action) {
    const key = `${message} ${action}`;
    this.#wait(key, null);
    const pressing = control.press(this.#chat.id, message, action);
    if (!(await this.#do(pressing))) return this.#rest(key);
    const { query_id: query } = await pressing;
    if (this.#answered.delete(query)) return this.#rest(key);
    this.#waiting.set(key, query);
    return setTimeout(() => this.#waiting.get(key) === query && this.#rest(key), LONGEST_WAIT);
  }

  #wait(key, query) {
    this.#waiting.set(key, query);
    this.#spin(key, true);
  }

  #rest(key) {
    this.#waiting.delete(key);
    this.#spin(key, false);
  }

  #spin(key, waiting) {
    const [message] = key.split(" ", 1);
    this.history.wait(message, key.slice(message.length + 1), waiting);
  }

  #hearAnswer({ query_id: query, text, show_alert: alerting, url }) {
    const pressed = [...this.#waiting].find(([, waited]) => waited === query);
    if (pressed) this.#rest(pressed[0]);
    else this.#answered.add(query);
    if (text && alerting) alertOver(this.element, this.#chat.bot.name, text, this.#words);
    else if (text) toast(this.toasts, text);
    if (url) this.#follow(readLink(url, this.bot));
  }

  async #follow(link) {
    if (link.kind === "start" && isPlace(this.#chat.id)) this.#stage.addPerson(link.payload);
    else if (link.kind === "start") await this.#do(control.start(this.#chat.id, link.payload));
    else if (link.kind === "outside") window.open(link.href, "_blank", "noopener");
    else if (link.kind === "share") {
      const target = readLink(link.url, this.bot);
      const { name, short_description: about } = this.#chat.bot;
      const chosen = await shareSheet(this.element, link, target.kind === "start" && { name, about }, this.#words);
      if (chosen === "copy") this.#copy(sharedText(link));
      else if (chosen === "open") this.#stage.addPerson(target.payload);
    }
  }

  async #copy(text) {
    try {
      await copyText(text);
      toast(this.toasts, this.#words.copied);
    } catch (problem) {
      this.complain(problem);
    }
  }
}
