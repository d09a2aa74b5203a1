/** Converts formatted text between elements and Telegram's {text, entities}. Offsets count UTF-16 code units. */

import { element } from "../element.js";
import { nest } from "../entities.js";

const TYPES = {
  B: "bold", STRONG: "bold", H1: "bold", H2: "bold", H3: "bold", I: "italic", EM: "italic", U: "underline", INS: "underline",
  S: "strikethrough", STRIKE: "strikethrough", DEL: "strikethrough", CODE: "code", KBD: "code", TT: "code", PRE: "pre",
  BLOCKQUOTE: "blockquote", "TG-SPOILER": "spoiler",
};
const STYLES = [
  ["bold", /font-weight:\s*(?:bold|[6-9]00)/i], ["italic", /font-style:\s*italic/i],
  ["underline", /text-decoration[\w-]*:[^;]*underline/i], ["strikethrough", /text-decoration[\w-]*:[^;]*line-through/i],
];
const LIGHT = /font-weight:\s*(?:normal|[1-4]00)/i; // a <b> of Google Docs that is not bold
const BLOCKS = new Set(
  "P DIV UL OL LI DL DT DD H1 H2 H3 H4 H5 H6 PRE BLOCKQUOTE TABLE TR SECTION ARTICLE HEADER FOOTER FIGURE MAIN".split(" "));
const SKIPPED = new Set(["STYLE", "SCRIPT", "HEAD", "TEMPLATE", "NOSCRIPT", "TITLE"]);

/**
 * Reads the content of an element as {text, entities}. `pasted` collapses white space as a browser does. `visit(node,
 * offset, child)` is called for each text node, and for each child of an element, with its place in the text.
 */
export function readRich(root, { pasted = false, visit = () => {} } = {}) {
  let text = "";
  const entities = [];
  const breakLine = () => {
    if (text && !text.endsWith("\n")) text += "\n";
  };
  const inside = (node, verbatim) => {
    node.childNodes.forEach((child, at) => {
      visit(node, text.length, at);
      walk(child, verbatim);
    });
    visit(node, text.length, node.childNodes.length);
  };
  const walk = (node, verbatim) => {
    if (node.nodeType === Node.TEXT_NODE) {
      visit(node, text.length);
      text += verbatim ? node.data : collapse(node.data, text);
    } else if (node.nodeName === "BR") text += "\n";
    else if (node.nodeName === "IMG") text += node.alt; // an emoji on many pages
    else if (node.nodeType === Node.ELEMENT_NODE && !SKIPPED.has(node.nodeName)) {
      const block = BLOCKS.has(node.nodeName);
      if (block) breakLine();
      const offset = text.length;
      inside(node, verbatim || node.nodeName === "PRE");
      const { length } = text.slice(offset).replace(/\n+$/, "");
      if (length) entities.push(...marksOf(node, text.slice(offset, offset + length)).map((mark) => ({ ...mark, offset, length })));
      if (block) breakLine();
    }
  };
  inside(root, !pasted);
  return { text: text.replaceAll("\u00a0", " "), entities };
}

/** Reads HTML from the clipboard. Nothing in it is run or loaded. */
export function readHtml(html) {
  // A content security policy would complain of styles and handlers, although they are only read.
  const inert = html.replace(/<(\/?)style\b/gi, "<$1template").replace(/<[^>]+>/g, (tag) => tag.replace(/\s(style|on\w+)\s*=/gi, " data-$1="));
  const { text, entities } = readRich(new DOMParser().parseFromString(inert, "text/html").body, { pasted: true });
  return { text: text.trimEnd(), entities };
}

function collapse(words, before) {
  const plain = words.replace(/[ \t\r\n\f]+/g, " ");
  return !before || /[ \n]$/.test(before) ? plain.replace(/^ /, "") : plain;
}

function marksOf(node, words) {
  const style = node.dataset.style ?? "";
  const types = new Set(STYLES.filter(([, pattern]) => pattern.test(style)).map(([type]) => type));
  const type = node.matches("span.spoiler") ? "spoiler" : TYPES[node.nodeName];
  if (type && !(type === "bold" && LIGHT.test(style)) && !(type === "code" && node.parentElement?.nodeName === "PRE")) types.add(type);
  const marks = [...types].map((each) => ({ type: each }));
  const url = node.nodeName === "A" && linkOf(node.getAttribute("href"), words);
  return url ? [...marks, { type: "text_link", url }] : marks;
}

/** Returns the address as Telegram accepts it in a link; null if it does not, or if the words are the address. */
export function linkOf(address, words = "") {
  try {
    const url = new URL(/^[a-z][a-z\d+.-]*:/i.test(address) ? address : `https://${address}`);
    const known = /^https?:$/.test(url.protocol) ? url.hostname.includes(".") : url.protocol === "tg:";
    return known && address !== words ? url.href : null;
  } catch {
    return null;
  }
}

const TAGS = { bold: "b", italic: "i", underline: "u", strikethrough: "s", code: "code", pre: "pre", spoiler: "span.spoiler.shown" };

/** Returns a fragment with this content, which can be edited. */
export function writeRich({ text, entities }) {
  return nest(text, entities, (entity) => {
    if (entity.type === "text_link") return { outer: element("a", { href: entity.url }) };
    return { outer: element(entity.type.endsWith("blockquote") ? "blockquote" : TAGS[entity.type] ?? "span") };
  }, (words) => words.split("\n").flatMap((part, at) => [at && element("br"), part].filter((piece) => piece)));
}

/** Removes the entities for which `matches` is true from a range. Their parts outside the range stay. */
export function cutOut(entities, from, to, matches = () => true) {
  return entities.flatMap((entity) => {
    const end = entity.offset + entity.length;
    if (!matches(entity) || end <= from || entity.offset >= to) return [entity];
    return [[entity.offset, from], [to, end]].filter(([first, last]) => first < last)
      .map(([first, last]) => ({ ...entity, offset: first, length: last - first }));
  });
}

/** Replaces a range of a content with another content. */
export function splice({ text, entities }, from, to, added) {
  const grown = added.text.length - (to - from);
  const around = cutOut(entities, from, to).flatMap((entity) => {
    if (entity.offset >= to) return [{ ...entity, offset: entity.offset + grown }];
    return [entity];
  });
  const inside = added.entities.map((entity) => ({ ...entity, offset: entity.offset + from }));
  return { text: text.slice(0, from) + added.text + text.slice(to), entities: [...around, ...inside] };
}

/** Joins two contents with a new line. */
export function join(first, second) {
  if (!first.text.trim() || !second.text.trim()) return first.text.trim() ? first : second;
  const start = splice(first, first.text.length, first.text.length, { text: "\n", entities: [] });
  return splice(start, start.text.length, start.text.length, second);
}

const MARKS = [
  ["pre", /```\n?([^]*?[^\s`][^]*?)```/g], ["code", /`([^`\n]*[^`\s][^`\n]*)`/g], ["bold", /\*\*(?=\S)([^*]*[^*\s])\*\*/g],
  ["italic", /__(?=\S)([^_]*[^_\s])__/g], ["strikethrough", /~~(?=\S)([^~]*[^~\s])~~/g], ["spoiler", /\|\|(?=\S)([^|]*[^|\s])\|\|/g],
];

/** Turns the marks that Telegram's apps know, as in **bold**, into formatting. */
export function readMarks(content) {
  return MARKS.reduce((marked, [type, pattern]) => [...marked.text.matchAll(pattern)].reverse().reduce((now, found) => {
    const [from, to] = [found.index, found.index + found[0].length];
    const isCode = now.entities.some((entity) =>
      /^(code|pre)$/.test(entity.type) && entity.offset < to && from < entity.offset + entity.length);
    if (isCode) return now;
    const begin = from + found[0].indexOf(found[1]);
    const end = begin + found[1].length;
    const cut = splice(splice(now, end, to, NOTHING), from, begin, NOTHING);
    return { text: cut.text, entities: [...cut.entities, { type, offset: from, length: end - begin }] };
  }, marked), content);
}

export const NOTHING = Object.freeze({ text: "", entities: [] });
