"""Every screen of the bot, in one language, with ordinary facts or the longest possible."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import NamedTuple

from chatbot.i18n import Translator
from chatbot.petition.languages import Language
from chatbot.petition.lifecycle import PetitionStatus
from chatbot.petition.model import Campaign
from chatbot.petition.signing.draft import Draft
from chatbot.petition.signing.names import NameProblem
from chatbot.petition.signing.reasons import ReasonProblem
from chatbot.screens import editing, languages, refusals
from chatbot.screens.context import ReaderContext
from chatbot.screens.organizer import desk as desk_screens
from chatbot.screens.organizer import menu
from chatbot.screens.screen import Screen
from chatbot.screens.supporter import (
    appeal,
    general,
    sharing,
    signed,
    signing,
    subscription,
    timeline,
    welcome,
)
from chatbot.screens.supporter.rights import privacy
from tests.screens.galleries.after_signing import after_signing_screens
from tests.screens.galleries.card import card_screens
from tests.screens.galleries.human import human_screens
from tests.screens.galleries.lifecycle import lifecycle_screens
from tests.screens.galleries.my_data import rights_screens
from tests.screens.galleries.night import night_screens
from tests.screens.galleries.organizer import menu_screens
from tests.screens.galleries.places import place_screens
from tests.screens.galleries.records import export_screens, statistics_screens, timeline_screens
from tests.screens.galleries.review import review_screens
from tests.screens.galleries.team import team_screens

SIGNED_AT = datetime(2026, 3, 1, 23, 30, tzinfo=UTC)


class Facts(NamedTuple):
    """What varies between people, short or as long as possible."""

    name: str
    country: str
    reason: str
    number: int
    contact: str
    link: str


ORDINARY = {
    "ko": Facts(
        "김하나",
        "KR",
        "친구를 구하고 싶습니다.",
        178_922,
        "team@example.org",
        "https://t.me/SaveMyFriendBot?start=s-AbCdEfGh",
    ),
    "en": Facts(
        "Sam <Smith> & Co",
        "CA",
        "No one should be sent back.",
        178_923,
        "team@example.org",
        "https://t.me/SaveMyFriendBot?start=s-AbCdEfGh",
    ),
}

# A name of the greatest length, whose letters escape to five characters each; the country with the longest name.
LONGEST = Facts("<&>Aa" * 20, "GS", "&" * 500, 9_999_999_999, "x" * 64, f"https://t.me/{'b' * 32}?start={'s' * 64}")


def screens(
    translators: Mapping[Language, Translator], campaign: Campaign, language: Language, facts: Facts
) -> Iterator[tuple[str, Screen]]:
    """Yield each screen under its own name."""
    _ = translators[language]
    desk = _.in_zone(campaign.zone)
    words = campaign.words[language]
    closed = replace(campaign, is_open=False)
    new, drafting = ReaderContext(is_open=True), ReaderContext(is_open=True, drafting=True)
    signer = ReaderContext(is_open=True, number=facts.number)
    subscriber = ReaderContext(is_open=True, number=facts.number, subscription_language=language)
    over = ReaderContext(is_open=False)
    empty, draft = Draft(), Draft(facts.name, facts.country, facts.reason)
    likely = campaign.words[language].likely_countries[:6]
    here, total = facts.number - campaign.carried_over, facts.number
    won = ReaderContext(is_open=False, number=facts.number, status=PetitionStatus("victory"))

    yield "welcome", welcome.welcome(_, campaign, language, 0, new)
    yield "welcome-drafting", welcome.welcome(_, campaign, language, 1, drafting)
    yield "welcome-signed", welcome.welcome(_, campaign, language, here, signer)
    yield "welcome-closed", welcome.welcome(_, closed, language, here, over)
    for number in range(1, len(words.appeal + words.updates) + 1):
        yield f"appeal-{number}", appeal.appeal(_, words, number, new)
    yield "appeal-end-signed", appeal.appeal(_, words, 999, subscriber)
    for number in range(1, len(words.updates) + 1):
        yield f"updates-{number}", timeline.bundled_page(_, language, words, number, 0, new)
    yield "updates-subscriber", timeline.bundled_page(_, language, words, 1, 0, subscriber)
    yield "updates-none", timeline.bundled_page(_, language, replace(words, updates=()), 1, 0, new)
    yield "name", signing.ask_name(_, empty, facts.name)
    yield "name-no-profile", signing.ask_name(_, empty, None)
    yield "name-doubtful", signing.ask_whether_name(_, "왜 이름이 필요해요?", empty)
    yield "name-doubtful-again", signing.ask_whether_name(_, "왜 이름이 필요해요?", empty, "김하나")
    yield "name-needed", signing.ask_name(_, empty, facts.name, signing.needed(_))
    yield "name-left", signing.ask_name(_, empty, facts.name, signing.not_taken(_))
    yield "name-expired", signing.ask_name(_, empty, facts.name, signing.expired(_))
    yield "expired", signing.begin_again(_, new)
    yield "name-back", signing.ask_name(_, draft, "Sam")
    yield "name-again", signing.ask_name(_, draft, facts.name)
    for name_problem in NameProblem:
        yield (
            f"name-{name_problem.name.lower()}",
            signing.ask_name(_, empty, None, refusals.name_refused(_, name_problem)),
        )
    yield "name-profile-unusable", signing.ask_name(_, empty, None, refusals.profile_unusable(_))
    signs = refusals.name_refused(_, NameProblem.SIGNS, "<;")
    yield "name-signs-shown", signing.ask_name(_, empty, None, signs)
    yield "country", signing.ask_country(_, empty, likely)
    yield "country-again", signing.ask_country(_, draft, likely)
    for name, offers in (("offers", ("AU", "AT")), ("offer", ("KZ",)), ("stateless", ("ZZ",))):
        question = signing.did_you_mean(_, offers)
        yield f"country-{name}", signing.offer_countries(_, empty, offers, question)
    yield "country-koreas", signing.offer_countries(_, draft, ("KR", "KP"), signing.which_korea(_))
    yield "country-unknown", signing.ask_country(_, empty, likely, signing.no_such_country(_))
    yield "reason", signing.ask_reason(_, empty)
    yield "reason-again", signing.ask_reason(_, draft)
    for reason_problem in ReasonProblem:
        told = refusals.reason_refused(_, reason_problem, 12_345)
        yield f"reason-{reason_problem.name.lower()}", signing.ask_reason(_, empty, told)
    yield "check", signing.check(_, draft, draft, campaign, language)
    yield "check-at-risk", signing.check(_, replace(draft, country="CN"), draft, campaign, language)
    yield "check-named", signing.check(_, replace(draft, named=True), draft, campaign, language)
    yield (
        "check-filled-in",
        signing.check(_, replace(draft, reason=None), replace(draft, reason=None), campaign, language),
    )
    yield "check-typed", signing.check(_, draft, draft, campaign, language, signing.tap_to_sign(_))
    yield "check-sticker", signing.check(_, draft, draft, campaign, language, signing.words_please(_))
    yield "thanks", signed.thank(_, facts.name, facts.number, words, SIGNED_AT)
    yield "thanks-sealed", signed.thank(_, None, facts.number, words, SIGNED_AT)
    yield "go-on", signed.go_on(_, signer, has_reason=False)
    yield "go-on-reason", signed.go_on(_, signer, has_reason=True)
    yield "go-on-subscriber", signed.go_on(_, subscriber, has_reason=False)
    yield "signed-already", signed.signed_already(_, facts.number, SIGNED_AT, signer)
    yield "signed-already-subscriber", signed.signed_already(_, facts.number, SIGNED_AT, subscriber)
    yield from after_signing_screens(_, campaign, signer, total)
    yield "ended", signed.ended(_, over)
    yield "rest", signed.rest(_)
    yield "cancelled", signed.cancelled(_, new)
    yield "cancelled-nothing", signed.nothing_to_cancel(_, new)
    yield "cancelled-signed", signed.nothing_to_cancel(_, signer)
    yield "share", sharing.share(_, campaign, facts.link, total, new)
    yield "share-chats", sharing.share(_, campaign, facts.link, total, signer, offers_chats=True)
    yield "share-hint", sharing.add_hint_of_inline_mode(_, sharing.share(_, campaign, facts.link, total, new))
    yield "share-closed", sharing.share(_, campaign, facts.link, total, replace(signer, is_open=False))
    yield "share-won", sharing.share(_, campaign, facts.link, total, won)
    yield "share-joined", sharing.share(_, campaign, facts.link, total, subscriber, joined=language)
    for updates in _.languages:
        yield f"subscribed-{updates}", subscription.subscribed(_, updates, new)
    yield "unsubscribed-never", subscription.not_subscribed(_, language)
    yield "unsubscribed", subscription.unsubscribed(_, language, new)
    yield "unsubscribed-signed", subscription.unsubscribed(_, language, signer)
    yield "help", general.guide(_, new)
    yield "help-closed", general.guide(_, over)
    yield "privacy", privacy.explain(_, privacy.Privacy(words.addressee, facts.contact, 180, sealed=False), new)
    nearly_gone = privacy.Privacy(words.addressee, None, 1, sealed=True)
    yield "privacy-sealed", privacy.explain(_, nearly_gone, signer)
    yield "language", languages.choose_language(translators, language)
    yield "language-join", languages.choose_subscription_language(_, None, joining=True)
    yield "language-subscribe", languages.choose_subscription_language(_, language, joining=False)
    yield from card_screens(_, campaign, here, facts.link, SIGNED_AT)
    yield "lost", general.unknown_button(_, new)
    for whom, reader in (("", new), ("-signed", signer), ("-closed", over)):
        yield f"lost-words{whom}", general.unknown_text(_, reader)
    yield "lost-member", general.unknown_button(_, new, desk_screens.way_to_desk(_))
    yield "lost-words-member", general.unknown_text(_, signer, menu.to_desk(_))
    yield "lost-words-repeated", general.unknown_text(_, signer, menu.to_desk(_), is_repeated=True)
    yield "edit-taken", signing.check(_, draft, draft, campaign, language, editing.taken(_))
    yield "edit-send-again", signing.ask_name(_, empty, facts.name, editing.send_again(_))
    yield "edit-not-followed", editing.not_followed(_)
    yield "edit-signed", editing.change_signature(_)
    yield "come-over", general.go_to_private_chat(_, "https://t.me/SaveMyFriendBot")
    yield "apologise", general.apologise(_)
    yield "slow-down", general.slow_down(_)
    yield "ask-to-wait", general.ask_to_wait(_)
    yield from rights_screens(_, draft, facts.number, new)
    yield from menu_screens(desk, campaign, language)
    yield from human_screens(desk)
    yield from team_screens(desk, campaign)
    yield from place_screens(desk, language)
    yield from review_screens(desk)
    yield from night_screens(desk, campaign, language)
    yield from lifecycle_screens(desk, campaign, language, facts.number)
    yield from export_screens(desk, language)
    yield from statistics_screens(desk)
    yield from timeline_screens(_, language, words)
