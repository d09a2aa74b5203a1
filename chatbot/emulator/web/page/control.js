/** A client of the emulator's control API. Each function is something that a person does in Telegram. */

async function call(path, body) {
  const sending = body === undefined ? {} : {
    method: "POST",
    body: body instanceof FormData ? body : JSON.stringify(body),
    headers: body instanceof FormData ? {} : { "Content-Type": "application/json" },
  };
  const response = await fetch(`/emulator/${path}`, sending);
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(answer.error ?? answer.description ?? `HTTP ${response.status}`);
  return answer;
}

/** Returns the bot's {username, first_name, languages}. `languages` is what a new person can choose: {tag: name}. */
export const readBot = () => call("bot");

/** Returns all people: [{id, first_name, last_name, username, language_code, blocked, role}]. */
export const readPeople = () => call("people");

/** Returns the groups and channels in the form of people; their role is "channel" or "group". */
export const readPlaces = () => call("places");

/** Makes a group or channel that belongs to a person, without the bot. */
export const makePlace = (person, kind, title) => call(`chats/${person}/place`, { kind, title });

/** Answers a button of the bot's keyboard with a group or channel. */
export const share = (person, request, chat) => call(`chats/${person}/share`, { request_id: request, chat });

/**
 * Changes a group or channel: "take_rights", "give_rights", "expel" or "upgrade"; "speak_as" the group or the channel
 * with this id; "discuss" the channel with this id.
 */
export const change = (place, act, id) => call(`chats/${place}/${act}`, id === undefined ? {} : { id });

/** Adds a person with a name and a Telegram language ("" for none). */
export const addPerson = (name, language) =>
  call("people", { first_name: name, ...(language && { language_code: language }) });

/** Returns a person's chat with the bot: {bot, commands, messages, blocked, started, keyboard}. Reads places, too. */
export const readChat = (person) => call(`chats/${person}`);

const asReply = (message) => message && { reply_to: message.message_id };

/** Writes {text, entities}, as a reply to a message if one is given. */
export const say = (person, { text, entities }, message) => call(`chats/${person}/say`, { text, entities, ...asReply(message) });

/** Edits the text or the caption of the person's own message. */
export const edit = (person, message, { text, entities }) =>
  call(`chats/${person}/edit`, { message_id: message.message_id, text, entities });

/** Forwards a message from the chat of `owner` to the bot. */
export const forward = (person, owner, message) =>
  call(`chats/${person}/forward`, { from: owner, message_id: message.message_id });

export const sendSample = (person, kind) => call(`chats/${person}/send`, { kind });

/** Presses a callback button; returns {query_id}, which the bot's answer refers to. */
export const press = (person, message, action) =>
  call(`chats/${person}/press`, { message_id: message, data: action });

/** Presses Start or follows a t.me/<bot>?start=payload link; also unblocks the bot. */
export const start = (person, payload = "") => call(`chats/${person}/start`, payload ? { payload } : {});

/** Types @bot in somebody else's chat; returns {query_id, results, button, is_guest} once the bot has answered. */
export const askInline = (person, where, text) => call(`chats/${person}/inline`, { to: where, text });

/** Posts one of the results of an inline query in the chat where @bot was typed. */
export const postInline = (person, query, result) => call(`chats/${person}/post`, { query_id: query, result_id: result });

/** Sends "@bot text" in a chat of which the bot is no member. */
export const callGuest = (person, where, text) => call(`chats/${person}/guest`, { to: where, text });

export const block = (person) => call(`chats/${person}/block`, {});

export const unblock = (person) => call(`chats/${person}/unblock`, {});

/** Sends files, several as an album. A kind is "photo", "video", "animation" or "document"; the first has the caption. */
export function sendFiles(person, files, kinds, { text, entities }, message) {
  const form = new FormData();
  files.forEach((file, at) => {
    form.append("kind", kinds[at]);
    form.append("file", file);
  });
  if (text) form.append("caption", text);
  if (entities.length) form.append("entities", JSON.stringify(entities));
  if (message) form.append("reply_to", message.message_id);
  return call(`chats/${person}/file`, form);
}

/** Returns the URL of a file. */
export const fileAddress = (fileId) => `/emulator/files/${encodeURIComponent(fileId)}`;

const PATIENCE = 1000; // milliseconds between two attempts to connect again

/**
 * Streams the events of one chat until the returned function is called, and reconnects when the server is back.
 * `opened` runs on every (re)connection, `heard` for each event, `lost` when the connection breaks.
 */
export function listen(person, { opened, heard, lost }) {
  let source;
  let retry;
  const connect = () => {
    source = new EventSource(`/emulator/chats/${person}/events`);
    source.onopen = opened;
    source.onmessage = (event) => heard(JSON.parse(event.data));
    source.onerror = () => {
      // The browser reconnects automatically, but not after every kind of failure.
      source.close();
      lost();
      retry = setTimeout(connect, PATIENCE);
    };
  };
  connect();
  return () => {
    clearTimeout(retry);
    source.close();
  };
}
