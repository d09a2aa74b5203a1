/** What a message refers to: the message it replies to, and where it was forwarded from. */

import { element } from "./element.js";

const KINDS = ["photo", "animation", "video", "document", "sticker", "voice", "location", "contact"];
const DEEP_LINK = /^\/start [A-Za-z0-9_-]{1,64}$/;

/** Returns the text of a message as the app shows it: "/start" without the payload of a deep link. */
export function shownText({ text, caption, from }) {
  return text && !from?.is_bot && DEEP_LINK.test(text) ? "/start" : text ?? caption;
}

/** Returns the text of a service message; undefined for other messages. */
export function serviceText(message, words) {
  if (message.chat_shared) return words.service.shared(message.chat_shared.title ?? "");
  if (message.new_chat_members) return words.service.joined(nameOf({ from: message.new_chat_members[0] }));
  if (message.new_chat_title) return words.service.titled(message.new_chat_title);
  if (message.pinned_message) return words.service.pinned;
  if (message.migrate_to_chat_id || message.migrate_from_chat_id) return words.service.grown;
  return undefined;
}

/** Returns a message as one line. */
export function gist(message, words) {
  if (message.document?.file_name && !message.animation && !message.caption) return message.document.file_name;
  const service = serviceText(message, words);
  if (service) return service;
  const kind = KINDS.find((name) => message[name]) ?? "other";
  return shownText(message) ?? words[`${kind}_noun`];
}

const EDITABLE = 48 * 60 * 60 * 1000; // milliseconds that Telegram lets people edit a message
const CAPTIONED = ["photo", "animation", "video", "document"];

/** Returns whether the person who wrote a message can edit its text or caption. */
export function isEditable(message) {
  const { from, text, date, forward_origin: origin, via_bot: via } = message;
  if (from?.is_bot || origin || via || Date.now() - date * 1000 > EDITABLE) return false;
  return text === undefined ? CAPTIONED.some((kind) => message[kind]) : shownText(message) === text;
}

/** Returns the name of the person who wrote a message, or the title of the channel or group that they wrote as. */
export const nameOf = ({ from, sender_chat: chat }) => chat?.title ?? [from?.first_name, from?.last_name].filter(Boolean).join(" ");

/** Returns the line above a forwarded message, or null. */
export function renderOrigin({ forward_origin: origin }, words) {
  if (!origin) return null;
  const name = origin.sender_user ? nameOf({ from: origin.sender_user })
    : origin.sender_user_name ?? origin.sender_chat?.title ?? origin.chat?.title ?? "";
  return element("p.origin", { dir: "auto" }, words.forwardedFrom(name));
}

/** Returns the quotation above a reply, which leads to the message; or null. */
export function renderReply({ reply_to_message: answered }, { words, show }) {
  if (!answered) return null;
  return element("button.answered-to", { type: "button", "aria-label": words.replyTo(nameOf(answered)), onclick: () => show(answered.message_id) },
    element("span.strip-name", { dir: "auto" }, nameOf(answered)), element("span.strip-text", { dir: "auto" }, gist(answered, words)));
}
