"""A letter: one update exactly as a subscriber gets it, in the preview, the test and the broadcast alike."""

from collections.abc import Mapping, Sequence

from chatbot.i18n import Translator
from chatbot.petition.broadcast import Broadcast
from chatbot.petition.model import LANGUAGES, Language
from chatbot.petition.post import Post
from chatbot.screens import actions
from chatbot.screens.screen import Link, Press, Row, Screen


def letters(translators: Mapping[str, Translator], broadcast: Broadcast) -> dict[Language, Screen]:
    """What each reader gets, by the language it is in.

    How to stop stands below it in the language of everybody who gets it, for some may not read that of the words.
    """
    drawn = {}
    for language, post in broadcast.posts.items():
        readers = [each for each in LANGUAGES if broadcast.language_for(each) == language] or [language]
        if broadcast.renews is not None:
            rows = _choices(translators[language], broadcast.renews)
        else:
            rows = ((Press(f"🔕 {' · '.join(_stop(translators[each]) for each in readers)}", actions.LEAVE),),)
        drawn[language] = _draw(post, rows, silent=broadcast.silent)
    return drawn


def _stop(_: Translator) -> str:
    return _.label("Stop these updates")


def _choices(_: Translator, version: str) -> tuple[Row, ...]:
    """What those can do who signed another wording."""
    return (
        (Press(_.label("📖 Read the appeal"), actions.call(actions.RENEW, "read"), "primary"),),
        (Press(_.label("✅ Keep my signature"), actions.call(actions.RENEW, f"keep:{version}")),),
        (Press(_.label("Take my signature back"), actions.call(actions.RENEW, "leave")),),
    )


def _draw(post: Post, below: Sequence[Row], *, silent: bool) -> Screen:
    rows: list[Row] = []
    if post.button is not None:
        rows.append((Link(post.button.label, post.button.url, "primary"),))
    rows.extend(below)
    return Screen(post.text, tuple(rows), preview=True, media=post.media, silent=silent)
