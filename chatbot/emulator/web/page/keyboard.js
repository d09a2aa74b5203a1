/** Inline keyboards: rows of buttons under a message. */

import { element, icon } from "./element.js";
import { readLink } from "./links.js";

const STYLES = new Set(["primary", "success", "danger"]);

/** The keyboard of a message, or null when it has none. `acts` are the deeds of the chat. */
export function renderKeyboard(message, acts) {
  const rows = message.reply_markup?.inline_keyboard ?? [];
  if (!rows.length) return null;
  return element("div.keyboard", {}, ...rows.map((row) =>
    element("div.row", {}, ...row.map((button) => renderButton(button, message, acts)))));
}

function renderButton(button, message, acts) {
  const style = STYLES.has(button.style) ? `.${button.style}` : "";
  const label = element("span.label", {}, button.text);
  if (button.url) return linkButton(button, style, label, acts);
  const made = element(`button.key${style}`, { type: "button" }, label);
  if (button.copy_text) {
    made.append(icon("copy"));
    made.addEventListener("click", () => acts.copy(button.copy_text.text));
  } else if (button.callback_data !== undefined) {
    made.dataset.action = button.callback_data;
    spin(made, acts.isWaiting(message.message_id, button.callback_data));
    made.addEventListener("click", () => {
      if (made.getAttribute("aria-busy") !== "true") acts.press(message.message_id, button.callback_data);
    });
  } else {
    made.setAttribute("aria-disabled", "true"); // a kind of button this page does not play
  }
  return made;
}

function linkButton(button, style, label, acts) {
  const link = readLink(button.url, acts.bot);
  if (link.kind === "outside") {
    const spoken = element("span.spoken", {}, `(${acts.words.newTab})`);
    return element(`a.key${style}`, { href: link.href, target: "_blank", rel: "noopener noreferrer" }, label, spoken, icon("link"));
  }
  const made = element(`button.key${style}`, { type: "button" }, label, icon("link"));
  if (link.kind === "inert") made.setAttribute("aria-disabled", "true");
  else made.addEventListener("click", () => acts.follow(link));
  return made;
}

/** Shows on a callback button whether the bot's answer is still awaited. */
export function spin(button, waiting) {
  if (waiting) button.setAttribute("aria-busy", "true");
  else button.removeAttribute("aria-busy");
}

/**
 * When a button of `old` has the focus: a function that gives it to the button at the same place of `made`, or as near
 * as there is one, and says whether there was any. Otherwise null.
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
