/** The emulator's control API: what a person does in Telegram, as calls to the server this page came from. */

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

/** {username, first_name} of the bot. */
export const readBot = () => call("bot");

/** Everybody there is: [{id, first_name, last_name, username, language_code, blocked}]. */
export const readPeople = () => call("people");

/** A new person with a name and the language of their Telegram ("" for none given). */
export const addPerson = (name, language) =>
  call("people", { first_name: name, ...(language && { language_code: language }) });

/** One person's chat with the bot: {bot, commands, messages, blocked, started}. */
export const readChat = (person) => call(`chats/${person}`);

export const say = (person, text) => call(`chats/${person}/say`, { text });

export const sendSample = (person, kind) => call(`chats/${person}/send`, { kind });

/** Presses a callback button; gives {query_id}, which the bot's answer will name. */
export const press = (person, message, action) =>
  call(`chats/${person}/press`, { message_id: message, data: action });

/** What tapping Start or a t.me/<bot>?start=payload link does; also comes back after a block. */
export const start = (person, payload = "") => call(`chats/${person}/start`, payload ? { payload } : {});

export const block = (person) => call(`chats/${person}/block`, {});

export const unblock = (person) => call(`chats/${person}/unblock`, {});

/** Sends a File as a "photo", "video", "animation" or "document", with a caption, which may be empty. */
export function sendFile(person, kind, file, caption) {
  const form = new FormData();
  form.append("kind", kind);
  form.append("file", file);
  if (caption) form.append("caption", caption);
  return call(`chats/${person}/file`, form);
}

/** Where the bytes of a file are. */
export const fileAddress = (fileId) => `/emulator/files/${encodeURIComponent(fileId)}`;

const PATIENCE = 1000; // milliseconds between two attempts to connect again

/**
 * Listens to one chat until the returned function is called, connecting again whenever the server went away.
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
      // The browser would try again by itself, but not after every kind of failure: so it is done here.
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
