/** Makes elements. People's texts only become text nodes, so that they can never become markup. */

/**
 * Makes one element.
 * @param {string} kind  tag and classes, as in "div.bubble.out"
 * @param {Object<string, unknown>} traits  attributes; names like "onclick" are listeners; null and false are omitted
 * @param {...(Node|string|null|undefined|false)} children
 */
export function element(kind, traits = {}, ...children) {
  const [tag, ...classes] = kind.split(".");
  const made = document.createElement(tag);
  if (classes.length) made.classList.add(...classes);
  for (const [name, value] of Object.entries(traits)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.filter((child) => child || child === ""));
  return made;
}

const SHAPES = {
  attach: "M20 11.5l-8.4 8.4a5.4 5.4 0 0 1-7.6-7.6l8.7-8.7a3.6 3.6 0 0 1 5.1 5.1l-8.7 8.7a1.8 1.8 0 0 1-2.5-2.6l7.8-7.8",
  send: "M3.4 20.4l17.9-7.6a.9.9 0 0 0 0-1.6L3.4 3.6a.6.6 0 0 0-.8.7L4.6 11l8.4 1-8.4 1-2 6.7a.6.6 0 0 0 .8.7z",
  more: "M12 6.2v.01M12 12v.01M12 17.8v.01",
  menu: "M4 7h16M4 12h16M4 17h16",
  down: "M5.5 9l6.5 6.5L18.5 9",
  plus: "M12 5v14M5 12h14",
  copy: "M9 9h10v11H9zM5 15V4h10",
  link: "M8 16L17 7M9.5 6.5H17.5V14.5",
  photo: "M4 5h16v14H4zM4 16l4.5-5 4 4 2.5-2.5L20 17M15.5 9v.01",
  file: "M6 3h8l4 4v14H6zM14 3v5h4",
  sticker: "M12 3a9 9 0 1 0 9 9c-5 0-9-4-9-9zM12 3c1 5 4 8 9 9M8.5 12v.01M9 15.5c1.5 1.5 4 1.7 5.5.5",
  voice: "M12 3.5a3 3 0 0 1 3 3V11a3 3 0 0 1-6 0V6.5a3 3 0 0 1 3-3zM6 11a6 6 0 0 0 12 0M12 17v3.5",
  place: "M12 21s7-6.4 7-11.5A7 7 0 0 0 5 9.5C5 14.6 12 21 12 21zM12 9.5v.01",
  contact: "M12 11.5a3.8 3.8 0 1 0 0-7.6 3.8 3.8 0 0 0 0 7.6zM4.5 20c.8-4 3.9-5.5 7.5-5.5s6.7 1.5 7.5 5.5",
  restart: "M5 12a7 7 0 1 1 2.2 5.1M5 19v-4.5h4.5",
  block: "M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17zM6 6l12 12",
  sent: "M4 12.5l5 5L20 7",
  read: "M1.5 12.5l5 5L16.5 7M11 16.5l1 1L22.5 7",
  play: "M8 5.5v13l11-6.5z",
  close: "M6 6l12 12M18 6L6 18",
  reply: "M10 5L4 11l6 6M4 11h9a7 7 0 0 1 7 7v1",
  forward: "M14 5l6 6-6 6M20 11h-9a7 7 0 0 0-7 7v1",
  edit: "M4 20l1-4.5L16.5 4a1.8 1.8 0 0 1 2.6 0l.9.9a1.8 1.8 0 0 1 0 2.6L8.5 19zM14.5 6l3.5 3.5",
  bold: "M7.5 4.5h5.2a3.6 3.6 0 0 1 0 7.2H7.5zM7.5 11.7h6.2a3.9 3.9 0 0 1 0 7.8H7.5z",
  italic: "M10.5 4.5h7M6.5 19.5h7M14 4.5l-4 15",
  underline: "M7 4v7.5a5 5 0 0 0 10 0V4M6 20.5h12",
  strikethrough: "M17 7.5c-.8-2-2.7-3-5-3-2.8 0-5 1.3-5 3.7 0 4.8 10.5 2.6 10.5 7.4 0 2.6-2.4 3.9-5.5 3.9-2.7 0-4.8-1.1-5.5-3.3M4 12h16",
  code: "M8.5 7l-5 5 5 5M15.5 7l5 5-5 5",
  spoiler: "M3.5 12c2.2-4 5-6 8.5-6s6.3 2 8.5 6c-2.2 4-5 6-8.5 6s-6.3-2-8.5-6zM4.5 4.5l15 15",
  blockquote: "M4.5 6v12M9 7.5h11M9 12h11M9 16.5h7",
  text_link: "M10 14a4 4 0 0 0 5.7 0l3.1-3.1a4 4 0 0 0-5.7-5.7L12 6.3M14 10a4 4 0 0 0-5.7 0l-3.1 3.1a4 4 0 0 0 5.7 5.7l1.1-1.1",
  plain: "M5 6V4.5h11V6M10.5 4.5v9M8.5 19.5h4M15 14.5l5 5M20 14.5l-5 5",
};

/** Makes an icon that is hidden from screen readers: the element around it needs a label. */
export function icon(name) {
  const space = "http://www.w3.org/2000/svg";
  const drawing = document.createElementNS(space, "svg");
  const shape = document.createElementNS(space, "path");
  drawing.setAttribute("viewBox", "0 0 24 24");
  drawing.setAttribute("class", `icon icon-${name}`);
  drawing.setAttribute("aria-hidden", "true");
  shape.setAttribute("d", SHAPES[name]);
  drawing.append(shape);
  return drawing;
}

const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/** Returns the part of a name shown in an avatar: its first emoji or letter. */
export function initial(name) {
  const parts = [...graphemes.segment(name)].map((part) => part.segment);
  return parts.find((part) => /\p{Extended_Pictographic}/u.test(part) && !/^[\d#*]$/.test(part))
    ?? parts.find((part) => /[\p{L}\p{N}]/u.test(part))?.toUpperCase()
    ?? "?";
}

/** Makes a round avatar. `number` is the person's id and selects one of seven colours, always the same. */
export function avatar(name, number) {
  // The sum of the digits selects it, because invented ids (1001, 2002, 3003) often have the same remainder.
  const shade = [...String(Math.abs(number))].reduce((sum, digit) => sum + Number(digit), 0) % 7;
  return element(`span.avatar.shade-${shade}`, { "aria-hidden": "true" }, initial(name));
}
