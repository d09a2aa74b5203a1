/** Popups over a chat: menus, toasts, alerts, the share dialog, pictures. */

import { element, icon } from "./element.js";

/**
 * Opens a menu inside `place` for the button `opener`; pressing the opener again closes it.
 * @param {{label: string, note?: string, sign?: string, danger?: boolean, run: () => void}[]} items
 */
export function toggleMenu(opener, place, label, items) {
  const open = place.querySelector(":scope > .menu");
  open?.close();
  if (open?.opener === opener) return;
  const menu = element(`div.menu.${opener.dataset.menu}`, { role: "menu", "aria-label": label });
  menu.opener = opener;
  menu.close = () => {
    menu.remove();
    opener.setAttribute("aria-expanded", "false");
    document.removeEventListener("pointerdown", outside, true);
  };
  const outside = ({ target }) => {
    if (!menu.contains(target) && !opener.contains(target)) menu.close();
  };
  for (const { label: name, note, sign, danger, run } of items) {
    const take = () => {
      menu.close();
      opener.focus({ preventScroll: true });
      run();
    };
    menu.append(element(`button.item${danger ? ".danger" : ""}`, { type: "button", role: "menuitem", tabindex: "-1", onclick: take },
      sign && icon(sign), element("span.item-label", {}, name), note && element("span.item-note", {}, note)));
  }
  menu.addEventListener("keydown", (event) => steer(event, menu));
  document.addEventListener("pointerdown", outside, true);
  opener.setAttribute("aria-expanded", "true");
  place.append(menu);
  menu.firstElementChild?.focus({ preventScroll: true });
}

function steer(event, menu) {
  const items = [...menu.children];
  const at = items.indexOf(document.activeElement);
  const moves = { ArrowDown: at + 1, ArrowUp: at - 1 + items.length, Home: 0, End: items.length - 1 };
  if (event.key in moves) {
    event.preventDefault();
    items[moves[event.key] % items.length].focus();
  } else if (event.key === "Escape" || event.key === "Tab") {
    event.preventDefault();
    menu.close();
    menu.opener.focus();
  }
}

const LINGER = 3200; // milliseconds that a toast is shown

/** Shows a line for a moment in `place`; screen readers announce it. */
export function toast(place, text) {
  place.querySelector(".toast")?.remove();
  const made = element("div.toast", { dir: "auto" }, text);
  place.append(made);
  setTimeout(() => made.remove(), LINGER);
}

/** Opens a dialog over its phone; resolves with its returnValue. The browser keeps the focus inside. */
export function openDialog(phone, kind, traits, ...children) {
  const dialog = element(`dialog.${kind}`, { lang: phone.lang, ...traits }, ...children);
  const box = phone.getBoundingClientRect();
  const edge = phone.clientLeft;
  // Over its own phone if there are several side by side.
  dialog.style.setProperty("--middle", `${box.left + box.width / 2}px`);
  dialog.style.setProperty("--bottom", `${window.innerHeight - box.bottom + edge}px`);
  dialog.style.setProperty("--room", `${phone.clientWidth}px`);
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close("");
  });
  phone.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue);
    });
  });
}

/** A button that closes its dialog with `value`. */
export const closing = (label, value, kind = "plain") => element(`button.wide.${kind}`, { value }, label);

/** Shows the alert of a callback answer. */
export function alertOver(phone, title, text, words) {
  return openDialog(phone, "alert", { role: "alertdialog", "aria-label": title },
    element("form", { method: "dialog" }, element("h2", {}, title), element("p", { dir: "auto" }, text), closing(words.ok, "ok", "filled")));
}

/** Shows what Telegram's share link would share. Resolves with "copy", "open" (only offered if `canOpen`) or "". */
export function shareSheet(phone, { url, text }, canOpen, words) {
  const card = element("div.shared", { dir: "auto" }, text && element("p", {}, text), url && element("p.address", {}, url));
  return openDialog(phone, "sheet", { "aria-label": words.shareTitle }, element("form", { method: "dialog" },
    element("h2", {}, words.shareTitle), element("p.hint", {}, words.shareHint), card,
    canOpen && closing(words.shareOpen, "open", "filled"),
    closing(words.shareCopy, "copy"), closing(words.close, "")));
}

/** Shows a picture or a video in full size. */
export function showPicture(phone, address, moving, words) {
  const close = element("button.round", { value: "", "aria-label": words.close }, icon("close"));
  const name = moving ? words.video_noun : words.photo_noun;
  const shown = moving ? element("video", { src: address, controls: true, autoplay: true, playsinline: true })
    : element("img", { src: address, alt: name });
  return openDialog(phone, "picture", { "aria-label": name }, element("form", { method: "dialog" }, close), shown);
}

/** Copies text, also where the browser has no clipboard API (a page from another machine without HTTPS). */
export async function copyText(text) {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const carrier = element("textarea.spoken");
  carrier.value = text;
  document.body.append(carrier);
  carrier.select();
  document.execCommand("copy");
  return carrier.remove();
}

/** Asks for a new person; resolves with {name, language}, or null. `languages` are their tags and own names. */
export async function askNewPerson(over, words, languages, language) {
  const name = element("input", { name: "name", required: true, maxlength: "64", autocomplete: "off", dir: "auto" });
  const tongue = element("select", { name: "language" }, ...[...Object.entries(languages), ["", "—"]].map(([code, label]) =>
    element("option", { value: code, selected: code === language }, label)));
  const form = element("form", { method: "dialog" },
    element("h2", {}, words.newPerson), element("p.hint", {}, words.newPersonHint),
    element("label", {}, words.name, name), element("label", {}, words.language, tongue),
    closing(words.create, "create", "filled"),
    element("button.wide.plain", { value: "", formnovalidate: true }, words.close));
  const taken = await openDialog(over, "sheet", { "aria-label": words.newPerson }, form);
  return taken === "create" && name.value.trim() ? { name: name.value.trim(), language: tongue.value } : null;
}
