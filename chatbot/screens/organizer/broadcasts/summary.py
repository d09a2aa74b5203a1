"""What organizers read about a broadcast before it goes out: its recipients, its cost, and likely oversights."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from markupsafe import Markup

from chatbot.i18n import Translator
from chatbot.petition.broadcasts.broadcast import Broadcast
from chatbot.petition.broadcasts.estimate import Estimate
from chatbot.petition.broadcasts.post import PostButton
from chatbot.petition.broadcasts.quiet_hours import MorningForecast
from chatbot.petition.languages import Language, find_nearest
from chatbot.petition.model import Campaign
from chatbot.petition.rounding import FEW
from chatbot.screens import times
from chatbot.screens.organizer.broadcasts.message import ready_button
from chatbot.screens.organizer.broadcasts.title import headline
from chatbot.screens.organizer.language_guesses import looks_like_another
from chatbot.screens.organizer.places import post_lines
from chatbot.screens.rounded_counts import about, exactly

_NAMED_COUNTRIES = 8
_SITE = 40  # characters: a line of a phone


def reached(_: Translator, broadcast: Broadcast, recipients: Mapping[Language, int]) -> Markup:
    """Say how many people get it, by language."""
    count = sum(recipients.values())
    if broadcast.is_by_signature:
        return signed(_, count)
    if not count and broadcast.kind in ("correction", "recall"):
        return _("👥 Nobody has it yet.")
    if not count:
        return _("👥 Nobody would get it yet.")
    total = _.plural("👥 <b>{count}</b> person", "👥 <b>{count}</b> people", count)
    if _.is_alone and len(recipients) == 1 and broadcast.kind != "addition":
        return total
    tells_outcomes = broadcast.kind in ("correction", "recall") or broadcast.started_at is not None
    if tells_outcomes and min(recipients.values()) < FEW:  # a few of a language would tell what became of one of them
        return total if broadcast.kind == "update" else _("{total} at most", total=total)
    parts = _name_parts(_, recipients)
    if broadcast.kind != "update":  # who of them has it is known only when it starts
        return _("{total} at most ({parts})", total=total, parts=parts)
    return _("{total} ({parts})", total=total, parts=parts)


def _reached_now(_: Translator, broadcast: Broadcast, recipients: Mapping[Language, int], part: str) -> Markup:
    """Say how many of its recipients get it now; `part` is their rounded number."""
    if broadcast.is_by_signature:
        return _("👥 <b>{count}</b> of those who signed", count=part)
    total, parts = sum(recipients.values()), _name_parts(_, recipients)
    if total < FEW:
        people = _.plural("👥 <b>{count}</b> person", "👥 <b>{count}</b> people", total)
        return _("{total} at most ({parts})", total=people, parts=parts)
    return _("👥 <b>{count}</b> of {total} ({parts})", count=part, total=_.number(total), parts=parts)


def _name_parts(_: Translator, recipients: Mapping[Language, int], said: Mapping[Language, str] | None = None) -> str:
    return _.row(
        _.label("{language} {number}", language=_.language_name(each), number=said[each] if said else exactly(_, count))
        for each, count in _order(_, recipients)
    )


def _order(_: Translator, recipients: Mapping[Language, int]) -> list[tuple[Language, int]]:
    """Put the numbers in the campaign's order of languages."""
    order = list(dict.fromkeys((*_.languages, *recipients)))
    return sorted(recipients.items(), key=lambda each: order.index(each[0]))


def facts(
    _: Translator,
    broadcast: Broadcast,
    recipients: Mapping[Language, int] | None,
    forecast: MorningForecast | None = None,
    *,
    at: datetime | None = None,
    now: bool = False,
    part: str | None = None,
    is_rest: bool = False,
) -> list[Markup]:
    """Say what goes out, when, to whom and how: wherever an organizer decides about it.

    Of what is on its way, only `part` of the recipients may get it now. `is_rest`: they are those who did not get
    it before it was stopped, and their exact number would tell who was asleep. Without `recipients` it goes to places
    only.
    """
    people = []
    if recipients is not None:
        people = [reached(_, broadcast, recipients) if part is None else _reached_now(_, broadcast, recipients, part)]
    if recipients is not None and is_rest and not broadcast.is_by_signature:
        parts = {language: about(_, count) for language, count in recipients.items()}
        total = about(_, sum(recipients.values()))
        people = [_("👥 don't have it: <b>{count}</b> ({parts})", count=total, parts=_name_parts(_, recipients, parts))]
    return [
        *([_("🕘 {moment}", moment=times.moment(_, at))] if at else [_("🕘 now")] if now else []),
        _("“{headline}”", headline=headline(_, broadcast)),
        *people,
        *_tell_unsubscribed(_, broadcast),
        *post_lines.planned(_, broadcast),
        *(list_settings(_, broadcast) if recipients is not None else [sound(_, broadcast)]),
        *_name_buttons(_, broadcast),
        *mornings(_, broadcast, forecast),
    ]


def _name_buttons(_: Translator, broadcast: Broadcast) -> list[Markup]:
    """Say which buttons stand below it, and where a link leads: it may have been understood otherwise."""
    link = _find_link(_, broadcast)
    labels = list_buttons(_, broadcast)
    if link is not None:
        site = link.url.partition("://")[2].removesuffix("/")
        labels[-1] += f" → {site if len(site) <= _SITE else site[: _SITE - 1] + '…'}"
    if len(labels) < 2:
        return [_("🔗 button: {labels}", labels=label) for label in labels]
    return [_("🔗 buttons: {labels}", labels=_.row(labels))]


def title_and_time(_: Translator, broadcast: Broadcast) -> Markup:
    """Say which broadcast a question is about: its first words, and when it would go out."""
    at = broadcast.scheduled_for
    when = [_("🕘 {moment}", moment=times.moment(_, at))] if at else []
    return Markup("\n").join((*when, _("“{headline}”", headline=headline(_, broadcast))))


def list_buttons(_: Translator, broadcast: Broadcast) -> list[str]:
    """List the labels of the buttons that were chosen for it, in the reader's language, else in any."""
    link = _find_link(_, broadcast)
    return [*(ready_button(_, each).label for each in broadcast.ready_buttons), *([link.label] if link else [])]


def _find_link(_: Translator, broadcast: Broadcast) -> PostButton | None:
    own = {language: post.button for language, post in broadcast.posts.items() if post.button}
    language = find_nearest(_.language, own, _.languages)
    return own[language] if language else None


def signed(_: Translator, people: int) -> Markup:
    return _("👥 <b>{count}</b> of those who signed", count=about(_, people))


def _tell_unsubscribed(_: Translator, broadcast: Broadcast) -> list[Markup]:
    """Say of a notice about the appeal that it goes to signers, subscribed or not."""
    if broadcast.renews is None or broadcast.kind != "update":
        return []
    return [_("✉️ also to those who get no updates")]


def list_unwritten(_: Translator, campaign: Campaign, broadcast: Broadcast) -> list[Markup]:
    """Say what readers of the languages without a post get: a post in another language, or nothing."""
    if broadcast.kind == "addition":
        return [_("➕ nobody who already has the update gets it again")]
    lines = post_lines.unwritten(_, campaign, broadcast)
    if broadcast.kind != "update" or broadcast.audience.language is not None:
        return lines
    missing = broadcast.list_missing(campaign)
    for language in (*broadcast.list_written(campaign), None):
        readers = [each for each in missing if broadcast.choose_language(each, campaign) == language]
        names = _.join(map(_.language_name, readers))
        if readers and language:
            name = _.language_name(language)
            lines.append(_("🌐 readers of {languages} get it in {language}", languages=names, language=name))
        elif readers:
            lines.append(_("🌐 readers of {languages} get nothing", languages=names))
    return lines


def mornings(_: Translator, broadcast: Broadcast, forecast: MorningForecast | None) -> list[Markup]:
    """Say how many get it at once, and how many in their morning."""
    if forecast is None:
        return []
    if broadcast.kind == "correction":
        waiting = about(_, forecast.later)
        return [_("🌙 waiting for their morning, then with the new text: {count}", count=waiting)]
    if broadcast.urgent_at is not None:
        return [_("🚨 urgent: now, also where it's night")]
    if forecast.share is not None:
        return _share(_, forecast)
    if not forecast.waits:
        return [_("🌙 it's night for {count} of them", count=about(_, forecast.later))]
    return [
        _(
            "🌙 at once: {now} · in their morning: {later}, nearly all by {moment}",
            now=about(_, forecast.now),
            later=about(_, forecast.later),
            moment=times.named(_, forecast.last),
        )
    ]


def _share(_: Translator, forecast: MorningForecast) -> list[Markup]:
    """Say about how many are asleep where nobody counts them."""
    percent = _.percent(round(forecast.share or 0, 2))
    if not forecast.waits:
        return [_("🌙 it's night for about {percent} of them", percent=percent)] if forecast.share else []
    if not forecast.share:
        return [_("🌙 where it's night, people get it in their morning")]
    moment = times.named(_, forecast.last)
    return [
        _(
            "🌙 it's night for about {percent} of them: they get it in their morning, the last at {moment}",
            percent=percent,
            moment=moment,
        )
    ]


def expense(_: Translator, cost: Estimate, forecast: MorningForecast | None = None) -> list[Markup]:
    """Estimate duration and cost; empty if the audience is. Those who are asleep wait longer."""
    lines = []
    duration = times.duration(_, cost.seconds)
    if cost.seconds and forecast and forecast.waits and (forecast.later or forecast.share):
        lines.append(_("⏱ sending alone takes about {duration}", duration=duration))
    elif cost.seconds:
        lines.append(_("⏱ about {duration}", duration=duration))
    if cost.stars:
        lines.append(_("⭐ up to {stars} Telegram Stars", stars=_.number(cost.stars)))
    return lines


def list_settings(_: Translator, broadcast: Broadcast) -> list[Markup]:
    lines = []
    if broadcast.kind == "update" and broadcast.audience.language:
        lines.append(_("🌐 only readers of {language}", language=_.language_name(broadcast.audience.language)))
    if broadcast.audience.countries and broadcast.kind in ("update", "addition"):
        lines.append(_("🌍 only {countries}", countries=name_countries(_, broadcast.audience.countries)))
    if broadcast.audience.countries and broadcast.kind == "update" and broadcast.started_at is None:
        lines.append(_("📰 anyone can read it afterwards: /updates"))
    return [*lines, sound(_, broadcast)]


def sound(_: Translator, broadcast: Broadcast) -> Markup:
    """Say whether phones make a sound."""
    if broadcast.kind == "correction":
        return _("🔕 no sound: people are not told of a correction")
    if broadcast.kind == "recall":
        return _("🔕 no sound: people are not told of a deletion")
    return _("🔕 without sound") if broadcast.silent else _("🔔 with sound")


def name_countries(_: Translator, codes: Sequence[str]) -> str:
    """Name a few countries and count the others."""
    names = [_.country(code) for code in codes[:_NAMED_COUNTRIES]]
    if more := len(codes) - len(names):
        return _.label("{countries} and {more} more", countries=_.row(names), more=_.number(more))
    return _.join(names)


def warnings(_: Translator, campaign: Campaign, broadcast: Broadcast) -> list[Markup]:
    """List likely oversights: a missing translation, or a button or picture in one language only."""
    posts = {language: broadcast.posts[language] for language in broadcast.list_written(campaign)}
    texts = {language: post.text for language, post in posts.items()}
    found = []
    if broadcast.had_already:
        found.append(
            _.plural(
                "⚠️ Up to {count} person has the update that this was copied from, and would get it twice.",
                "⚠️ Up to {count} people have the update that this was copied from, and would get it twice.",
                broadcast.had_already,
            )
        )
    if broadcast.keepers:
        found.append(
            _.plural(
                "⚠️ Up to {count} person still has the deleted update, out of reach. Coming back, they'd have both.",
                "⚠️ Up to {count} people still have the deleted update, out of reach. Coming back, they'd have both.",
                broadcast.keepers,
            )
        )
    found += looks_like_another(_, texts, campaign.languages)
    if len(posts) > 1 and len({post.button is None for post in posts.values()}) > 1:
        found.append(_("⚠️ Only one of them has a button."))
    kinds = {post.media.kind for post in posts.values() if post.media}
    if broadcast.lone_picture:
        name = _.language_name(broadcast.lone_picture)
        found.append(_("🖼 Only the text in {language} has a picture or file.", language=name))
    elif len(kinds) > 1:
        found.append(_("⚠️ The texts have different kinds of pictures or files."))
    return found
