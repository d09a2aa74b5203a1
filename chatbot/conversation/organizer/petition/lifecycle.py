"""Petition status: an owner writes a change, sees what supporters will see, and confirms it once."""

import hashlib
from dataclasses import replace
from typing import Final, Literal

from markupsafe import Markup, escape

from chatbot.conversation.audit import note, tell_others
from chatbot.conversation.interface import Said
from chatbot.conversation.organizer.feature import Feature, dispatch
from chatbot.conversation.organizer.petition import human_check
from chatbot.conversation.organizer.petition.prepared import write_statement, write_thanks
from chatbot.conversation.organizer.petition.status_effects import (
    apply_draft,
    describe,
    find_consequences,
    find_told,
    list_prepared,
    preview,
)
from chatbot.conversation.organizer.team.approval_threshold import read_people
from chatbot.conversation.organizer.team.roster import find_name
from chatbot.conversation.turn import Reply, Step, Turn
from chatbot.petition.language_guess import strip_tags
from chatbot.petition.languages import Language
from chatbot.petition.lifecycle import MOST_WORDS, WORDED, PetitionEnding, Told, read_change
from chatbot.screens.callbacks import STATUS
from chatbot.screens.organizer.language_guesses import looks_like_another
from chatbot.screens.organizer.petition import keeping, lifecycle_notices, telling_the_end
from chatbot.screens.organizer.petition import lifecycle as screens
from chatbot.screens.organizer.team.approval_threshold import not_a_number
from chatbot.storage.engine import timestamps
from chatbot.storage.organizer import app_state, chat_menus, status_drafts, team
from chatbot.storage.organizer import petition_status as statuses
from chatbot.storage.organizer.status_drafts import StatusDraft
from chatbot.storage.people import confirmations
from chatbot.storage.privacy import retention


async def show(turn: Turn, _argument: str, hint: Markup | None = None, tell: tuple[Told, int] | None = None) -> Reply:
    """Show the petition status. `tell` has what subscribers can be told, and the number of them."""
    now = replace(turn, status=await statuses.find(turn.tx))
    notes = await _list_notes(now)
    screen = screens.show(
        now._, now.campaign, now.status, now.total, is_owner=now.is_owner, notes=notes, hint=hint, tell=tell
    )
    return FEATURE.show(now, screen)


async def _list_notes(turn: Turn) -> list[Markup]:
    notes = []
    if (gone_at := await retention.find_day(turn.tx, turn.campaign.retention_days)) is not None:
        notes.append(keeping.names_are_erased(turn._, gone_at))
    if (made_at := await app_state.find(turn.tx, app_state.BACKUP_MADE_AT)) is not None:
        notes.append(keeping.last_backup(turn._, timestamps.from_text(made_at), turn.now))
    return notes


async def begin(turn: Turn, argument: str) -> Reply:
    """Begin a change, if it makes sense now."""
    change = read_change(argument)
    if change is None:
        return await show(turn, "")
    if not turn.status.can(change, turn.campaign):
        return await show(turn, "", screens.makes_no_sense(turn._, change))
    draft = await status_drafts.begin(turn.tx, turn.person.id, change, turn.status.revision)
    if change in WORDED:
        return _ask_words(turn, draft, turn.language)
    if change == "milestone":
        return _ask_milestone(turn)
    return await _confirm(turn, draft)


async def hear_milestone(turn: Turn, text: str) -> Reply:
    """Take a typed number."""
    number = read_people(text, turn.languages)
    if number is None:
        return _ask_milestone(turn, not_a_number(turn._, text))
    if number <= turn.total:
        return _ask_milestone(turn, screens.is_reached(turn._, turn.total))
    if number == turn.status.find_milestone(turn.campaign, turn.total):
        return _ask_milestone(turn, screens.is_milestone(turn._, number))
    await status_drafts.set_number(turn.tx, turn.person.id, number)
    return await _confirm_draft(turn)


async def _ask_again(turn: Turn) -> Reply:
    draft = await status_drafts.find(turn.tx, turn.person.id)
    if draft is None:
        return await show(turn, "")
    return _ask_words(turn, draft, _find_language(turn)) if turn.step == "words" else _ask_milestone(turn)


async def leave(turn: Turn, _argument: str) -> Reply:
    """Discard the change."""
    await status_drafts.drop(turn.tx, turn.person.id)
    return await show(turn, "")


async def _hear_words(turn: Turn, _text: str) -> Reply:
    draft = await status_drafts.find(turn.tx, turn.person.id)
    if draft is None:
        return await show(turn, "")
    language = _find_language(turn)
    if turn.writing_language not in (language, None):
        return _ask_words(turn, draft, language)  # the campaign dropped the language meanwhile
    if not isinstance(turn.event, Said):
        return _ask_words(turn, draft, language, screens.words_only(turn._))
    text = escape(turn.event.text) if turn.event.formatted is None else turn.event.formatted
    if (length := len(strip_tags(text))) > MOST_WORDS:
        return _ask_words(turn, draft, language, screens.too_long(turn._, length))
    await status_drafts.write(turn.tx, turn.person.id, language, text)
    return await _after(turn, draft, language, "taken")


async def _skip(turn: Turn, language: str) -> Reply:
    draft = await status_drafts.find(turn.tx, turn.person.id)
    if draft is None or language not in turn.campaign.languages or draft.change not in WORDED:
        return await show(turn, "")
    await status_drafts.remove(turn.tx, turn.person.id, language)
    return await _after(turn, draft, language, "skipped")


async def _write(turn: Turn, language: str) -> Reply:
    """Ask for the words in one language, in any order."""
    draft = await status_drafts.find(turn.tx, turn.person.id)
    if draft is None or language not in turn.campaign.languages or draft.change not in WORDED:
        return await show(turn, "")
    return _ask_words(turn, draft, language)


async def _clear(turn: Turn, _more: str) -> Reply:
    await status_drafts.remove(turn.tx, turn.person.id)
    return await _confirm_draft(turn)


async def _finish(turn: Turn, _more: str) -> Reply:
    """Leave out the languages that were not asked for yet."""
    return await _confirm_draft(turn)


async def _as_in_files(turn: Turn, _more: str) -> Reply:
    await status_drafts.set_number(turn.tx, turn.person.id, None)
    return await _confirm_draft(turn)


def _find_language(turn: Turn) -> Language:
    """Return the language of the text they were asked for."""
    return turn.read_language(turn.writing_language or "") or turn.language


async def _after(turn: Turn, draft: StatusDraft, language: Language, what: Literal["taken", "skipped"]) -> Reply:
    languages = list(dict.fromkeys((turn.language, *turn.campaign.languages)))  # their own first, as in broadcasts
    following = [each for each in languages[languages.index(language) + 1 :] if each not in draft.words]
    return _ask_words(turn, draft, following[0], after=what) if following else await _confirm_draft(turn)


def _ask_words(
    turn: Turn,
    draft: StatusDraft,
    language: Language,
    problem: Markup | None = None,
    after: Literal["taken", "skipped"] | None = None,
) -> Reply:
    published = turn.status.answer if draft.change == "answer" else turn.status.statement
    can_clear = draft.change in ("answer", "statement") and bool(published)
    others = [each for each in _list_missing(turn, draft) if each != language]
    screen = screens.ask_words(
        turn._, draft.change, language, others, can_clear=can_clear, problem=problem, after=after
    )
    return Reply(screen, "words", turn.draft, writing_language=language)


def _list_missing(turn: Turn, draft: StatusDraft) -> list[Language]:
    return [each for each in turn.campaign.languages if each not in draft.words]


def _ask_milestone(turn: Turn, problem: Markup | None = None) -> Reply:
    now = turn.status.find_milestone(turn.campaign, turn.total)
    return Reply(screens.ask_milestone(turn._, turn.status, now, turn.total, problem), "milestone", turn.draft)


async def _confirm_draft(turn: Turn) -> Reply:
    draft = await status_drafts.find(turn.tx, turn.person.id)
    return await show(turn, "") if draft is None else await _confirm(turn, draft)


async def _confirm(turn: Turn, draft: StatusDraft) -> Reply:
    """Show what supporters will see, in every language, and ask for confirmation."""
    if draft.revision != turn.status.revision:
        return await _was_first(turn)
    after = apply_draft(turn.status, draft)
    code = await confirmations.ask(turn.tx, turn.person.id, _about(draft), turn.now)
    milestones = (
        turn.status.find_milestone(turn.campaign, turn.total),
        after.find_milestone(turn.campaign, turn.total),
    )
    missing = _list_missing(turn, draft) if draft.change in WORDED and draft.words else []
    problems = looks_like_another(turn._, draft.words, turn.campaign.languages)
    if draft.change == "reopened":
        problems = [*problems, *await list_prepared(turn)]
    ends = await find_consequences(turn, draft.words) if draft.change in ("closed", "victory") else None
    screen = screens.confirm(
        turn._, draft.change, milestones, code, missing, cleared=not draft.words, problems=problems, ends=ends
    )
    return Reply(screen, None, turn.draft, first=tuple(preview(turn, after)))


async def _confirmed(turn: Turn, code: str) -> Reply:
    draft = await status_drafts.find(turn.tx, turn.person.id)
    if draft is None or not await confirmations.take(turn.tx, code, turn.person.id, _about(draft), turn.now):
        return await show(turn, "", screens.used_up(turn._))
    before = turn.status
    if not await _apply(turn, draft):
        return await _was_first(turn)
    await status_drafts.drop(turn.tx, turn.person.id)
    if draft.change in ("closed", "victory", "reopened"):
        await chat_menus.request(turn.tx, await chat_menus.list_with_menu(turn.tx), turn.now)
    await note(turn, f"course.{draft.change}", **describe(turn, before, apply_draft(before, draft)))
    about = {"change": draft.change, "by": await find_name(turn)}
    await tell_others(turn, "course", about)
    hint, tell = screens.changed(turn._, draft.change), await find_told(turn, draft)
    if tell is None and draft.change in ("closed", "victory"):
        hint = Markup("\n\n").join((hint, telling_the_end.nobody_to_tell(turn._)))
    return await show(turn, "", hint, tell)


async def _apply(turn: Turn, draft: StatusDraft) -> bool:
    tx, member_id, now = turn.tx, turn.person.id, turn.now
    match draft.change:
        case "closed" | "victory":
            ending: PetitionEnding = draft.change
            return await statuses.end(tx, draft.revision, ending, draft.words, member_id, now)
        case "reopened":
            return await statuses.reopen(tx, draft.revision, member_id, now)
        case "statement":
            return await statuses.set_statement(tx, draft.revision, draft.words, member_id, now)
        case "answer":
            return await statuses.pin_answer(tx, draft.revision, draft.words, member_id, now)
        case "milestone":
            return await statuses.set_milestone(tx, draft.revision, draft.number, member_id, now)


async def _was_first(turn: Turn) -> Reply:
    await status_drafts.drop(turn.tx, turn.person.id)
    status = await statuses.find(turn.tx)
    names = await team.find_names(turn.tx)
    return await show(turn, "", screens.was_first(turn._, status, names.get(status.changed_by or 0, "")))


def _about(draft: StatusDraft) -> str:
    said = "\n".join(f"{language}:{text}" for language, text in sorted(draft.words.items()))
    digest = hashlib.sha256(said.encode()).hexdigest()[:16]
    return f"course:{draft.change}:{draft.revision}:{draft.number or ''}:{digest}"


async def _explain(turn: Turn, _argument: str) -> Reply:
    """Explain what is erased after the end, below the notice."""
    return replace(FEATURE.show(turn, lifecycle_notices.explain_retention(turn._)), below=True)


FEATURE: Final = Feature(
    STATUS,
    press=dispatch(
        {"thank": write_thanks, "human": human_check.press, "tell": write_statement, "erased": _explain},
        {
            "begin": begin,
            "words": _write,
            "skip": _skip,
            "enough": _finish,
            "clear": _clear,
            "files": _as_in_files,
            "leave": leave,
            "do": _confirmed,
        },
        otherwise=show,
    ),
    commands={
        "petition": show,
        "close": lambda turn, _: begin(turn, "closed"),
        "reopen": lambda turn, _: begin(turn, "reopened"),
        "victory": lambda turn, _: begin(turn, "victory"),
    },
    steps={
        "words": Step(_hear_words, _ask_again, leave, ("words", "idle"), needs="owner"),
        "milestone": Step(hear_milestone, _ask_again, leave, ("idle",), needs="owner"),
    },
)
