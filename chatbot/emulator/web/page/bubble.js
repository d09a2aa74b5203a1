/** One message as a bubble: its text or media, time, ticks and keyboard. */

import { renderMedia } from "./media.js";
import { element, icon } from "./element.js";
import { renderText } from "./entities.js";
import { renderKeyboard } from "./keyboard.js";
import { nameOf, renderOrigin, renderReply, serviceText, shownText } from "./quoting.js";
import { clock } from "./words.js";

const JUMBO = /^(?:\p{Extended_Pictographic}(?:\uFE0F|\u200D\p{Extended_Pictographic}|\p{Emoji_Modifier})*|\p{Regional_Indicator}{2}){1,3}$/u;

/**
 * Returns a message as an <article>. `actions` belong to the chat: {bot, words, language, follow, say, copy, shareCard,
 * press, isWaiting, look, show, focus}.
 */
export function renderMessage(message, actions) {
  const service = serviceText(message, actions.words);
  if (service) return element("article.message.service", { "data-id": message.message_id, tabindex: "-1" }, element("p", { dir: "auto" }, service));
  const isFriends = !message.from?.is_bot && message.chat?.type === "private" && message.from?.id !== message.chat.id;
  const asChat = message.chat?.type === "channel" ? null : message.sender_chat; // an anonymous admin, or a channel
  const isOurs = asChat && !message.is_automatic_forward;
  const side = (message.from?.is_bot || message.sender_chat || isFriends) && !isOurs ? "in" : "out";
  const by = isFriends ? nameOf(message) : asChat ? asChat.title : side === "in" ? actions.words.bot : actions.words.you;
  const sender = element("span.spoken", {}, `${by}: `);
  const bubble = element("div.bubble", {}, sender);
  const media = renderMedia(message, actions);
  const text = shownText(message);
  const words = text === undefined ? null
    : element("div.text", { dir: "auto" }, renderText(text, message.entities ?? message.caption_entities, actions));
  if (words && JUMBO.test(text)) words.classList.add("jumbo");
  const before = [(isFriends || isOurs) && element("p.origin", { dir: "auto" }, [by, message.via_bot && actions.words.viaBot].filter(Boolean).join(" · ")), renderOrigin(message, actions.words), renderReply(message, actions)].filter(Boolean);
  if (before.length) bubble.classList.add("referring");
  bubble.append(...[...before, media, words].filter(Boolean));
  if (message.show_caption_above_media && words) media?.before(words);
  if (media) bubble.classList.add(media.matches(".photo, .sticker") ? "media" : "tile");
  if (media && words) bubble.classList.add("captioned");
  (words ?? bubble).append(renderStamp(message, side, actions));
  const keyboard = renderKeyboard(message, actions);
  const made = element(`article.message.${side}`, { "data-id": message.message_id, tabindex: "-1" }, bubble, keyboard);
  if (keyboard) made.classList.add("with-keyboard");
  return made;
}

function renderStamp(message, side, { words, language }) {
  const sent = new Date(message.date * 1000);
  const stamp = element("span.stamp");
  if (message.edit_date && side === "out") stamp.append(element("span", {}, `${words.edited} `));
  stamp.append(element("time", { datetime: sent.toISOString(), dir: "auto" }, clock(message.date, language)));
  if (side === "out") stamp.append(element("span.ticks", { role: "img", "aria-label": words.sent }, icon("sent"), icon("read")));
  return stamp;
}
