/** One message as a bubble: what it says or carries, its time and ticks, its keyboard. */

import { fileAddress } from "./control.js";
import { avatar, element, icon } from "./element.js";
import { renderText } from "./entities.js";
import { renderKeyboard } from "./keyboard.js";
import { clock } from "./words.js";

const JUMBO = /^(?:\p{Extended_Pictographic}(?:\uFE0F|\u200D\p{Extended_Pictographic}|\p{Emoji_Modifier})*|\p{Regional_Indicator}{2}){1,3}$/u;

/**
 * A message as an <article>. `acts` are the deeds of the chat it belongs to: {bot, words, language, follow, say, copy,
 * press, isWaiting, look}.
 */
export function renderMessage(message, acts) {
  const side = message.from?.is_bot ? "in" : "out";
  const bubble = element("div.bubble");
  const carried = renderCarried(message, acts);
  const text = message.text ?? message.caption;
  const words = text === undefined ? null
    : element("div.text", { dir: "auto" }, renderText(text, message.entities ?? message.caption_entities, acts));
  if (words && JUMBO.test(text)) words.classList.add("jumbo");
  bubble.append(...[carried, words].filter(Boolean));
  if (message.show_caption_above_media && words) bubble.prepend(words);
  if (carried) bubble.classList.add(carried.matches(".photo, .sticker") ? "media" : "tile");
  if (carried && words) bubble.classList.add("captioned");
  (words ?? bubble).append(renderStamp(message, side, acts));
  const keyboard = renderKeyboard(message, acts);
  const made = element(`article.message.${side}`, { "data-id": message.message_id }, bubble, keyboard);
  if (keyboard) made.classList.add("with-keyboard");
  return made;
}

function renderStamp(message, side, { words, language }) {
  const sent = new Date(message.date * 1000);
  const stamp = element("span.stamp");
  if (message.edit_date && side === "out") stamp.append(element("span", {}, `${words.edited} `));
  stamp.append(element("time", { datetime: sent.toISOString() }, clock(message.date, language)));
  if (side === "out") stamp.append(element("span.ticks", { role: "img", "aria-label": words.sent }, icon("sent"), icon("read")));
  return stamp;
}

function renderCarried(message, acts) {
  const { words } = acts;
  if (message.photo?.length) return photo(message, acts);
  if (message.document) return paper(message.document);
  if (message.sticker) return sticker(message.sticker, words);
  if (message.voice) return voice(message.voice, words);
  if (message.location) return place(message.location, words);
  if (message.contact) return contact(message.contact);
  if (message.text === undefined && message.caption === undefined) return tile("file", words.other_noun, "");
  return null;
}

function photo(message, { words, look }) {
  const largest = message.photo.reduce((best, size) => (size.width * size.height > best.width * best.height ? size : best));
  const picture = element("img", {
    src: fileAddress(largest.file_id), alt: words.photo, width: largest.width, height: largest.height, decoding: "async",
  });
  return element("button.photo", { type: "button", "aria-label": words.photo, onclick: () => look(picture.src) }, picture);
}

function paper(file) {
  const name = file.file_name ?? "file";
  const size = file.file_size ? `${(file.file_size / 1024).toFixed(file.file_size < 10_240 ? 1 : 0)} KB` : "";
  const made = tile("file", name, size, element("a.tile-body", { href: fileAddress(file.file_id), download: name }));
  return made;
}

function sticker(art, words) {
  return element("div.sticker", { role: "img", "aria-label": `${words.sticker_noun} ${art.emoji ?? ""}` }, art.emoji ?? "🙂");
}

function voice(sound, words) {
  const minutes = Math.floor(sound.duration / 60);
  const wave = element("span.wave", { "aria-hidden": "true" });
  return tile("play", words.voice_noun, element("span", {}, wave, `${minutes}:${String(sound.duration % 60).padStart(2, "0")}`));
}

function place(spot, words) {
  return tile("place", words.location_noun, `${spot.latitude.toFixed(4)}, ${spot.longitude.toFixed(4)}`);
}

function contact(person) {
  const name = [person.first_name, person.last_name].filter(Boolean).join(" ");
  return element("div.tile-body", {}, avatar(name, name.length), element("span.tile-words", {},
    element("span.tile-name", {}, name), element("span.tile-note", {}, person.phone_number)));
}

function tile(sign, name, note, body = element("div.tile-body")) {
  body.append(
    element("span.tile-icon", {}, icon(sign)),
    element("span.tile-words", {}, element("span.tile-name", {}, name), element("span.tile-note", {}, note)),
  );
  return body;
}
