/** Groups and channels: choosing one for the bot, the keyboard that asks for one, and what its owner may do. */

import * as control from "./control.js";
import { avatar, element } from "./element.js";
import { closing, openDialog } from "./popups.js";

/** Returns whether a chat is a group or channel, by its id. */
export const isPlace = (id) => id < 0;

/** Asks for one of these places or the title of a new one; resolves with {id} or {title}, or null. */
async function askPlace(phone, places, kind, words) {
  const title = element("input", { name: "title", maxlength: "128", autocomplete: "off", dir: "auto", placeholder: words.placeTitle });
  const choices = places.map(({ id, name }) =>
    element("button.item", { value: id, formnovalidate: true }, avatar(name, id), element("span.item-label", { dir: "auto" }, name)));
  const taken = await openDialog(phone, "sheet", { "aria-label": words.choosePlace[kind] }, element("form", { method: "dialog" },
    element("h2", {}, words.choosePlace[kind]), element("p.hint", {}, words.placeHint),
    choices.length && element("div.choices", {}, ...choices),
    element("label", {}, words.newPlace[kind], title), closing(words.make, "make", "filled"), closing(words.close, "")));
  if (taken === "make") return title.value.trim() ? { title: title.value.trim() } : null;
  return taken ? { id: Number(taken) } : null;
}

/** Lets a person choose a place for the button `request` and shares it; resolves with the message, or null. */
export async function choosePlace(phone, person, places, request, words) {
  const kind = request.chat_is_channel ? "channel" : "group";
  const chosen = await askPlace(phone, places.filter((place) => place.kind === kind && place.owner === person), kind, words);
  if (!chosen) return null;
  const id = chosen.id ?? (await control.makePlace(person, kind, chosen.title)).id;
  return control.share(person, request.request_id, id);
}

/** Returns the rows of the bot's keyboard below the message field. `actions`: {say(text), choose(request)}. */
export function renderKeys(rows, actions) {
  return rows.map((row) => element("div.row", {}, ...row.map((button) => {
    const { text, request_chat: request } = typeof button === "string" ? { text: button } : button;
    const run = () => (request ? actions.choose(request) : actions.say(text));
    return element("button.key-below", { type: "button", onclick: run }, element("span", { dir: "auto" }, text));
  })));
}

/** Returns the items of the menu of a place; `run(act)` carries one out. */
export function placeActions({ may_post: mayPost, may_grow: mayGrow, bot_status: status }, words, run) {
  const isHere = !["left", "kicked"].includes(status);
  return [
    mayPost && { label: words.takeRights, sign: "block", danger: true, run: () => run("take_rights") },
    !mayPost && { label: isHere ? words.giveRights : words.addBot, sign: "sent", run: () => run("give_rights") },
    isHere && { label: words.expelBot, sign: "close", danger: true, run: () => run("expel") },
    mayGrow && { label: words.upgrade, sign: "plus", run: () => run("upgrade") },
  ].filter(Boolean);
}
