/** Inline mode and guest mode: posts what the bot offers in another chat, or calls the bot there. */

import * as control from "./control.js";
import { avatar, element } from "./element.js";
import { closing, openDialog } from "./popups.js";

/** Asks in whose chat to share; resolves with its id, or null. `people` is [{id, name}], with groups and channels. */
async function askWhere(phone, people, words) {
  const choices = people.map(({ id, name }) =>
    element("button.item", { value: id }, avatar(name, id), element("span.item-label", { dir: "auto" }, name)));
  const taken = await openDialog(phone, "sheet", { "aria-label": words.shareIn }, element("form", { method: "dialog" },
    element("h2", {}, words.shareIn), element("p.hint", {}, words.shareInHint), element("div.choices", {}, ...choices),
    closing(words.close, "")));
  return taken ? Number(taken) : null;
}

/** Shows the results of an inline query; resolves with "post:<result id>", "button", "guest" or "". */
function askWhich(phone, { results, button }, isGuest, words) {
  const offered = results.map(({ id, title, description }) =>
    element("button.item.offered", { value: `post:${id}` }, avatar(title, 4), element("span.offered-words", { dir: "auto" },
      element("span.item-label", {}, title), element("span.item-note", {}, description ?? ""))));
  return openDialog(phone, "sheet", { "aria-label": words.offered }, element("form", { method: "dialog" },
    element("h2", {}, words.offered), button && closing(button.text, "button", "filled"),
    element("div.choices", {}, ...offered), isGuest && closing(words.callGuest, "guest"), closing(words.close, "")));
}

/** Returns what follows @bot in a text that begins with it, or null. */
export function readCall(bot, text) {
  const [name, ...rest] = text.trim().split(/\s+/);
  return name.toLowerCase() === `@${bot.toLowerCase()}` ? rest.join(" ") : null;
}

/**
 * Returns a function that shares something of the bot in another chat as `person`. It takes the text after @bot and
 * returns a promise; for null it returns undefined. `element()` returns the phone, `stage` has people() and choose(id),
 * and `run` waits for a promise and shows its failure.
 */
export function makeSharing(element, person, stage, words, run) {
  const share = async (text) => {
    const people = stage.people().filter(({ id }) => id !== person);
    const where = await askWhere(element(), people, words);
    if (where === null) return {};
    const offer = await control.askInline(person, where, text);
    const taken = await askWhich(element(), offer, offer.is_guest, words);
    if (taken === "button") return control.start(person, offer.button.start_parameter);
    if (taken === "guest") await control.callGuest(person, where, text);
    else if (taken.startsWith("post:")) await control.postInline(person, offer.query_id, taken.slice("post:".length));
    if (taken) stage.choose(where);
    return {};
  };
  return (text) => (text === null ? undefined : run(share(text)));
}
