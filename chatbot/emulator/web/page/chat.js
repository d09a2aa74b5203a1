/** One person's chat with the bot: updated by the server's events, and dispatching events to its views. */

import * as control from "./control.js";
import { languageOf } from "./words.js";

const TYPING = 5500; // milliseconds that "typing…" is shown, a little over Telegram's five seconds

const OF_PLACES = ["bot_status", "may_post", "speakers", "speaks_as", "channels"]; // and of no person

/**
 * Dispatches the events "loaded" (everything may have changed), "message" and "edited" (detail: the Message), "deleted"
 * (detail: its id), "answered" (detail: {query_id, text, show_alert, url}), "state" (header, commands, connection).
 */
export class Chat extends EventTarget {
  bot = { name: "", description: "", short_description: "" };
  commands = [];
  messages = [];
  blocked = false;
  started = false;
  keyboard = []; // rows of buttons below the message field
  typing = false;
  connected = true;
  draft = null; // the draft of its Composer, stored when its phone closes
  #seen = null; // id of the newest message that was shown
  #watching = null;
  #loading = null;
  #backlog = [];
  #quiet = 0;

  constructor(person) {
    super();
    this.person = person;
    this.blocked = person.blocked ?? false;
  }

  get id() {
    return this.person.id;
  }

  get language() {
    return languageOf(this.person.language_code);
  }

  get name() {
    return [this.person.first_name, this.person.last_name].filter(Boolean).join(" ");
  }

  /** The number of unread messages from the bot. */
  get unread() {
    return this.messages.filter((message) => message.from?.id !== this.id && message.message_id > (this.#seen ?? Infinity)).length;
  }

  /** Marks all messages as read. */
  see() {
    this.#seen = this.messages.at(-1)?.message_id ?? 0;
  }

  /** Loads the chat again; events that arrive meanwhile are processed afterwards. */
  load() {
    this.#loading ??= this.#read().finally(() => {
      this.#loading = null;
      for (const event of this.#backlog.splice(0)) this.#apply(event);
    });
    return this.#loading;
  }

  /** Loads the chat anew: a response requested before the stream began may be older than the stream's first event. */
  async #loadAgain() {
    await this.#loading?.catch(() => {});
    await this.load();
  }

  async #read() {
    const state = await control.readChat(this.id);
    const picked = ({ bot, commands, messages, blocked, started, keyboard, ...rest }) =>
      JSON.stringify([bot, commands, messages, blocked, started, keyboard, OF_PLACES.map((name) => rest[name])]);
    const same = picked(this) === picked({ keyboard: [], ...state });
    Object.assign(this, state);
    if (this.#seen === null) this.see();
    if (!same) this.#tell("loaded");
  }

  /** Follows the chat live until `unwatch`. */
  watch() {
    this.#watching ??= control.listen(this.id, {
      opened: () => {
        this.#connect(true);
        this.#loadAgain().catch(() => this.#connect(false));
      },
      heard: (event) => (this.#loading ? this.#backlog.push(event) : this.#apply(event)),
      lost: () => this.#connect(false),
    });
  }

  unwatch() {
    this.#watching?.();
    this.#watching = null;
    this.#rest();
  }

  /** Adds a message that this page just sent, without waiting for its event. */
  add(message) {
    this.#apply({ type: "message", message });
  }

  #apply(event) {
    if (event.type === "message" || event.type === "edited") this.#put(event.message);
    else if (event.type === "deleted") this.#drop(event.message_id);
    else if (event.type === "answered") this.#tell("answered", event);
    else if (event.type === "typing") this.#type();
    else if (event.type === "commands") {
      this.commands = event.commands ?? this.commands;
      this.bot = event.bot ?? this.bot;
      this.#tell("state");
    } else if (event.type === "keyboard") {
      this.keyboard = event.keyboard;
      this.#tell("state");
    } else if (event.type === "blocked") this.load().catch(() => this.#connect(false));
  }

  #put(message) {
    const at = this.messages.findIndex((known) => known.message_id === message.message_id);
    if (message.from?.is_bot) this.#rest();
    if (message.new_chat_title) this.person.first_name = message.new_chat_title;
    if (at >= 0) {
      if (JSON.stringify(this.messages[at]) === JSON.stringify(message)) return;
      this.messages[at] = message;
      this.#tell("edited", message);
      return;
    }
    this.messages.push(message);
    if (!this.started && !message.via_bot && message.from?.id === this.id) {
      this.started = true;
      this.#tell("state");
    }
    this.#tell("message", message);
  }

  #drop(id) {
    this.messages = this.messages.filter((message) => message.message_id !== id);
    this.#tell("deleted", id);
  }

  #type() {
    clearTimeout(this.#quiet);
    this.#quiet = setTimeout(() => this.#rest(), TYPING);
    if (this.typing) return;
    this.typing = true;
    this.#tell("state");
  }

  #rest() {
    clearTimeout(this.#quiet);
    if (!this.typing) return;
    this.typing = false;
    this.#tell("state");
  }

  #connect(connected) {
    if (this.connected === connected) return;
    this.connected = connected;
    this.#tell("state");
  }

  #tell(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}
