"""General screens: help, language, and replies to input that does not fit."""

from collections.abc import Iterable, Mapping
from typing import Final

from markupsafe import Markup

from chatbot.i18n import Translator
from chatbot.screens import callbacks
from chatbot.screens.context import ReaderContext, way_back, way_on
from chatbot.screens.languages import list_names
from chatbot.screens.screen import ButtonRow, Link, Press, Screen

_ALWAYS: Final = ("read", "updates", "start", "help")
"""Commands offered in any state."""


_OFF_MENU: Final = ("unsubscribe", "withdraw", "forget", "cancel")
"""Commands that Telegram's menu leaves out, since it shows eight without scrolling; buttons lead to each of them."""


def list_menu(_: Translator, *, is_open: bool = True) -> tuple[tuple[str, str], ...]:
    """List the commands of Telegram's menu with one line each."""
    return tuple(command for command in commands(_, is_open=is_open) if command[0] not in _OFF_MENU)


def commands(_: Translator, *, is_open: bool = True) -> tuple[tuple[str, str], ...]:
    """List the supporter commands with one line each, in the order of Telegram's menu and of /help.

    Once nobody can sign, none invites people to, and there is no signing to cancel.
    """
    return (
        ("start", _.label("The petition at a glance")),
        *((("sign", _.label("Sign the petition")),) if is_open else ()),
        ("read", _.label("Read the appeal")),
        ("updates", _.label("Updates")),
        ("subscribe", _.label("Get updates")),
        ("unsubscribe", _.label("Stop updates")),
        ("share", _.label("Share the petition")),
        *(() if _.is_alone else (("language", list_names(_)),)),
        ("me", _.label("See or change your details")),
        ("withdraw", _.label("Withdraw your signature")),
        ("forget", _.label("Erase everything about you")),
        ("privacy", _.label("Privacy")),
        ("help", _.label("Help")),
        *((("cancel", _.label("Cancel signing")),) if is_open else ()),
    )


def write_ended_profile(_: Translator) -> str:
    """Describe the bot once nobody can sign, in at most 120 characters. Plain text."""
    return _.label("Signing has closed. Here you can read the appeal and follow the updates.")


def guide(_: Translator, reader: ReaderContext) -> Screen:
    """List all commands."""
    lines = "\n".join(f"{_.isolate(f'/{command}')} – {line}" for command, line in commands(_, is_open=reader.is_open))
    text = _("<b>What this bot can do</b>\n\n{commands}", commands=lines)
    return Screen(text, tuple(row for row in (way_on(_, reader), (way_back(_),)) if row))


def team_guide(
    _: Translator, groups: Iterable[tuple[str, tuple[str, ...]]], to_desk: ButtonRow, *, is_open: bool = True
) -> Screen:
    """List the commands of a member, a line for each group, and below them those of supporters."""

    def listed(names: Iterable[str]) -> str:
        return _.isolate(" · ".join(f"/{name}" for name in names))

    lines = [_("<b>{name}</b>\n{commands}", name=name, commands=listed(each)) for name, each in groups]
    of_supporters = listed(name for name, _line in commands(_, is_open=is_open))
    lines.append(_("<b>What supporters can do</b>\n{commands}", commands=of_supporters))
    text = _("<b>Everything you can do starts at your desk:</b> /desk")
    return Screen(Markup("\n\n").join((text, *lines)), (to_desk, (way_back(_),)))


def unknown_text(
    _: Translator, reader: ReaderContext, of_team: Mapping[str, str] | None = None, *, is_repeated: bool = False
) -> Screen:
    """Reply to text without meaning here, with the next commands; remove a reply keyboard of an earlier bot.

    `of_team`: commands of a member that come first, each with its line. Text that `is_repeated` may have had a meaning
    before the bot was killed.
    """
    onward = ("share",) if reader.number is not None else ("sign",) if reader.is_open else ()
    lines = {**dict(commands(_)), **(of_team or {})}
    named = Markup("\n").join(
        Markup("{} – {}").format(_.isolate(f"/{each}"), lines[each]) for each in (*(of_team or ()), *onward, *_ALWAYS)
    )
    head = _was_interrupted(_) if is_repeated else _did_not_get(_)
    return Screen(Markup("\n\n").join((head, named)), removes_keyboard=True)


def unknown_button(_: Translator, reader: ReaderContext, to_desk: ButtonRow = ()) -> Screen:
    """Reply to a tap without meaning here, with the next step; `to_desk` leads a member to the desk."""
    text = _did_not_get(_)
    rows = (
        to_desk,
        way_on(_, reader),
        (Press(_.label("📖 Read the appeal"), callbacks.READ(1)),),
        (Press(_.label("📰 Updates"), callbacks.UPDATES(1)), way_back(_)),
    )
    return Screen(text, tuple(row for row in rows if row))


def _did_not_get(_: Translator) -> Markup:
    return _("I'm a petition bot and didn't get that. Here's what you can do:")


def _was_interrupted(_: Translator) -> Markup:
    return _(
        "I was interrupted before I could answer that. If it was your answer to a question of mine, I have it, and you "
        "needn't send it again. Here's what you can do:"
    )


def unknown_command(_: Translator) -> Markup:
    """Say that a text with a slash is neither an answer nor a known command."""
    return _("I don't know that command. To stop, send /cancel. Otherwise, just type your answer.")


def go_to_private_chat(_: Translator, address: str) -> Screen:
    """Invite a group to the private chat. `address` is the bot's link."""
    return Screen(
        _("Signing happens in our private chat."),
        ((Link(_.label("✍️ Open the petition"), address),),),
    )


def slow_down(_: Translator) -> Screen:
    """Ask somebody who writes too fast to wait."""
    return Screen(
        _("⏳ That was a lot at once. Please wait half a minute, then carry on. Anything you've signed is safe.")
    )


def too_fast(_: Translator) -> str:
    """The same as a notice. Plain text."""
    return _.label("That was fast. Please try again in a few seconds.")


def ask_to_wait(_: Translator) -> Screen:
    """Say that nothing can be stored now."""
    return Screen(
        _(
            "⏳ I can't save anything right now, so nothing has been signed or changed yet. I keep trying, and will "
            "answer here as soon as it works. You don't need to send it again."
        )
    )


def apologise(_: Translator) -> Screen:
    """Apologise for an error of the bot."""
    return Screen(
        _("Sorry, something went wrong on our side. Nothing is lost. Please try again."),
        ((Press(_.label("Continue"), callbacks.HOME, "primary"),),),
    )


def step_is_done(_: Translator) -> str:
    """Notice: the button belongs to an earlier step. Plain text."""
    return _.label("You've already done that step. Here's where you are now.")
