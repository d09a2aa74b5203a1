"""Words of the petition document, plain, and the screens that offer it. Its readers know nothing of the chat."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup

from chatbot.i18n import Translator
from chatbot.petition.exports.links import POSTER
from chatbot.petition.exports.request import ExportRequest, to_code
from chatbot.petition.languages import Language
from chatbot.screens import callbacks
from chatbot.screens.rounded_counts import exactly
from chatbot.screens.screen import ButtonRow, Press, Screen


def petition(_: Translator) -> str:
    """Name the kind of document."""
    return _.label("Petition")


def to(_: Translator, addressee: str) -> str:
    """Name the addressee."""
    return _.label("To {addressee}", addressee=addressee)


def head_count(_: Translator, total: int) -> str:
    """Write the number on the first page; in some languages it has a word of its own behind it."""
    return exactly(_, total)


def signed_by(_: Translator, total: int) -> str:
    """Write the line below the number on the first page."""
    return _.label("people have signed this petition") if total != 1 else _.label("person has signed this petition")


def won_before(_: Translator, carried_over: int, where: str) -> str:
    """Say how many signatures come from other platforms."""
    return _.label(
        "{count} of them signed on {place}, where the petition began.", count=_.number(carried_over), place=where
    )


def started(_: Translator, starter: str, day: str) -> str:
    """Name the starter and the date."""
    return _.label("Started by {starter} on {day}", starter=starter, day=day)


def made_on(_: Translator, at: datetime) -> str:
    """Write the date of the document."""
    return _.label("As of {day}", day=_.moment(at))


def appeal(_: Translator) -> str:
    return _.label("The appeal")


def by_country(_: Translator) -> str:
    return _.label("Signatures by country")


def in_all(_: Translator) -> str:
    """Name the last line of the totals."""
    return _.label("Total")


def elsewhere(_: Translator, where: str) -> str:
    """Name the line for unknown countries of carried-over signatures."""
    return _.label("Signed on {place}", place=where)


def other_countries(_: Translator) -> str:
    """Name the line for countries with few signatures."""
    return _.label("other countries")


def names(_: Translator) -> str:
    return _.label("Signers who agreed to be named")


def about_names(_: Translator, named: int, total: int) -> str:
    """Explain the list, above it."""
    if not named:
        return _.label("Nobody who signed in Telegram has agreed to be named publicly yet.")
    return _.label(
        "{named} of the {total} who signed in Telegram have agreed to be named publicly. They are "
        "listed in the order in which they signed.",
        named=_.number(named),
        total=_.number(total),
    )


def notes(_: Translator) -> str:
    return _.label("Notes")


def changed_names(_: Translator, count: int) -> str:
    """Say that some names are transliterated."""
    return str(
        _.plural(
            "In {count} name there are letters that no typeface of this document has. They are written in Latin "
            "letters, or a □ stands for them.",
            "In {count} names there are letters that no typeface of this document has. They are written in Latin "
            "letters, or a □ stands for them.",
            count,
        )
    )


def sealed_names(_: Translator, count: int) -> str:
    """Say that some names cannot be shown."""
    return str(
        _.plural(
            "{count} person who agreed to be named has an encrypted name, and is counted but not listed.",
            "{count} people who agreed to be named have encrypted names, and are counted but not listed.",
            count,
        )
    )


@dataclass(frozen=True, slots=True)
class Contents:
    """What is in the document."""

    total: int
    """Signatures it stands for."""
    here: int
    """How many of them were signed here."""
    named: int
    """How many agreed to be named."""
    is_counted: bool = True
    """Whether all who agreed were counted."""
    sealed: bool = False
    """Whether names are encrypted, and so not listed."""


def offer(
    _: Translator, addressee: str, requests: Mapping[Language, ExportRequest], contents: Contents, *, is_open: bool
) -> Screen:
    """Offer the document in each language and, while people can sign, a poster."""
    text = _(
        "📜 <b>The document to deliver</b>\n\nA PDF with the appeal, the totals by country, and the names of those who "
        "agreed to be named publicly.\n\nTo: {addressee}\n{contents}",
        addressee=addressee,
        contents=list_contents(_, contents),
    )
    poster: tuple[ButtonRow, ...] = ()
    if is_open:
        poster = ((Press(_.label("🖨 A poster to print …"), callbacks.LINK("deliver", POSTER)),),)
    if _.is_alone:
        [request] = requests.values()
        make = Press(_.label("📤 Make the file …"), callbacks.EXPORT("ask", to_code(request)), "primary")
        return Screen(text, ((make,), *poster))
    text = Markup("\n\n").join((text, _("<b>Which language?</b>")))
    rows = [
        (Press(_.language_name(language), callbacks.EXPORT("ask", to_code(requests[language]))),)
        for language in _.languages
    ]
    return Screen(text, (*rows, *poster))


def list_contents(_: Translator, contents: Contents) -> Markup:
    """Say how many names are in it, and for how many signatures it stands."""
    count = exactly(_, contents.named) if contents.is_counted else _.label("{count}+", count=_.number(contents.named))
    lines = [_("✍️ Names in it: <b>{count}</b>", count=count)]
    if contents.sealed and contents.named:
        lines = [_("🔏 Agreed to be named: <b>{count}</b>. Encrypted names are counted, and not listed.", count=count)]
    stands = _("🖋 Signatures it stands for: <b>{total}</b>", total=_.number(contents.total))
    if contents.here != contents.total:
        stands = _(
            "🖋 Signatures it stands for: <b>{total}</b>, {here} of them signed here",
            total=_.number(contents.total),
            here=_.number(contents.here),
        )
    return Markup("\n").join((*lines, stands))
