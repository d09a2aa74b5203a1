/** Sending a file: the kind Telegram would send it as, and the dialog for its caption. */

import { element, icon } from "./element.js";
import { closing, openDialog } from "./popups.js";

const LONGEST_CAPTION = 1024;

/** "photo", "animation" or "video", as Telegram's app would choose; "document" for anything else or on request. */
export function kindOf(file, asDocument) {
  if (asDocument) return "document";
  if (file.type === "image/gif") return "animation";
  if (file.type.startsWith("video/")) return "video";
  return file.type.startsWith("image/") ? "photo" : "document";
}

/** Formats a number of bytes. */
export function sizeOf(bytes) {
  if (bytes >= 1024 * 1024) return `${(bytes / 1024 / 1024).toFixed(1)} MB`;
  return `${(bytes / 1024).toFixed(bytes < 10_240 ? 1 : 0)} KB`;
}

/** Shows `file` and asks for its caption, starting with `begun`; resolves with the caption, or null to cancel. */
export async function askCaption(phone, file, kind, begun, words) {
  const address = file.type.startsWith("image/") && URL.createObjectURL(file);
  const shown = address ? element("img.attached", { src: address, alt: "" })
    : element("div.tile-body", {}, element("span.tile-icon", {}, icon(kind === "video" ? "play" : "file")),
      element("span.tile-words", {}, element("span.tile-name", {}, file.name), element("span.tile-note", {}, sizeOf(file.size))));
  const caption = element("textarea", { rows: "2", maxlength: LONGEST_CAPTION, dir: "auto", autofocus: true });
  caption.value = begun;
  const sending = closing(words.send, "send", "filled");
  caption.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    sending.click();
  });
  const name = words[`${kind}_noun`];
  const taken = await openDialog(phone, "sheet", { "aria-label": name }, element("form", { method: "dialog" },
    element("h2", {}, name), shown, element("label", {}, words.caption, caption), sending, closing(words.close, "")));
  if (address) URL.revokeObjectURL(address);
  return taken === "send" ? caption.value.trim() : null;
}
