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
  label.addEventListener("pointerenter", () => nameElided(label));
  if (button.url) return linkButton(button, style, label, actions);
  const made = element(`button.key${style}`, { type: "button" }, label);
  if (button.copy_text) {
    made.append(icon("copy"));
    made.addEventListener("click", () => actions.copy(button.copy_text.text));
  } else if (button.switch_inline_query_chosen_chat) {
    made.append(icon("forward"));
    made.addEventListener("click", () => actions.shareCard(button.switch_inline_query_chosen_chat.query ?? ""));
  } else if (button.callback_data !== undefined) {
    made.dataset.action = button.callback_data;
    spin(made, actions.isWaiting(message.message_id, button.callback_data));
    made.addEventListener("click", ({ detail: clicks }) => {
      if (made.getAttribute("aria-busy") === "true") return;
      if (clicks) actions.focus(); // with a mouse: in Telegram the input line keeps the focus
      actions.press(message.message_id, button.callback_data);
    });
  } else {
    made.setAttribute("aria-disabled", "true"); // a kind of button this page does not support
  }
  return made;
}

/** Shows the whole of a cut label as a tooltip, as Telegram does. */
function nameElided(label) {
  if (label.scrollWidth > label.clientWidth) label.title = label.textContent;
  else label.removeAttribute("title");
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
 * Returns the button of `made` with the same action as the focused button of `old`; null if there is none, undefined if
 * the focus is elsewhere.
 */
export function sameKey(old, made) {
  if (!old?.contains(document.activeElement)) return undefined;
  const { action } = document.activeElement.dataset;
  return [...(made?.querySelectorAll(".key") ?? [])].find((key) => action !== undefined && key.dataset.action === action) ?? null;
}
