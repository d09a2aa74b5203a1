"""Linked channels and groups for tests, and broadcasts that go there."""

from collections.abc import Callable, Iterable, Sequence
from secrets import token_hex

from chatbot.broadcasting.places import PlaceClaim, claim_next, settle
from chatbot.i18n import load_translators
from chatbot.petition.broadcasts.outcome import DeliveryOutcome, Sent
from chatbot.petition.broadcasts.place import Place, PlaceKind
from chatbot.petition.languages import Language
from chatbot.settings import BUNDLED_LOCALES
from chatbot.storage import Transaction
from chatbot.storage.broadcasts import drafts
from chatbot.storage.organizer import owner_links
from chatbot.storage.places import places
from tests.support.broadcasts import BroadcastDriver
from tests.support.cast import YUNA

USERNAME = "SaveMyFriendBot"


async def link(
    driver: BroadcastDriver, chat_id: int, title: str, language: Language = "ko", kind: PlaceKind = "channel"
) -> Place:
    """Link a place. The bot's username is stored, as after its first start."""

    async def work(tx: Transaction) -> Place:
        await owner_links.remember_username(tx, USERNAME)
        place = await places.link(tx, chat_id, kind, title, language, YUNA, driver.now)
        assert place is not None
        return place

    return await driver.database.transact(work)


async def start(driver: BroadcastDriver, chosen: Sequence[Place], **words: str) -> int:
    """Write a broadcast that goes to these places as well, and start sending it; return its id."""
    draft = await driver.draft(**words)
    await choose(driver, draft.id, chosen)
    return await driver.send(draft.id)


async def choose(driver: BroadcastDriver, broadcast_id: int, chosen: Iterable[Place]) -> None:
    """Choose places for a draft."""
    for place in chosen:
        assert await driver.database.transact(drafts.choose_place, broadcast_id, place.code, chosen=True)


async def post(
    driver: BroadcastDriver, answer: Callable[[PlaceClaim], DeliveryOutcome] = lambda claim: Sent(-claim.chat_id)
) -> list[PlaceClaim]:
    """Send what is running to its places; return the calls."""
    calls: list[PlaceClaim] = []
    transact, translators = driver.database.transact, load_translators(driver.campaign.listed, [BUNDLED_LOCALES])
    while claim := await transact(claim_next, token := token_hex(8), driver.campaign, translators, (), driver.now):
        calls.append(claim)
        await transact(settle, claim, token, answer(claim), driver.now)
    return calls


async def claim(driver: BroadcastDriver, token: str) -> PlaceClaim | None:
    """Claim the next delivery to a place without sending it, as a worker that is killed."""
    translators = load_translators(driver.campaign.listed, [BUNDLED_LOCALES])
    return await driver.database.transact(claim_next, token, driver.campaign, translators, (), driver.now)


async def outcomes(driver: BroadcastDriver, broadcast_id: int) -> dict[str, tuple[str, str]]:
    """Return the state and reason of each place, by its title."""
    return {each.title: (each.state, each.reason) for each in (await driver.get(broadcast_id)).places}
