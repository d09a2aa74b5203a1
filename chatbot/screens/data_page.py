"""The page with all data stored about its reader: HTML that needs nothing else, in their language."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Final

import orjson
from markupsafe import Markup

from chatbot.i18n import Translator
from chatbot.petition.countries.find import CODES
from chatbot.petition.funnel import list_steps
from chatbot.petition.sealing.envelope import holds_sealed
from chatbot.screens import times
from chatbot.screens.countries import flagged
from chatbot.screens.funnel import name_steps

Stored = str | int | None
Labels = Mapping[str, Callable[[Translator], str]]
"""Words for tables and columns: `table`, `table.column`, or `column` where several tables share it."""

LABELS: Final[Labels] = {
    "signatures": lambda _: _.label("Your signature"),
    "supporters": lambda _: _.label("You and the bot"),
    "subscriptions": lambda _: _.label("Your subscription"),
    "deliveries": lambda _: _.label("Updates sent to you"),
    "confirmations": lambda _: _.label("Open questions"),
    "jobs": lambda _: _.label("Being prepared for you"),
    "chat_menus": lambda _: _.label("Your menu"),
    "id": lambda _: _.label("Number"),
    "supporters.id": lambda _: _.label("Telegram ID"),
    "supporter_id": lambda _: _.label("Telegram ID"),
    "chat_id": lambda _: _.label("Telegram ID"),
    "number": lambda _: _.label("Signature no."),
    "name": lambda _: _.label("Name"),
    "country": lambda _: _.label("Country"),
    "reason": lambda _: _.label("Reason"),
    "language": lambda _: _.label("Language"),
    "source": lambda _: _.label("Link that brought you"),
    "appeal_version": lambda _: _.label("Version of the appeal"),
    "signed_at": lambda _: _.label("Signed"),
    "counted_as": lambda _: _.label("Counted under the link"),
    "named_at": lambda _: _.label("Agreed to be named publicly"),
    "seconds": lambda _: _.label("How long signing took, in seconds"),
    "language_chosen_at": lambda _: _.label("Language chosen"),
    "step": lambda _: _.label("Where you are in the conversation"),
    "draft": lambda _: _.label("Unfinished answers"),
    "share_code": lambda _: _.label("Your share link"),
    "blocked_at": lambda _: _.label("Bot blocked"),
    "last_update_id": lambda _: _.label("Telegram's number of your last message"),
    "first_seen_at": lambda _: _.label("First message"),
    "last_seen_at": lambda _: _.label("Last message"),
    "funnel_steps": lambda _: _.label("How far you got"),
    "human_at": lambda _: _.label("Human check passed"),
    "friends_signed": lambda _: _.label("Signed through your link"),
    "friends_told": lambda _: _.label("The number you were told last"),
    "friends_muted_at": lambda _: _.label("Messages about your link stopped"),
    "actions_done": lambda _: _.label("What else you did"),
    "subscribed_at": lambda _: _.label("Subscribed"),
    "ended_at": lambda _: _.label("Ended"),
    "ended_because": lambda _: _.label("Why it ended"),
    "broadcast_id": lambda _: _.label("Update"),
    "state": lambda _: _.label("State"),
    "deliveries.reason": lambda _: _.label("Reason"),
    "message_id": lambda _: _.label("Number of the message"),
    "due_at": lambda _: _.label("Due"),
    "about": lambda _: _.label("About"),
    "until": lambda _: _.label("Valid until"),
    "kind": lambda _: _.label("Kind"),
    "details": lambda _: _.label("Details"),
    "progress": lambda _: _.label("Progress"),
    "tries": lambda _: _.label("Tries"),
    "added_at": lambda _: _.label("Requested"),
    "given_at": lambda _: _.label("Given"),
}
_VALUES: Final[Mapping[str, Callable[[Translator], Mapping[str, str]]]] = {
    "step": lambda _: {
        "idle": _.label("no question is open"),
        "expired": _.label("your unfinished answers were deleted"),
        "name": _.label("asked for your name"),
        "country": _.label("asked for your country"),
        "reason": _.label("asked for your reason"),
        "check": _.label("at the last check before signing"),
        "human": _.label("at the human check"),
        "own_name": _.label("changing your name"),
        "own_country": _.label("changing your country"),
        "own_reason": _.label("changing your reason"),
    },
    "source": lambda _: {"s-": _.label("a friend's link")},
    "counted_as": lambda _: {
        "+direct": _.label("came directly"),
        "+friends": _.label("links of friends"),
        "+other": _.label("other links"),
    },
    "ended_because": lambda _: {
        "asked": _.label("you stopped them"),
        "blocked": _.label("you blocked the bot"),
        "deactivated": _.label("your account was deleted"),
        "not_found": _.label("Telegram could not find your account"),
    },
    "state": lambda _: {
        "waiting": _.label("not sent yet"),
        "sending": _.label("being sent"),
        "sent": _.label("sent"),
        "gone": _.label("could not reach you"),
        "failed": _.label("could not be sent"),
        "unknown": _.label("may not have arrived"),
    },
}
"""Words for stored values, by column; a value without one is shown as it is stored."""
_INSIDE: Final[Labels] = {
    "named": lambda _: _.label("Show my name publicly"),
    "began_at": lambda _: _.label("Began to sign"),
    "asked_at": lambda _: _.label("Last question asked"),
    "asked_after": lambda _: _.label("Number of the message before it"),
    "asked_in": lambda _: _.label("Number of its message"),
    "asked_by": lambda _: _.label("Number of the message or tap it follows"),
    "outdated": lambda _: _.label("Messages whose buttons are to go"),
    "name_message": lambda _: _.label("Number of the message with your name"),
    "country_message": lambda _: _.label("Number of the message with your country"),
    "reason_message": lambda _: _.label("Number of the message with your reason"),
    "doubtful_name": lambda _: _.label("Name you haven't confirmed"),
    "knows_risk": lambda _: _.label("Told how to leave less behind"),
    "puzzle": lambda _: _.label("Pictures of the human check"),
    "undo_name": lambda _: _.label("Name before the last change"),
    "undo_country": lambda _: _.label("Country before the last change"),
    "undo_reason": lambda _: _.label("Reason before the last change"),
    "broadcast": lambda _: _.label("Update"),
    "order": lambda _: _.label("About"),
    "interrupted": lambda _: _.label("Something else came in between"),
    "typed": lambda _: _.label("Typed after that"),
    "parts": lambda _: _.label("Message in several parts"),
}
"""Words for what is stored as JSON; a key without any has those of the column of its name, or stands as it is."""
_JSON: Final = ("draft", "details", "progress", "conditions")
"""The columns with JSON."""
_MOMENT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")
_STYLE: Final = Markup(
    "body{font:16px/1.5 system-ui,sans-serif;max-width:40em;margin:2em auto;padding:0 1em}"
    "dl{display:grid;grid-template-columns:minmax(8em,2fr) 3fr;gap:.3em 1em;border-top:1px solid;padding-top:.6em}"
    "dt{opacity:.7}dd{margin:0;overflow-wrap:anywhere;white-space:pre-wrap}"
)


def write(_: Translator, tables: Mapping[str, Sequence[Mapping[str, Stored]]], more: Labels) -> str:
    """Write the page; columns without a value are left out. `more`: the words of the team's tables."""
    title = _.label("Everything we keep about you.")
    order = [name for words in (LABELS, more) for name in words if name in tables]
    parts = [_write_table(_, name, tables[name], more) for name in order]
    return Markup(
        '<!doctype html>\n<html lang="{}" dir="{}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width"><title>{}</title><style>{}</style></head>\n'
        "<body><h1>{}</h1>\n{}</body></html>\n"
    ).format(_.language, _.direction, title, _STYLE, title, Markup("").join(parts))


def name_column(_: Translator, table: str, column: str, more: Labels) -> str:
    """Name a column in words: those of its own table come before those that tables share."""
    first, second = (more, LABELS) if table in more else (LABELS, more)
    for key in (f"{table}.{column}", column):
        for words in (first, second):
            if key in words:
                return words[key](_)
    raise KeyError(f"{table}.{column}")


def _write_table(_: Translator, name: str, rows: Sequence[Mapping[str, Stored]], more: Labels) -> Markup:
    label = (more if name in more else LABELS)[name](_)
    lists = (Markup("<dl>{}</dl>\n").format(Markup("").join(_write_row(_, name, row, more))) for row in rows)
    return Markup("<h2>{}</h2>\n{}").format(label, Markup("").join(lists))


def _write_row(_: Translator, table: str, row: Mapping[str, Stored], more: Labels) -> Iterator[Markup]:
    for column, value in row.items():
        if value not in (None, "", "{}"):
            label = name_column(_, table, column, more)
            yield Markup('<dt>{}</dt><dd dir="auto">{}</dd>').format(label, _write_value(_, column, value))


def _write_value(_: Translator, column: str, value: str | int) -> str:
    if isinstance(value, int):
        return ", ".join(name_steps(_)[each] for each in list_steps(value)) if column == "funnel_steps" else str(value)
    if _MOMENT.fullmatch(value):
        return times.moment(_, datetime.fromisoformat(value))
    if column in _JSON and value.startswith("{"):
        return "\n".join(_write_inside(_, value))
    if holds_sealed(value):
        return _.label("🔏 sealed, no longer readable here")
    if column.removeprefix("undo_") == "country" and value in CODES:
        return flagged(_, value)
    if column == "language" and value in _.languages:
        return _.own_name(value)
    return _VALUES[column](_).get(value, value) if column in _VALUES else value


def _write_inside(_: Translator, stored: str) -> Iterator[str]:
    """Write what is stored as JSON, a line for each key: the answers of a draft, or what a job is about."""
    for key, value in orjson.loads(stored).items():
        match value:
            case None:
                continue
            case bool():
                told = "✓" if value else "–"
            case int() if key.endswith("_at"):
                told = times.moment(_, datetime.fromtimestamp(value, UTC))
            case str() | int():
                told = _write_value(_, key, value)
            case _:
                told = orjson.dumps(value).decode()
        label = _INSIDE.get(key) or LABELS.get(key)
        yield f"{label(_) if label else key}: {_.isolate(told)}"
