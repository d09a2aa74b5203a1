"""The petition status for organizers: what it is, and each change before it is made."""

from collections.abc import Sequence
from typing import Literal

from markupsafe import Markup

from chatbot.i18n import Translator
from chatbot.petition.languages import Language
from chatbot.petition.lifecycle import MOST_WORDS, PetitionStatus, StatusChange, Told
from chatbot.petition.model import Campaign
from chatbot.screens import callbacks, times
from chatbot.screens.organizer.petition import human_check, telling_the_end
from chatbot.screens.screen import ButtonRow, Press, Screen


def show(
    _: Translator,
    campaign: Campaign,
    status: PetitionStatus,
    total: int,
    *,
    is_owner: bool,
    notes: Sequence[Markup] = (),
    hint: Markup | None = None,
    tell: tuple[Told, int] | None = None,
) -> Screen:
    """Show the petition status, and to owners the possible changes.

    `notes` are about the stored data (see `keeping`). `hint` reports the last action, and `tell` has what so many
    subscribers can be told; with none of them, what can be posted in channels and groups.
    """
    states = {
        None: _("Open for signing"),
        "closed": _("Closed since {date}", date=times.named(_, status.ended_at) if status.ended_at else ""),
        "victory": _("🕊 Won on {date}", date=times.named(_, status.ended_at) if status.ended_at else ""),
    }
    state = states[status.ending]
    if status.ending is None and not campaign.is_open:
        state = _("Closed in campaign.toml: whoever runs the bot can open it there")
    yes, no = _("yes"), _("no")
    lines = [
        _("📜 <b>Manage the petition</b>"),
        state,
        _.plural("<b>{count}</b> supporter", "<b>{count}</b> supporters", total),
        *_next_milestone(_, campaign, status, total),
    ]
    if status.answer or status.ending is not None:
        lines.append(_("Answer received: {answer}", answer=yes if status.answer else no))
    if status.ending is not None:
        lines.append(_("Closing note: {yes}", yes=yes if status.statement else no))
    text = Markup("\n").join([*lines, *notes])
    if hint is not None:
        text = Markup("\n\n").join((hint, text))
    offer = telling_the_end.offer(_, *tell) if tell else ()
    ways = _ways(_, campaign, status) if is_owner else ()
    return Screen(times.name_zone_once(_, text), (*offer, *ways, human_check.button(_, status.human)))


def _next_milestone(_: Translator, campaign: Campaign, status: PetitionStatus, total: int) -> list[Markup]:
    """Return the line about it; none after the end, when nobody can sign any more."""
    if status.find_ending(campaign):
        return []
    return [_("Next milestone: {number}", number=_.number(status.find_milestone(campaign, total)))]


def _ways(_: Translator, campaign: Campaign, status: PetitionStatus) -> tuple[ButtonRow, ...]:
    """Return the ways to change it; those that end it come last, each in a row of its own."""
    milestone: tuple[ButtonRow, ...] = ()
    if not status.find_ending(campaign):
        milestone = ((Press(_.label("🎯 Next milestone"), _begin("milestone")),),)
    answer = Press(_.label("💬 Answer received"), _begin("answer"))
    victory = Press(_.label("🕊 Close as won"), _begin("victory"))
    if status.ending is None:
        return (*milestone, (answer,), (Press(_.label("🔒 Close"), _begin("closed")),), (victory,))
    reopen = Press(_.label("🔓 Reopen"), _begin("reopened"))
    note = Press(_.label("✏️ Closing note"), _begin("statement"))
    return ((reopen, victory) if status.can("victory", campaign) else (reopen,), (note,), (answer,))


def _begin(change: StatusChange) -> str:
    return callbacks.STATUS("begin", change)


def _leave(_: Translator) -> ButtonRow:
    return (Press(_.label("‹ Leave it as it is"), callbacks.STATUS("leave")),)


def ask_words(
    _: Translator,
    change: StatusChange,
    language: Language,
    others: Sequence[Language] = (),
    *,
    can_clear: bool = False,
    problem: Markup | None = None,
    after: Literal["taken", "skipped"] | None = None,
) -> Screen:
    """Ask for a statement or the answer in one language; it may be skipped, or written in one of `others` first.

    `after` another language, all else was said.
    """
    name = _.language_name(language)
    heads = {
        "closed": _(
            "🔒 <b>Closing the petition</b>\n\nNobody can sign any more until it is reopened. First, a few words to "
            "everyone who comes by from now on: why it's closing, and what came of it."
        ),
        "victory": _(
            "🕊 <b>Closing the petition as won</b>\n\nNobody can sign any more until it is reopened. First, a few words "
            "to everyone who made it possible."
        ),
        "statement": _("✏️ <b>Closing note</b>\n\nIt's shown on the first screen while the petition is closed."),
        "answer": _("💬 <b>Answer received</b>\n\nIt's shown on the first screen, for everyone to read."),
    }
    ask = _(
        "<b>Send the text in {language}</b>, up to {most} characters. Nothing changes before you "
        "have seen it and said yes.",
        language=name,
        most=_.number(MOST_WORDS),
    )
    without = _.label("Without a text") if _.is_alone else _.label("No {language} version", language=name)
    if _.is_alone:
        ask = _(
            "<b>Send the text</b>, up to {most} characters. Nothing changes before you have seen it and said yes.",
            most=_.number(MOST_WORDS),
        )
    rows: list[ButtonRow] = [(Press(without, callbacks.STATUS("skip", language)),)]
    if len(_.languages) > 2:
        rows += _languages(_, others)
        rows.append((Press(_.label("✅ That's all"), callbacks.STATUS("enough")),))
    if can_clear:
        rows.append((Press(_.label("🗑 Take it down"), callbacks.STATUS("clear")),))
    parts = [problem, heads.get(change), ask]
    if after == "taken":
        parts = [_("✅ Got it. <b>Now in {language}?</b>\n\nSend it the same way.", language=name)]
    elif after == "skipped":
        parts = [_("<b>Now in {language}?</b>\n\nSend it the same way.", language=name)]
    return Screen(Markup("\n\n").join(part for part in parts if part), (*rows, _leave(_)))


def _languages(_: Translator, languages: Sequence[Language]) -> list[ButtonRow]:
    """Return buttons to write in these languages, two in a row."""
    buttons = [Press(f"➕ {_.language_name(each)}", callbacks.STATUS("words", each)) for each in languages]
    return [tuple(buttons[start : start + 2]) for start in range(0, len(buttons), 2)]


def too_long(_: Translator, length: int) -> Markup:
    return _("⚠️ That's {length} characters; {most} fit.", length=_.number(length), most=_.number(MOST_WORDS))


def words_only(_: Translator) -> Markup:
    """Say that the welcome cannot show a picture."""
    return _("⚠️ I can only take text here.")


def ask_milestone(_: Translator, status: PetitionStatus, now: int, total: int, problem: Markup | None = None) -> Screen:
    text = _(
        "🎯 <b>The next milestone</b>\n\nIt's {now} now, and there are {total} supporters. Send me another number.",
        now=_.number(now),
        total=_.number(total),
    )
    rows: list[ButtonRow] = []
    if status.next_milestone is not None:
        rows.append((Press(_.label("Back to the original goal"), callbacks.STATUS("files")),))
    return Screen(Markup("\n\n").join(part for part in (problem, text) if part), (*rows, _leave(_)))


def is_reached(_: Translator, total: int) -> Markup:
    """Say that the number is no milestone to work towards."""
    return _("⚠️ There are {total} supporters already. I need a larger number.", total=_.number(total))


def is_milestone(_: Translator, number: int) -> Markup:
    """Say that nothing would change."""
    return _("⚠️ {number} is the next milestone already.", number=_.number(number))


def confirm(
    _: Translator,
    change: StatusChange,
    milestones: tuple[int, int],
    code: str,
    missing: Sequence[Language] = (),
    *,
    cleared: bool,
    problems: Sequence[Markup] = (),
    ends: telling_the_end.Consequences | None = None,
) -> Screen:
    """Ask for confirmation, below the words that supporters will see in every language.

    `missing` are the languages that can still be written in; `problems` are likely oversights.
    """
    questions = {
        "closed": _(
            "🔒 <b>Close the petition?</b>\n\nAbove is what everyone will see from then on. Nobody can "
            "sign any more; people in the middle of signing keep their answers. You can reopen it."
        ),
        "victory": _(
            "🕊 <b>Close the petition as won?</b>\n\nAbove is what everyone will see from then on. "
            "Nobody needs to sign any more. You can reopen it."
        ),
        "reopened": _(
            "🔓 <b>Reopen the petition?</b>\n\nAbove is what everyone will see from then on. People can sign again, "
            "and those who were in the middle of it continue there. The closing note is taken down."
        ),
        "statement": _("✏️ <b>Change the closing note?</b>\n\nAbove is what everyone will see from then on."),
        "answer": _("💬 <b>Show this answer on the first screen?</b>\n\nAbove is what everyone will see from then on."),
        "milestone": _(
            "🎯 <b>Change the next milestone from {before} to {after}?</b>\n\nAbove is what everyone "
            "will see from then on.",
            before=_.number(milestones[0]),
            after=_.number(milestones[1]),
        ),
    }
    question = questions[change]
    if change == "answer" and cleared:
        question = _("🗑 <b>Take the answer down?</b>\n\nAbove is what everyone will see from then on.")
    yes = {
        "closed": Press(_.label("Yes, close it"), callbacks.STATUS("do", code), "danger"),
        "victory": Press(_.label("Yes, close it as won"), callbacks.STATUS("do", code), "success"),
        "reopened": Press(_.label("Yes, reopen it"), callbacks.STATUS("do", code), "primary"),
    }.get(change, Press(_.label("Yes, change it"), callbacks.STATUS("do", code), "primary"))
    rows: list[ButtonRow] = [(yes,), *_languages(_, missing)]
    if change != "reopened":
        again = _.label("Another number") if change == "milestone" else _.label("Write it again")
        if cleared and change != "milestone":
            again = _.label("Write a text")
        rows.append((Press(again, callbacks.STATUS("begin", change)),))
    foretold = telling_the_end.foretell(_, ends) if ends else ()
    return Screen(times.name_zone_once(_, Markup("\n\n").join((question, *foretold, *problems))), (*rows, _leave(_)))


def changed(_: Translator, change: StatusChange) -> Markup:
    return {
        "closed": _("✅ The petition is closed. Nobody has been written to yet."),
        "victory": _("✅ Closed as won. Nobody has been written to yet."),
        "reopened": _("✅ The petition is open again."),
        "statement": _("✅ The closing note is saved."),
        "answer": _("✅ The answer is saved. Nobody has been written to yet."),
        "milestone": _("✅ The next milestone is changed."),
    }[change]


def was_first(_: Translator, status: PetitionStatus, name: str) -> Markup:
    """Say that somebody else changed the status meanwhile."""
    return _(
        "⚠️ Your change wasn't made: {name} was first, at {moment}. What happened: {what}. This is how it is now.",
        name=name,
        moment=times.named(_, status.changed_at) if status.changed_at else "",
        what=what_happened(_, status.change or "closed"),
    )


def makes_no_sense(_: Translator, change: StatusChange) -> Markup:
    """Say that nothing changes."""
    return {
        "closed": _("The petition is already closed."),
        "victory": _("The petition is already closed as won."),
        "milestone": _("Signing has closed, so there is no next milestone."),
    }.get(change, _("The petition is open: there's nothing to reopen, and no closing note."))


def used_up(_: Translator) -> Markup:
    """Say that the button was used or is too old."""
    return _("That button was already used, or is too old. Nothing was changed this time.")


def what_happened(_: Translator, change: StatusChange) -> str:
    """Name a change briefly. Plain text."""
    return {
        "closed": _.label("the petition was closed"),
        "victory": _.label("the petition was closed as won"),
        "reopened": _.label("the petition was reopened"),
        "statement": _.label("the closing note was changed"),
        "answer": _.label("the answer received was changed"),
        "milestone": _.label("the next milestone was changed"),
    }[change]
