"""What people can do after they signed: one action on each screen."""

from collections.abc import Iterator
from dataclasses import replace

from markupsafe import Markup

from chatbot.i18n import Translator
from chatbot.petition.actions.action import Action, ActionWords
from chatbot.screens import callbacks
from chatbot.screens.context import ReaderContext, way_back, way_on
from chatbot.screens.screen import Button, ButtonRow, Copy, Link, Press, Screen, pack
from chatbot.screens.supporter.sharing import make_share_button

_COPY_LIMIT = 256


def show(_: Translator, action: Action, link: str, reader: ReaderContext, *, has_others: bool) -> Screen:
    """Show an action, and whatever helps to do it. `link` is the reader's own."""
    words = _fill_in(action.words[_.language], link)
    parts = (_("<b>{title}</b>", title=words.label), _("{lead}", lead=words.text), *_help(_, action, words, link))
    done = Press(_.label("✅ I've done this"), callbacks.ACT(action.id, "done"))
    rows: list[ButtonRow] = [*_buttons(_, action, words, link, reader), (done,)]
    if has_others:
        rows.append((Press(_.label("Something else"), callbacks.ACT(action.id, "later")), way_back(_)))
    else:
        rows.append((way_back(_),))
    return Screen(Markup("\n\n").join(parts), tuple(rows))


def all_done(_: Translator, reader: ReaderContext) -> Screen:
    """Thank somebody who has done everything."""
    text = _("💙 <b>Thank you.</b> You have done everything that we could think of.")
    return Screen(text, tuple(row for row in (way_on(_, reader), (way_back(_),)) if row))


def noted(_: Translator) -> str:
    """Notice: it is stored that they did it. Plain text."""
    return _.label("✅ Thank you!")


def _fill_in(words: ActionWords, link: str) -> ActionWords:
    """Put the reader's own link into the words of a mail."""
    return replace(words, body=words.body and words.body.replace("{link}", link))


def _help(_: Translator, action: Action, words: ActionWords, link: str) -> Iterator[Markup]:
    """Yield what they need: Telegram makes a mail address and a number links, and copies code with a tap."""
    if action.kind == "mail":
        if action.to:
            yield _("✉️ To: {address}", address=action.to)
        yield _("Subject (tap to copy):\n<code>{subject}</code>", subject=words.subject or "")
        yield _("Words (tap to copy):\n<pre>{body}</pre>", body=words.body or "")
    elif action.kind == "post":
        yield _("<blockquote>{link}\n{text}</blockquote>", text=words.post or "", link=link)
    elif action.kind == "call":
        yield _("📞 {phone}", phone=action.phone or "")


def _buttons(
    _: Translator, action: Action, words: ActionWords, link: str, reader: ReaderContext
) -> Iterator[tuple[Button, ...]]:
    match action.kind:
        case "link":
            yield (Link(words.label, action.url or "", "primary"),)
        case "mail":
            copies = [Copy(_.label("📋 Address"), action.to)] if action.to else []
            copies.append(Copy(_.label("📋 Subject"), words.subject or ""))
            if len(words.body or "") <= _COPY_LIMIT:
                copies.append(Copy(_.label("📋 Words"), words.body or ""))
            yield from pack(copies)
        case "post":
            targets = [make_share_button(_, each, words.post or "", link, "", reader) for each in ("telegram", "x")]
            yield (targets[0],)
            yield (targets[1], make_share_button(_, "copy", words.post or "", link, "", reader))
        case "call":
            yield (Copy(_.label("📋 Number"), action.phone or ""),)
