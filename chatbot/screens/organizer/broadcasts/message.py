"""The message that a subscriber gets; preview, test and broadcast share it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from markupsafe import Markup

from chatbot.i18n import Translator
from chatbot.petition.broadcasts.broadcast import Broadcast
from chatbot.petition.broadcasts.post import MAX_CAPTION_LENGTH, MAX_TEXT_LENGTH, Post, ReadyButton
from chatbot.petition.language_guess import strip_tags
from chatbot.petition.languages import Language
from chatbot.petition.model import Campaign
from chatbot.screens import callbacks
from chatbot.screens.screen import ButtonRow, Link, Press, Screen

_ROOM: Final = 48
"""Characters of a label that most phones show."""


def render_posts(
    translators: Mapping[Language, Translator], campaign: Campaign, broadcast: Broadcast, *, is_preview: bool = False
) -> dict[Language, Screen]:
    """Build the message with each post, by language, in the campaign's order.

    The unsubscribe hint is in the reader's language, which may differ from that of the post. The buttons of a preview
    only say what they will do.
    """
    drawn = {}
    rows: tuple[tuple[Press, ...], ...]
    for language in broadcast.list_written(campaign):
        spoken = campaign.find_offered(language)
        readers = [each for each in campaign.languages if broadcast.choose_language(each, campaign) == language]
        if broadcast.renews is not None:
            rows = _choices(translators[spoken], broadcast.renews)
        else:
            hint = _join_hints([_stop(translators[each]) for each in readers or [spoken]])
            share = Press(translators[spoken].label("📣 Send it to a friend"), callbacks.SHARE(callbacks.BELOW))
            shares = () if "share" in broadcast.ready_buttons else ((share,),)
            rows = (*shares, (Press(f"🔕 {hint}", callbacks.LEAVE),))
        ready = [ready_button(translators[spoken], each) for each in broadcast.ready_buttons]
        if is_preview:
            ready = [_rehearse(each) for each in ready]
            rows = tuple(tuple(_rehearse(each) for each in row) for row in rows)
        drawn[language] = _draw(broadcast.posts[language], ready, rows, silent=broadcast.silent)
    return drawn


def render_place_post(_: Translator, post: Post, link: str | None, *, is_open: bool, silent: bool) -> Screen:
    """Build the message for a channel or group. Its button opens the bot, so nobody there sees who signs."""
    label = _.label("✍️ Sign the petition") if is_open else _.label("📜 Open the petition")
    chosen = [Link(label, link)] if link else []
    return _draw(post, chosen, (), silent=silent)


def ready_button(_: Translator, button: ReadyButton) -> Press:
    """Return a ready-made button. What it opens fits the person who taps it, and stands below the broadcast."""
    match button:
        case "sign":
            return Press(_.label("✍️ Sign the petition"), callbacks.SIGN(callbacks.BELOW))
        case "share":
            return Press(_.label("📣 Send it to a friend"), callbacks.SHARE(callbacks.BELOW))
        case "read":
            return Press(_.label("📖 Read the appeal"), callbacks.READ(callbacks.BELOW))


def mark_test(_: Translator, screen: Screen) -> Screen:
    """Mark a copy that is a test, above its words if they leave room, and with a button."""
    head = _("🧪 <b>A test</b>")
    most = MAX_CAPTION_LENGTH if screen.media else MAX_TEXT_LENGTH
    fits = len(strip_tags(screen.text)) + len(strip_tags(head)) + 2 <= most
    text = Markup("\n\n").join(part for part in (head, screen.text) if part) if fits else screen.text
    label = Press(_.label("🧪 Test: not sent yet"), callbacks.BROADCAST("preview", "test"))
    return replace(screen, text=text, rows=((label,), *screen.rows))


def _rehearse(button: Press) -> Press:
    return replace(button, action=callbacks.BROADCAST("preview", callbacks.read(button.action).verb))


def is_preview(_: Translator, verb: str) -> str:
    """Say what a button of a preview will do. Plain text."""
    if verb == callbacks.LEAVE:
        return _.label("This is a preview. With this button, people who get it will stop their updates.")
    if verb == "test":
        return _.label("This is a test. It went to the team only.")
    if verb == callbacks.SIGN:
        return _.label("This is a preview. With this button, people who get it will sign the petition.")
    if verb == callbacks.SHARE:
        return _.label("This is a preview. With this button, people who get it will share the petition.")
    return _.label("This is a preview. The button will work for the people who get it.")


def _stop(_: Translator) -> str:
    return _.isolate(_.label("Stop these updates"))  # beside those of other languages


def _join_hints(hints: Sequence[str]) -> str:
    """Join as many hints as a button has room for: the sign before them says the same to everybody else."""
    joined = " · ".join(hints)
    return joined if len(joined) <= _ROOM or len(hints) == 1 else _join_hints(hints[:-1])


def _choices(_: Translator, version: str) -> tuple[tuple[Press, ...], ...]:
    """Return the buttons for signers of an earlier appeal version."""
    return (
        (Press(_.label("📖 Read the appeal"), callbacks.RENEW("read"), "primary"),),
        (Press(_.label("Keep my signature"), callbacks.RENEW("keep", version)),),
        (Press(_.label("Withdraw my signature"), callbacks.RENEW("leave")),),
    )


def _draw(post: Post, ready: Sequence[Press | Link], below: Sequence[ButtonRow], *, silent: bool) -> Screen:
    chosen: list[Press | Link] = [*ready]
    if post.button is not None:
        chosen.append(Link(post.button.label, post.button.url))
    # The first one stands out.
    rows: list[ButtonRow] = [(replace(each, style="plain" if nth else "primary"),) for nth, each in enumerate(chosen)]
    rows.extend(below)
    return Screen(post.text, tuple(rows), preview=True, media=post.media, silent=silent)
