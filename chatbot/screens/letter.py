"""A letter: one update exactly as a subscriber gets it, in the preview, the test and the broadcast alike."""

from chatbot.i18n import Translator
from chatbot.petition.post import Post
from chatbot.screens import actions
from chatbot.screens.screen import Link, Press, Row, Screen


def letter(_: Translator, post: Post, *, silent: bool = False) -> Screen:
    """Show `post` with its button, and below it how to stop. `_` speaks the language of the post."""
    rows: list[Row] = []
    if post.button is not None:
        rows.append((Link(post.button.label, post.button.url, "primary"),))
    rows.append((Press(_.label("🔕 Stop these updates"), actions.LEAVE),))
    return Screen(post.text, tuple(rows), preview=True, media=post.media, silent=silent)
