"""What is stored about a person: showing it, changing a signature line by line, and sending it as a file."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from markupsafe import Markup

from chatbot.conversation.interface import SentMedia
from chatbot.conversation.step_names import OwnDataStep, StepName
from chatbot.conversation.supporter.questions import likely, message_id, profile_name, recall
from chatbot.conversation.turn import Handler, Reply, Step, Turn
from chatbot.petition.countries.find import ANSWERS, UNTOLD, find_country
from chatbot.petition.signing.answers import is_skip, parse_name
from chatbot.petition.signing.draft import Draft, Line, Undo
from chatbot.petition.signing.names import NameRefusedError
from chatbot.petition.signing.reasons import ReasonRefusedError, read_reason
from chatbot.petition.text.characters import begins_like_command
from chatbot.screens import callbacks, refusals
from chatbot.screens.screen import Screen
from chatbot.screens.supporter import general, signing
from chatbot.screens.supporter import my_data as screens
from chatbot.storage.organizer import jobs
from chatbot.storage.people import signatures
from chatbot.storage.people.signatures import Signature
from chatbot.storage.privacy import personal_data

_CHANGES: Final[dict[str, OwnDataStep]] = {
    callbacks.NAME: "own_name",
    callbacks.COUNTRY: "own_country",
    callbacks.REASON: "own_reason",
}
_LINES: Final[Mapping[OwnDataStep, Line]] = {"own_name": "name", "own_country": "country", "own_reason": "reason"}


async def show(turn: Turn, _argument: str, problem: Markup | None = None) -> Reply:
    """Show what is stored. An unfinished signature or broadcast is kept meanwhile."""
    return Reply.staying(
        turn.left,
        screens.show(turn._, turn.reader, _own_words(turn), turn.person.id, problem, is_member=turn.team is not None),
    )


async def press(turn: Turn, argument: str) -> Reply:
    """Carry out a button: `<what>[:<more>]`."""
    what, more = callbacks.split(argument, 2)
    if what == "file":
        if not await personal_data.is_under_way(turn.tx, turn.person.id):
            await jobs.add(turn.tx, personal_data.JOB, {}, turn.now, chat_id=turn.person.id)
        return Reply.staying(turn, None, screens.file_follows(turn._))
    if turn.signature is None:
        return await show(turn, "")
    if change := _CHANGES.get(what):
        return _ask(turn, change)
    if what == callbacks.NAMED and more in (callbacks.YES, callbacks.NO):
        if (more == callbacks.YES) == bool(turn.signature.named_at):
            return await show(turn, "")
        return await _change(turn, replace(turn.signature, named_at=turn.now if more == callbacks.YES else None))
    if what == callbacks.UNDO and turn.draft.undo and more == turn.draft.undo.fingerprint():
        return await _undo(turn, turn.draft.undo)
    return await show(turn, "")


async def hear_name(turn: Turn, text: str) -> Reply:
    """Change the name, or say what is wrong with the new one. What is hardly a name is asked about first."""
    if is_skip(text):
        return await show(turn, "")
    try:
        parsed = parse_name(text)
        name = turn.name_vault.seal(parsed.name)
        if not parsed.is_doubtful:
            return await _change(turn, replace(_own(turn), name=name), "name")
        draft = replace(_note_asked(turn), doubtful_name=name)
        question = signing.ask_whether_name(turn._, parsed.name, draft, _shown(turn).name, "own_name")
        return Reply(question, "own_name", draft)
    except NameRefusedError as refused:
        return _ask(turn, "own_name", refusals.name_refused(turn._, refused.problem, refused.signs))


async def choose_name(turn: Turn, choice: str) -> Reply:
    """Change the name to that of the Telegram profile, or to the typed one that was asked about, or keep it."""
    if choice == callbacks.PROFILE and (profile := profile_name(turn)) is not None:
        return await _change(turn, replace(_own(turn), name=turn.name_vault.seal(profile)), "name")
    doubtful = turn.draft.doubtful_name
    if doubtful and choice == signing.doubtful_choice(turn.draft):
        return await _change(turn, replace(_own(turn), name=doubtful), "name")
    if choice.startswith(callbacks.YES):  # in an old message, about another text
        return _ask(turn, "own_name")
    return await show(turn, "")


async def hear_country(turn: Turn, text: str) -> Reply:
    """Change the country if the text is clear. Otherwise offer similar countries, or ask again with examples."""
    match = find_country(text, turn.languages)
    if match.sure:
        return await _change(turn, replace(_own(turn), country=match.sure), "country")
    offers = match.offers or ((UNTOLD,) if is_skip(text) else ())
    if not offers:
        return _ask(turn, "own_country", signing.no_such_country(turn._))
    question = signing.which_korea(turn._) if match.divided else signing.did_you_mean(turn._, offers)
    offered = signing.offer_countries(turn._, _shown(turn), offers, question, callbacks.OWN_COUNTRY)
    return Reply(offered, "own_country", _note_asked(turn).note_typed("country", message_id(turn)))


async def choose_country(turn: Turn, choice: str) -> Reply:
    """Change the country to that of the button, or keep it."""
    if choice in ANSWERS:
        return await _change(turn, replace(_own(turn), country=choice), "country")
    return await show(turn, "")


async def hear_reason(turn: Turn, text: str) -> Reply:
    """Change the reason, or say what is wrong with the new one."""
    if is_skip(text):
        return await show(turn, "")
    try:
        return await _change(turn, replace(_own(turn), reason=turn.name_vault.seal(read_reason(text))), "reason")
    except ReasonRefusedError as refused:
        return _ask(turn, "own_reason", refusals.reason_refused(turn._, refused.problem, refused.length))


async def choose_reason(turn: Turn, choice: str) -> Reply:
    """Remove the reason, or keep it."""
    if choice == callbacks.SKIP:
        return await _change(turn, replace(_own(turn), reason=None), "reason")
    return await show(turn, "")


def _own(turn: Turn) -> Signature:
    if turn.signature is None:
        raise ValueError("there is no signature to change")
    return turn.signature


async def _change(turn: Turn, after: Signature, line: Line | None = None, told: Markup | None = None) -> Reply:
    """Change the signature. Say so, and offer to undo a change of `line`; without one, show it below what is `told`."""
    before = _own(turn)
    if line is not None and _read(turn, before) == _read(turn, after):
        return await show(turn, "", screens.same_as_before(turn._))
    seal = turn.name_vault.seal_stored
    after = replace(after, name=seal(after.name) or "", reason=seal(after.reason))
    if await signatures.change(turn.tx, before, after):
        changed = replace(turn, signature=after, draft=Draft())
        if line is None:
            return replace(await show(changed, "", told), deleted_text=True)
        undo = Undo(
            line, before.country if line == "country" else seal(before.name if line == "name" else before.reason)
        )
        screen = screens.changed(turn._, turn.reader, line, _read(turn, before), _read(turn, after), undo.fingerprint())
        if line == "country" and after.country in turn.campaign.at_risk_countries:
            screen = replace(screen, text=Markup("\n\n").join((screen.text, signing.careful(turn._))))
        return Reply(screen, None, Draft(undo=undo, asked_at=_seconds(turn)), deleted_text=True)
    # Another process changed or withdrew it since this turn began.
    now = replace(turn, signature=await signatures.find(turn.tx, turn.person.id))
    return await show(now, "", screens.changed_meanwhile(turn._))


async def _undo(turn: Turn, undo: Undo) -> Reply:
    before = _own(turn)
    match undo.line, undo.before:
        case "name", str(name):
            before = replace(before, name=name)
        case "country", str(country):
            before = replace(before, country=country)
        case "reason", reason:
            before = replace(before, reason=reason)
    return await _change(turn, before, told=screens.undone(turn._))


def _ask(turn: Turn, change: OwnDataStep, problem: Markup | None = None) -> Reply:
    return Reply(
        _question(turn, change, problem), change, _note_asked(turn).note_typed(_LINES[change], message_id(turn))
    )


def _note_asked(turn: Turn) -> Draft:
    return Draft(asked_at=_seconds(turn), undo=turn.draft.undo)


def _seconds(turn: Turn) -> int:
    return int(turn.now.timestamp())


def _question(turn: Turn, change: OwnDataStep, problem: Markup | None) -> Screen:
    draft = _shown(turn)
    match change:
        case "own_name":
            return signing.ask_name(turn._, draft, profile_name(turn), problem, change)
        case "own_country":
            return signing.ask_country(turn._, draft, likely(turn), problem, change)
        case "own_reason":
            return signing.ask_reason(turn._, draft, problem, change)


def _own_words(turn: Turn) -> screens.Own | None:
    signature, draft = turn.signature, _shown(turn)
    if signature is None:
        return None
    named = signature.named_at is not None
    return screens.Own(signature.number, signature.signed_at, draft.name or "", signature.country, draft.reason, named)


def _shown(turn: Turn) -> Draft:
    """Give the signature as a draft for the questions of signing, with its text as far as it can be shown."""
    return Draft() if turn.signature is None else _read(turn, turn.signature)


def _read(turn: Turn, signature: Signature) -> Draft:
    return Draft(recall(turn, signature.name), signature.country, recall(turn, signature.reason))


def _step(name: OwnDataStep, hear: Handler, choose: Handler) -> Step:
    async def hear_answer(turn: Turn, text: str) -> Reply:
        if isinstance(turn.event, SentMedia):
            return _ask(turn, name, signing.words_please(turn._))
        if begins_like_command(text):
            return _ask(turn, name, general.unknown_command(turn._))
        return await hear(turn, text)

    async def ask(turn: Turn) -> Reply:
        return _ask(turn, name)

    return Step(hear_answer, ask, show, ("idle",), choose, needs="signature")


STEPS: Final[Mapping[StepName, Step]] = {
    "own_name": _step("own_name", hear_name, choose_name),
    "own_country": _step("own_country", hear_country, choose_country),
    "own_reason": _step("own_reason", hear_reason, choose_reason),
}
