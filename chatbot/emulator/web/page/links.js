/** What a tap on a URL does in Telegram. */

const TELEGRAM = new Set(["t.me", "telegram.me", "telegram.dog"]);
const OUTSIDE = new Set(["http:", "https:", "mailto:", "tel:"]);

/**
 * Parses a URL as Telegram does in a chat with the bot named `bot`:
 * {kind: "start", payload} for a link to this bot, {kind: "share", url, text} for Telegram's share link,
 * {kind: "outside", href} for other URLs a browser may open, {kind: "inert"} for those it must not (javascript: …).
 */
export function readLink(address, bot) {
  let url;
  try {
    url = new URL(/^[a-z][a-z0-9+.-]*:/i.test(address) && !/^[^/:]+:\d+(\/|$)/.test(address) ? address : `https://${address}`);
  } catch {
    return { kind: "inert" };
  }
  const isBot = (name) => Boolean(name) && name.toLowerCase() === bot.toLowerCase();
  if (url.protocol === "tg:" && url.hostname === "resolve" && isBot(url.searchParams.get("domain"))) {
    return { kind: "start", payload: url.searchParams.get("start") ?? "" };
  }
  if (TELEGRAM.has(url.hostname) && /^https?:$/.test(url.protocol)) {
    const path = url.pathname.replace(/^\/|\/$/g, "");
    if (isBot(path)) return { kind: "start", payload: url.searchParams.get("start") ?? "" };
    if (path === "share/url" || path === "share") {
      return { kind: "share", url: url.searchParams.get("url") ?? "", text: url.searchParams.get("text") ?? "" };
    }
  }
  return OUTSIDE.has(url.protocol) ? { kind: "outside", href: url.href } : { kind: "inert" };
}
