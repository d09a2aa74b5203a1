/**
 * Telegram's message entities as elements. Offsets count UTF-16 code units, as JavaScript does, so they need no
 * conversion.
 */

import { element, icon } from "./element.js";
import { readLink } from "./links.js";

/**
 * Returns a fragment with `text` and its entities. `actions` belong to a chat: {bot, words, follow, say, copy}.
 * Entities may be nested; if two overlap partly, the later one is split, as Telegram does.
 */
export function renderText(text, entities, actions) {
  return nest(text, entities, (entity, words) => wrap(entity, words, actions));
}

/**
 * Nests elements as the entities are nested. `wrap(entity, words)` makes {outer, inner}: the element, and where its
 * content goes. `plain(words)` makes the nodes of text without entities.
 */
export function nest(text, entities, wrap, plain = (words) => [words]) {
  const spans = (entities ?? [])
    .map((entity) => ({ entity, from: Math.max(0, entity.offset), to: Math.min(text.length, entity.offset + entity.length) }))
    .filter((span) => span.from < span.to);
  const fragment = document.createDocumentFragment();
  fill(fragment, text, 0, text.length, spans, { wrap, plain });
  return fragment;
}

function fill(parent, text, from, to, spans, make) {
  let waiting = [...spans].sort((one, other) => one.from - other.from || other.to - one.to);
  let at = from;
  let afterBlock = false;
  const write = (until) => {
    // A block ends its line: the newline after it would make an empty line.
    const begin = afterBlock && text[at] === "\n" && at < until ? at + 1 : at;
    if (begin < until) parent.append(...make.plain(text.slice(begin, until)));
    if (at < until) afterBlock = false;
    at = until;
  };
  while (waiting.length) {
    const [span, ...rest] = waiting;
    write(span.from);
    const inside = [];
    waiting = [];
    for (const other of rest) {
      if (other.from >= span.to) waiting.push(other);
      else {
        inside.push({ ...other, to: Math.min(other.to, span.to) });
        if (other.to > span.to) waiting.push({ ...other, from: span.to });
      }
    }
    const { outer, inner = outer } = make.wrap(span.entity, text.slice(span.from, span.to));
    fill(inner, text, span.from, span.to, inside, make);
    parent.append(outer);
    at = span.to;
    afterBlock = /^(BLOCKQUOTE|DIV|PRE)$/.test(outer.nodeName);
  }
  write(to);
}

const PLAIN = {
  bold: "strong", italic: "em", underline: "u", strikethrough: "s",
  hashtag: "span.tag", cashtag: "span.tag", custom_emoji: "span", date_time: "time",
};

function wrap(entity, words, actions) {
  switch (entity.type) {
    case "text_link": return { outer: anchor(entity.url, actions, entity.url) };
    case "url": return { outer: anchor(words, actions) };
    case "email": return { outer: anchor(`mailto:${words}`, actions) };
    case "phone_number": return { outer: anchor(`tel:${words.replace(/[^\d+]/g, "")}`, actions) };
    case "mention": return { outer: anchor(`https://t.me/${words.slice(1)}`, actions) };
    case "bot_command": return { outer: element("button.link", { type: "button", dir: "ltr", onclick: () => actions.say(words) }) };
    case "spoiler": return { outer: spoiler(actions) };
    case "code": return { outer: pressable(element("code", { title: actions.words.copy }), () => actions.copy(words)) };
    case "pre": return block(entity, words, actions);
    case "blockquote": return { outer: element("blockquote") };
    case "expandable_blockquote": return foldable(actions);
    default: return { outer: element(PLAIN[entity.type] ?? "span") };
  }
}

/** Makes a link that behaves as in Telegram. One that a browser must not open becomes plain text. */
function anchor(address, actions, title) {
  const link = readLink(address, actions.bot);
  if (link.kind === "inert") return element("span");
  if (link.kind === "outside") {
    return element("a", { href: link.href, target: "_blank", rel: "noopener noreferrer", title });
  }
  const follow = (event) => {
    event.preventDefault();
    actions.follow(link);
  };
  return element("a", { href: address, rel: "noopener noreferrer", title, onclick: follow });
}

function pressable(made, run) {
  made.setAttribute("role", "button");
  made.tabIndex = 0;
  made.addEventListener("click", run);
  made.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    run(event);
  });
  return made;
}

function spoiler(actions) {
  const cover = element("span.spoiler", { "aria-label": actions.words.hidden });
  return pressable(cover, () => {
    cover.classList.add("shown");
    for (const name of ["role", "tabindex", "aria-label"]) cover.removeAttribute(name);
  });
}

function block(entity, words, actions) {
  const code = element("code");
  const copy = element("button.pre-copy", { type: "button", "aria-label": actions.words.copy, onclick: () => actions.copy(words) }, icon("copy"));
  const language = entity.language && element("div.pre-language", {}, entity.language);
  return { outer: element("div.pre", {}, language, copy, element("pre", { tabindex: "0" }, code)), inner: code };
}

/** Makes a quotation folded to three lines. Only its layout shows whether there is anything to unfold. */
function foldable({ words }) {
  const inner = element("div.fold");
  const toggle = element("button.fold-toggle", { type: "button", "aria-expanded": "false", "aria-label": words.expand }, icon("down"));
  const outer = element("blockquote.foldable", {}, inner, toggle);
  const unfold = () => {
    const open = outer.classList.toggle("open");
    toggle.setAttribute("aria-expanded", String(open));
    toggle.setAttribute("aria-label", open ? words.collapse : words.expand);
  };
  toggle.addEventListener("click", unfold);
  inner.addEventListener("click", (event) => {
    if (!outer.classList.contains("open") && !event.target.closest("a, button, [role=button]")) unfold();
  });
  new ResizeObserver((_, observer) => {
    if (outer.classList.contains("open")) return;
    toggle.hidden = inner.scrollHeight <= inner.clientHeight + 2;
    if (!outer.isConnected) observer.disconnect();
  }).observe(inner);
  return { outer, inner };
}
