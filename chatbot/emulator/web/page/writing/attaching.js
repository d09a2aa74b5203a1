/** Sends files: chooses the kind of each, and asks for their caption. */

import { element, icon } from "../element.js";
import { closing, openDialog } from "../popups.js";
import { sizeOf } from "../words.js";
import { askLink } from "./formats.js";
import { Line } from "./line.js";
import { readMarks } from "./rich.js";

/** Returns the kind of each file, as Telegram's app chooses it. Several are all photos and videos, or all documents. */
export function kindsOf(files, asDocument) {
  const kinds = files.map((file) => kindOf(file, asDocument));
  const album = kinds.every((kind) => kind === "photo" || kind === "video");
  return kinds.length > 1 && !album ? kinds.map(() => "document") : kinds;
}

function kindOf(file, asDocument) {
  if (asDocument) return "document";
  if (file.type === "image/gif") return "animation";
  if (file.type.startsWith("video/")) return "video";
  return file.type.startsWith("image/") ? "photo" : "document";
}

/** Shows the files and asks for a caption, starting with `begun`; resolves with {send, caption}. */
export async function askCaption(phone, files, kinds, begun, words) {
  const addresses = [];
  const pictures = files.map((file, at) => {
    const address = file.type.startsWith("image/") && URL.createObjectURL(file);
    if (address) addresses.push(address);
    return address ? element("img.attached", { src: address, alt: file.name }) : tile(file, kinds[at]);
  });
  const line = new Line(words.caption, () => askLink(phone, words), { autofocus: true });
  line.write(begun);
  const sending = closing(words.send, "send", "filled");
  line.element.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    sending.click();
  });
  const name = files.length > 1 ? words.files(files.length) : words[`${kinds[0]}_noun`];
  const taken = await openDialog(phone, "sheet", { "aria-label": name }, element("form", { method: "dialog" },
    element("h2", {}, name), element(`div.attachments${files.length > 1 ? ".several" : ""}`, {}, ...pictures),
    line.element, sending, closing(words.close, "")));
  addresses.forEach((address) => URL.revokeObjectURL(address));
  return { send: taken === "send", caption: taken === "send" ? readMarks(line.content) : line.content };
}

function tile(file, kind) {
  return element("div.tile-body", {}, element("span.tile-icon", {}, icon(kind === "video" ? "play" : "file")),
    element("span.tile-words", {}, element("span.tile-name", {}, file.name), element("span.tile-note", {}, sizeOf(file.size))));
}
