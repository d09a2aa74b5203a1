/** The page: the list of people, and the phones side by side. */

import { Chat } from "./chat.js";
import * as control from "./control.js";
import { element } from "./element.js";
import { People, titleOf } from "./people.js";
import { Phone } from "./phone.js";
import { isPlace } from "./places.js";
import { askNewPerson } from "./popups.js";
import { wordsIn } from "./words.js";

const GLANCE = 2000; // milliseconds between two requests for the chats that are not shown
const NARROWEST = 312; // minimum width of a phone in pixels
const RAIL = 300; // width of the list of people in a wide window
const narrow = matchMedia("(max-width: 760px), (max-height: 420px)");
const flat = matchMedia("(max-height: 420px)"); // a phone on its side: the chat gets the room of the list
const MEMORY = "petition-rehearsal";

const stage = document.querySelector("main");
const chats = new Map(); // person id → Chat
const phones = new Map(); // person id → Phone, for those shown
let bot = { username: "", first_name: "", languages: {} };
let shown = []; // person ids, from left to right
let wished = 1; // number of phones side by side
let current = null; // the person whose language the page uses

const people = new People({ choose, add: () => addPerson(), spread });
const backstage = {
  addPerson,
  choose,
  people: () => [...chats.values()].map((chat) => ({ id: chat.id, name: titleOf(chat, wordsIn(chats.get(current)?.language)) })),
  places: () => [...chats.values()].filter((chat) => isPlace(chat.id)).map((chat) => ({ id: chat.id, name: chat.name, kind: chat.person.role, owner: chat.person.owner })),
  glance: () => glance(),
  isListHidden: () => flat.matches,
};

/** Returns how many phones fit into the window. */
function room() {
  return narrow.matches ? 1 : Math.max(1, Math.min(3, Math.floor((window.innerWidth - RAIL) / NARROWEST)));
}

function choose(id) {
  if (!shown.includes(id)) shown = [...shown, id].slice(-wished);
  current = id;
  arrange();
  phones.get(id)?.composer.focus();
}

function spread(count) {
  wished = count;
  const others = [...chats.keys()].filter((id) => !shown.includes(id));
  shown = [...shown, ...others].slice(0, count);
  if (!shown.includes(current)) current = shown[0];
  arrange();
}

/** Shows the phones of `shown` and stores the arrangement. */
function arrange() {
  const fitting = shown.length > room() ? [current, ...shown.filter((id) => id !== current)].slice(0, room()) : shown;
  const visible = shown.filter((id) => fitting.includes(id));
  for (const [id, phone] of phones) {
    if (visible.includes(id)) continue;
    phone.dispose();
    phones.delete(id);
  }
  for (const [at, id] of visible.entries()) {
    if (!phones.has(id)) phones.set(id, new Phone(chats.get(id), bot.username, backstage));
    if (stage.children[at] !== phones.get(id).element) stage.insertBefore(phones.get(id).element, stage.children[at] ?? null);
  }
  remember();
  look();
}

/** Marks the shown chats as read and updates the list of people. */
function look() {
  if (!document.hidden) for (const id of phones.keys()) chats.get(id)?.see(); // an upgraded group has no chat any more
  const language = chats.get(current)?.language ?? "en";
  document.documentElement.lang = language;
  document.title = `${bot.first_name} · ${wordsIn(language).rehearsal}`;
  people.show({ chats: [...chats.values()], shown: [...phones.keys()], phones: Math.min(wished, room()), most: room(), language });
}

async function addPerson(payload) {
  const words = wordsIn(chats.get(current)?.language);
  const over = phones.get(current)?.element ?? document.body;
  const answer = await askNewPerson(over, words, bot.languages, chats.get(current)?.person.language_code);
  if (!answer) return;
  try {
    const person = await control.addPerson(answer.name, answer.language);
    meet(person);
    choose(person.id);
    if (payload !== undefined) chats.get(person.id).add(await control.start(person.id, payload));
  } catch (problem) {
    phones.get(current)?.complain(problem);
  }
}

async function readAll() {
  return (await Promise.all([control.readPeople(), control.readPlaces()])).flat();
}

function meet(person) {
  if (chats.has(person.id)) return;
  const chat = new Chat(person);
  chats.set(person.id, chat);
  for (const type of ["loaded", "message", "edited", "deleted"]) chat.addEventListener(type, look);
}

/** Polls the list and the chats that are not shown: a browser allows only six connections, so these have no stream. */
async function glance() {
  if (document.hidden) return;
  const present = await readAll();
  present.forEach(meet);
  for (const id of chats.keys()) {
    if (!present.some((person) => person.id === id)) chats.delete(id);
  }
  await Promise.all([...chats.values()].filter((chat) => !phones.has(chat.id)).map((chat) => chat.load()));
  if (!shown.length || !shown.every((id) => chats.has(id))) {
    shown = shown.filter((id) => chats.has(id));
    spread(wished);
  }
  look();
}

function remember() {
  try {
    localStorage.setItem(MEMORY, JSON.stringify({ shown, wished, current }));
  } catch {
    // Without storage the page still works.
  }
}

function recall() {
  try {
    return JSON.parse(localStorage.getItem(MEMORY)) ?? {};
  } catch {
    return {};
  }
}

/** Stores what is typed and not sent, so that this tab has it again after a reload. */
function storeDrafts() {
  const drafts = [...chats.values()].map((chat) => [chat.id, phones.get(chat.id)?.composer.draft ?? chat.draft]);
  try {
    sessionStorage.setItem(MEMORY, JSON.stringify(drafts));
  } catch {
    // Without storage the page still works.
  }
}

function restoreDrafts() {
  try {
    for (const [id, draft] of JSON.parse(sessionStorage.getItem(MEMORY)) ?? []) {
      if (chats.has(id)) chats.get(id).draft = draft;
    }
  } catch {
    // Without storage there are no drafts.
  }
}

async function begin() {
  bot = await control.readBot();
  const kept = recall();
  shown = kept.shown ?? [];
  wished = kept.wished ?? 1;
  current = kept.current ?? null;
  document.body.prepend(people.element);
  document.querySelector(".waiting")?.remove();
  (await readAll()).forEach(meet);
  restoreDrafts();
  await glance();
  arrange();
  addEventListener("resize", arrange);
  addEventListener("pagehide", storeDrafts);
  document.addEventListener("visibilitychange", () => glance().catch(() => {}));
  stage.addEventListener("focusin", ({ target }) => {
    const person = Number(target.closest(".phone")?.dataset.person);
    if (!chats.has(person) || current === person) return;
    current = person;
    look();
  });
  setInterval(() => glance().catch(() => {}), GLANCE);
}

// Telegram presses a button once, however long Enter is held.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !event.repeat || (event.shiftKey && event.target.isContentEditable)) return;
  event.preventDefault();
  event.stopPropagation();
}, { capture: true });

begin().catch((problem) => {
  document.querySelector(".waiting")?.replaceChildren(element("span", {}, problem.message));
});
