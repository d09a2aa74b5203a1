/** Inline keyboards: rows of buttons under a message. */

import { element, icon } from "./element.js";
import { readLink } from "./links.js";

const STYLES = new Set(["primary", "success", "danger"]);

/** Returns the keyboard of a message, or null if it has none. `actions` belong to the chat. */
export function renderKeyboard(message, actions) {
  const rows = message.reply_markup?.inline_keyboard ?? [];
  if (!rows.length) return null;
  return element("div.keyboard", {}, ...rows.map((row) =>
    element("div.row", {}, ...row.map((button) => renderButton(button, message, actions)))));
}

function renderButton(button, message, actions) {
  const style = STYLES.has(button.style) ? `.${button.style}` : "";
  const label = element("span.label", { dir: "auto" }, button.text);
  if (button.url) return linkButton(button, style, label, actions);
  const made = element(`button.key${style}`, { type: "button" }, label);
  if (button.copy_text) {
    made.append(icon("copy"));
    made.addEventListener("click", () => actions.copy(button.copy_text.text));
  } else if (button.callback_data !== undefined) {
    made.dataset.action = button.callback_data;
    spin(made, actions.isWaiting(message.message_id, button.callback_data));
    made.addEventListener("click", () => {
      if (made.getAttribute("aria-busy") !== "true") actions.press(message.message_id, button.callback_data);
    });
  } else {
    made.setAttribute("aria-disabled", "true"); // a kind of button this page does not support
  }
  return made;
}

function linkButton(button, style, label, actions) {
  const link = readLink(button.url, actions.bot);
  if (link.kind === "outside") {
    const spoken = element("span.spoken", {}, `(${actions.words.newTab})`);
    return element(`a.key${style}`, { href: link.href, target: "_blank", rel: "noopener noreferrer" }, label, spoken, icon("link"));
  }
  const made = element(`button.key${style}`, { type: "button" }, label, icon("link"));
  if (link.kind === "inert") made.setAttribute("aria-disabled", "true");
  else made.addEventListener("click", () => actions.follow(link));
  return made;
}

/** Shows on a callback button whether it waits for the bot's answer. */
export function spin(button, waiting) {
  if (waiting) button.setAttribute("aria-busy", "true");
  else button.removeAttribute("aria-busy");
}

/**
 * If a button of `old` has the focus, returns a function that moves it to the same or nearest position in `made`, and
 * returns whether there was a button. Otherwise null.
 */
export function keepFocus(old, made) {
  const focused = old?.contains(document.activeElement) ? document.activeElement : null;
  if (!focused) return null;
  const row = [...old.children].indexOf(focused.parentElement);
  const column = [...(old.children[row]?.children ?? [])].indexOf(focused);
  return () => {
    const newRow = made?.children[Math.min(row, made.children.length - 1)];
    const key = newRow?.children[Math.min(column, newRow.children.length - 1)];
    key?.focus({ preventScroll: true });
    return Boolean(key);
  };
}
