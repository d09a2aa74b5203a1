/** The media of a message: pictures and videos, and tiles for everything else. */

import { fileAddress } from "./control.js";
import { avatar, element, icon } from "./element.js";
import { sizeOf } from "./words.js";

const MOVING = matchMedia("(prefers-reduced-motion: no-preference)");

/** Returns the element for the media of `message`, or null if there is none. `actions` belong to the chat. */
export function renderMedia(message, actions) {
  const { words } = actions;
  if (message.photo?.length) return photo(message, actions);
  if (message.animation) return video(message.animation, words.animation_noun, actions, { loops: true });
  if (message.video) return video(message.video, words.video_noun, actions, { loops: false });
  if (message.document) return fileTile(message.document);
  if (message.sticker) return sticker(message.sticker, words);
  if (message.voice) return voice(message.voice, words);
  if (message.location) return location(message.location, words);
  if (message.contact) return contact(message.contact);
  if (message.text === undefined && message.caption === undefined) return tile("file", words.other_noun, "");
  return null;
}

function photo(message, { words, look }) {
  const largest = message.photo.reduce((best, size) => (size.width * size.height > best.width * best.height ? size : best));
  const picture = element("img", {
    src: fileAddress(largest.file_id), alt: words.photo_noun, width: largest.width, height: largest.height, decoding: "async",
  });
  return element("button.photo", { type: "button", "aria-label": words.photo_noun, onclick: () => look(picture.src) }, picture);
}

/** Makes a video that opens on a click. An animation (a GIF or a video without sound) plays in place, in a loop. */
function video(file, name, { look }, { loops }) {
  const address = fileAddress(file.file_id);
  const still = file.mime_type?.startsWith("image/");
  const plays = loops && MOVING.matches;
  const picture = still ? element("img", { src: address, alt: "", decoding: "async" })
    : element("video", { src: address, preload: "metadata", playsinline: true, loop: loops, autoplay: plays });
  picture.muted = true; // browsers do not autoplay videos with sound
  const mark = loops ? element("span.film-mark", { "aria-hidden": "true" }, "GIF") : element("span.film-play", {}, icon("play"));
  const made = element("button.photo.film", { type: "button", "aria-label": name, onclick: () => look(address, !still) }, picture, mark);
  picture.addEventListener("error", () => replaceVideo(made, name, file.file_name));
  return made;
}

/** Replaces a video that the browser cannot play with a tile. */
function replaceVideo(made, name, fileName) {
  made.parentElement?.classList.replace("media", "tile");
  made.replaceWith(tile("play", name, fileName ?? ""));
}

function fileTile(file) {
  const name = file.file_name ?? "file";
  const size = file.file_size ? sizeOf(file.file_size) : "";
  return tile("file", name, size, element("a.tile-body", { href: fileAddress(file.file_id), download: name }));
}

function sticker(art, words) {
  return element("div.sticker", { role: "img", "aria-label": `${words.sticker_noun} ${art.emoji ?? ""}` }, art.emoji ?? "🙂");
}

function voice(sound, words) {
  const minutes = Math.floor(sound.duration / 60);
  const wave = element("span.wave", { "aria-hidden": "true" });
  return tile("play", words.voice_noun, element("span", {}, wave, `${minutes}:${String(sound.duration % 60).padStart(2, "0")}`));
}

function location(spot, words) {
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
