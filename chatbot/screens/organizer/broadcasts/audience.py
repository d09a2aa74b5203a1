"""The audience of a broadcast: languages, countries, and readers of a language without a post."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from markupsafe import Markup

from chatbot.i18n import Translator
from chatbot.petition.broadcasts.broadcast import REACHES, Broadcast
from chatbot.petition.countries.names import UNTOLD
from chatbot.petition.languages import Language
from chatbot.petition.model import Campaign
from chatbot.petition.rounding import round_all
from chatbot.screens import callbacks, rounded_counts
from chatbot.screens.countries import flagged
from chatbot.screens.organizer.broadcasts.composing import asking
from chatbot.screens.organizer.broadcasts.summary import list_unwritten
from chatbot.screens.screen import ButtonRow, Press, Screen

EVERYONE = "all"
_OFFERED = 8


def ask_reach(_: Translator, campaign: Campaign, broadcast: Broadcast, readers: Mapping[Language, int]) -> Screen:
    """Ask who gets a broadcast that is not written in every language: readers of its languages, or everyone.

    `readers` counts all subscribers by language. Those without a post would get that of their fallback.
    """
    names = _.join(map(_.language_name, broadcast.list_written(campaign)))
    counts = {
        reach: sum(replace(broadcast, reach=reach).count_recipients(readers, campaign).values()) for reach in REACHES
    }
    text = _("<b>It is in {language} only. Who should get it?</b>", language=names)
    if len(campaign.languages) > 2:
        shown = list_unwritten(_, campaign, replace(broadcast, reach="everyone"))
        text = Markup("\n\n").join((text, Markup("\n").join((_("If everyone gets it:"), *shown))))
    only = _.label(
        "Readers of {language}: {count}", language=names, count=rounded_counts.people(_, broadcast, counts["readers"])
    )
    everyone = _.label("Everyone: {count}", count=rounded_counts.people(_, broadcast, counts["everyone"]))
    return Screen(
        text,
        (
            (Press(only, callbacks.BROADCAST("reach", broadcast.id, "readers"), "primary"),),
            (Press(everyone, callbacks.BROADCAST("reach", broadcast.id, "everyone")),),
        ),
    )


def choose_audience(_: Translator, campaign: Campaign, broadcast: Broadcast, readers: Mapping[Language, int]) -> Screen:
    """Choose the audience; `readers` counts all subscribers of the chosen countries by language."""
    number, chosen = broadcast.id, broadcast.audience
    everyone = _.label("Everyone: {count}", count=rounded_counts.people(_, broadcast, sum(readers.values())))
    rows: list[ButtonRow] = [(_choice(everyone, number, EVERYONE, ticked=chosen.language is None),)]
    for language, count in () if _.is_alone and len(readers) == 1 else readers.items():
        number_of = rounded_counts.people(_, broadcast, count)
        label = _.label("Readers of {language}: {count}", language=_.language_name(language), count=number_of)
        rows.append((_choice(label, number, language, ticked=chosen.language == language),))
    countries = _.label("🌍 By country …")
    if chosen.countries:
        named = len(set(chosen.countries) - {UNTOLD})
        countries = _.label("🌍 Countries: {count} …", count=_.number(named)) if named else f"{flagged(_, UNTOLD)} …"
    rows.append((Press(countries, callbacks.BROADCAST("countries", number)),))
    if broadcast.posts and broadcast.list_missing(campaign):
        label = _.label("🌐 Written in one language …")
        if len(broadcast.posts) > 1:
            label = _.label("🌐 Readers of other languages …")
        rows.append((Press(label, callbacks.BROADCAST("oneway", number)),))
    rows.append((Press(_.label("‹ Back"), callbacks.BROADCAST("review", number)),))
    question, unwritten = _("👥 <b>Who gets it?</b>"), list_unwritten(_, campaign, broadcast) if broadcast.posts else []
    return Screen(Markup("\n\n").join((question, Markup("\n").join(unwritten))) if unwritten else question, tuple(rows))


def _choice(label: str, number: int, choice: str, *, ticked: bool) -> Press:
    return Press(f"✓ {label}" if ticked else label, callbacks.BROADCAST("to", number, choice))


def which_korea(_: Translator) -> Markup:
    """Ask explicitly, because the text may mean either."""
    return _("<b>Which Korea should get it: North or South?</b>")


def ask_countries(
    _: Translator,
    broadcast: Broadcast,
    counts: Mapping[str, int],
    offers: Sequence[str] = (),
    problem: Markup | None = None,
) -> Screen:
    """Choose countries by button or name. `counts` are subscribers by country of signature; `offers` come first.

    Countries with few signers have no button, which would reveal that somebody there signed.
    """
    counts = round_all(counts)
    number, chosen = broadcast.id, broadcast.audience.countries
    text = _(
        "🌍 <b>Which countries?</b>\n\nTap them, or type a name. Only people who have signed have a "
        "country, so others don't get it."
    )
    most = sorted(counts, key=lambda code: (code == UNTOLD, -counts[code], _.country(code)))
    shown = list(dict.fromkeys((*offers, *chosen, *most)))[: max(_OFFERED, len(chosen) + len(offers))]
    buttons = []
    for code in shown[:80]:
        label = flagged(_, code)
        if code in counts:
            label += f" {rounded_counts.about(_, counts[code])}"
        sign = "-" if code in chosen else "+"
        buttons.append(
            Press(f"✓ {label}" if code in chosen else label, callbacks.BROADCAST("country", number, sign + code))
        )
    rows: list[ButtonRow] = [tuple(buttons[start : start + 2]) for start in range(0, len(buttons), 2)]
    if chosen:
        rows.append((Press(_.label("All countries"), callbacks.BROADCAST("country", number, "all")),))
    rows.append((Press(_.label("Done"), callbacks.BROADCAST("review", number), "primary"),))
    return asking(text, problem, rows)
