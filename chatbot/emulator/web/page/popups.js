/** Popups over a chat: menus, toasts, alerts, the share dialog, pictures. */

import { avatar, element, icon } from "./element.js";

/**
 * Opens the menu of the button `opener` inside `place` and returns it. If it is open already, closes it and returns null.
 * @param {{label: string, note?: string, sign?: string, danger?: boolean, run: () => void}[]} items
 */
export function toggleMenu(opener, place, label, items) {
  const open = place.querySelector(":scope > .menu");
  open?.close();
  if (open?.opener === opener) return null;
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
  for (const [at, { label: name, note, sign, danger, run }] of items.entries()) {
    const take = () => {
      menu.close();
      opener.focus({ preventScroll: true });
      run();
    };
    menu.append(element(`button.item${danger ? ".danger" : ""}`, { type: "button", role: "menuitem", tabindex: at ? "-1" : "0", onclick: take },
      sign && icon(sign), element("span.item-label", {}, name), note && element("span.item-note", {}, note)));
  }
  menu.addEventListener("keydown", (event) => steer(event, menu));
  document.addEventListener("pointerdown", outside, true);
  opener.setAttribute("aria-expanded", "true");
  place.append(menu);
  menu.firstElementChild?.focus({ preventScroll: true });
  return menu;
}

/** Replaces the items of the menu of `opener`, if it is open, because what can be done has changed. */
export function renewMenu(opener, place, label, items) {
  if (place.querySelector(":scope > .menu")?.opener !== opener) return;
  toggleMenu(opener, place, label, items);
  toggleMenu(opener, place, label, items);
}

function steer(event, menu) {
  const items = [...menu.children];
  const at = items.indexOf(document.activeElement);
  const moves = { ArrowDown: at + 1, ArrowUp: at - 1 + items.length, Home: 0, End: items.length - 1 };
  if (event.key in moves) {
    event.preventDefault();
    const next = items[moves[event.key] % items.length];
    for (const item of items) item.tabIndex = item === next ? 0 : -1;
    next.focus();
  } else if (event.key === "Escape" || event.key === "Tab") {
    event.preventDefault();
    menu.close();
    menu.opener.focus();
  }
}

const LINGER = 3200; // milliseconds that a toast is shown

/** Shows a line in `place` for a moment. Screen readers announce it. */
export function toast(place, text) {
  place.querySelector(".toast")?.remove();
  const made = element("div.toast", { dir: "auto" }, text);
  place.append(made);
  setTimeout(() => made.remove(), LINGER);
}

/** Opens a modal dialog over its phone and resolves with its returnValue. The browser keeps the focus inside it. */
export function openDialog(phone, kind, traits, ...children) {
  const dialog = element(`dialog.${kind}`, { lang: phone.lang, ...traits }, ...children);
  const box = phone.getBoundingClientRect();
  const edge = phone.clientLeft;
  // The dialog belongs over its own phone, because several phones can be side by side.
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

/** Returns the message that Telegram's share link makes: the address, and the text below it. */
export const sharedText = ({ url, text }) => [url, text].filter(Boolean).join("\n");

/**
 * Shows what Telegram's share link would share. `preview` is the bot's {name, about} if the link leads to it. Resolves
 * with "copy", "open" (only for a link to the bot) or "".
 */
export function shareSheet(phone, link, preview, words) {
  const card = preview && element("div.preview", {}, avatar(preview.name, 4), element("div.preview-words", {},
    element("p.preview-site", {}, "Telegram"), element("p.preview-name", { dir: "auto" }, preview.name),
    preview.about && element("p.preview-about", { dir: "auto" }, preview.about)));
  const shared = element("div.shared", {}, link.url && element("p.address", { dir: "ltr" }, link.url),
    link.text && element("p", { dir: "auto" }, link.text), card);
  return openDialog(phone, "sheet", { "aria-label": words.shareTitle }, element("form", { method: "dialog" },
    element("h2", {}, words.shareTitle), element("p.hint", {}, words.shareHint), shared,
    preview && closing(words.shareOpen, "open", "filled"),
    closing(words.shareCopy, "copy"), closing(words.close, "")));
}

/** Asks which of the people forwards a message to the bot; resolves with the person's id, or null. */
export async function askForwarder(phone, people, words) {
  const choices = people.map(({ id, name }) =>
    element("button.item", { value: id }, avatar(name, id), element("span.item-label", { dir: "auto" }, name)));
  const taken = await openDialog(phone, "sheet", { "aria-label": words.forward }, element("form", { method: "dialog" },
    element("h2", {}, words.forward), element("p.hint", {}, words.forwardHint), element("div.choices", {}, ...choices),
    closing(words.close, "")));
  return taken ? Number(taken) : null;
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

/** Asks for a new person; resolves with {name, language}, or null. `languages` is {tag: the language's own name}. */
export async function askNewPerson(over, words, languages, language) {
  const name = element("input", { name: "name", required: true, maxlength: "64", autocomplete: "off", dir: "auto" });
  const choice = element("select", { name: "language" }, ...[...Object.entries(languages), ["", "—"]].map(([code, label]) =>
    element("option", { value: code, selected: code === language }, label)));
  const form = element("form", { method: "dialog" },
    element("h2", {}, words.newPerson), element("p.hint", {}, words.newPersonHint),
    element("label", {}, words.name, name), element("label", {}, words.language, choice),
    closing(words.create, "create", "filled"),
    element("button.wide.plain", { value: "", formnovalidate: true }, words.close));
  const taken = await openDialog(over, "sheet", { "aria-label": words.newPerson }, form);
  return taken === "create" && name.value.trim() ? { name: name.value.trim(), language: choice.value } : null;
}
