"""The message that a subscriber gets; preview, test and broadcast share it."""

from collections.abc import Mapping, Sequence

from chatbot.i18n import Translator
from chatbot.petition.broadcasts.broadcast import Broadcast
from chatbot.petition.broadcasts.post import Post
from chatbot.petition.languages import Language
from chatbot.petition.model import LANGUAGES
from chatbot.screens import callbacks
from chatbot.screens.screen import ButtonRow, Link, Press, Screen


def render_posts(translators: Mapping[str, Translator], broadcast: Broadcast) -> dict[Language, Screen]:
    """Build each reader's message, by subscription language.

    The unsubscribe hint is in the reader's language, which may differ from that of the post.
    """
    drawn = {}
    for language, post in broadcast.posts.items():
        readers = [each for each in LANGUAGES if broadcast.choose_language(each) == language] or [language]
        if broadcast.renews is not None:
            rows = _choices(translators[language], broadcast.renews)
        else:
            rows = ((Press(f"🔕 {' · '.join(_stop(translators[each]) for each in readers)}", callbacks.LEAVE),),)
        drawn[language] = _draw(post, rows, silent=broadcast.silent)
    return drawn


def _stop(_: Translator) -> str:
    return _.label("Stop these updates")


def _choices(_: Translator, version: str) -> tuple[ButtonRow, ...]:
    """Return the buttons for signers of an earlier appeal version."""
    return (
        (Press(_.label("📖 Read the appeal"), callbacks.RENEW("read"), "primary"),),
        (Press(_.label("✅ Keep my signature"), callbacks.RENEW("keep", version)),),
        (Press(_.label("Take my signature back"), callbacks.RENEW("leave")),),
    )


def _draw(post: Post, below: Sequence[ButtonRow], *, silent: bool) -> Screen:
    rows: list[ButtonRow] = []
    if post.button is not None:
        rows.append((Link(post.button.label, post.button.url, "primary"),))
    rows.extend(below)
    return Screen(post.text, tuple(rows), preview=True, media=post.media, silent=silent)
