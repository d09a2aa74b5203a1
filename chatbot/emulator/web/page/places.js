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

/** Asks for one of {id, name}; resolves with its id, or null. */
async function askOne(phone, heading, hint, choices, words) {
  const items = choices.map(({ id, name }) =>
    element("button.item", { value: id }, avatar(name, id), element("span.item-label", { dir: "auto" }, name)));
  const taken = await openDialog(phone, "sheet", { "aria-label": heading }, element("form", { method: "dialog" },
    element("h2", {}, heading), element("p.hint", {}, hint), element("div.choices", {}, ...items), closing(words.close, "")));
  return taken ? Number(taken) : null;
}

/** Returns the speakers of a group by their names: the owner, the group for an anonymous admin, and channels. */
const namedSpeakers = (chat, words) =>
  chat.speakers.map(({ id, name }) => ({ id, name: id === chat.id ? words.anonymous(name) : name }));

/** Returns the name of whom the owner writes as in a group; null if it is they themselves. */
export function speakerOf(chat, words) {
  if (!chat.speakers?.length || chat.speaks_as === chat.speakers[0].id) return null;
  return namedSpeakers(chat, words).find(({ id }) => id === chat.speaks_as)?.name ?? null;
}

/** Returns the items of the menu of a place; `run(act, id)` carries one out, and `phone` returns its element. */
export function placeActions(chat, words, phone, run) {
  const { may_post: mayPost, may_grow: mayGrow, bot_status: status, speakers = [], channels = [] } = chat;
  const isHere = !["left", "kicked"].includes(status);
  const choose = async (act, heading, hint, choices) => {
    const id = await askOne(phone(), heading, hint, choices, words);
    if (id !== null) run(act, id);
  };
  return [
    speakers.length > 1 && {
      label: words.speakAs, sign: "contact",
      run: () => choose("speak_as", words.speakAs, words.speakAsHint, namedSpeakers(chat, words)),
    },
    channels.length && {
      label: words.discuss, sign: "reply", run: () => choose("discuss", words.discuss, words.discussHint, channels),
    },
    mayPost && { label: words.takeRights, sign: "block", danger: true, run: () => run("take_rights") },
    !mayPost && { label: isHere ? words.giveRights : words.addBot, sign: "sent", run: () => run("give_rights") },
    isHere && { label: words.expelBot, sign: "close", danger: true, run: () => run("expel") },
    mayGrow && { label: words.upgrade, sign: "plus", run: () => run("upgrade") },
  ].filter(Boolean);
}
