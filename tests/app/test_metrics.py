"""The page /metrics: the metrics that docs/operating.md names, and the broadcasts that any process sends."""

import re
from pathlib import Path

from prometheus_client.parser import text_string_to_metric_families

from chatbot.app.metrics import measure
from chatbot.petition.broadcasts.outcome import Gone, Sent
from chatbot.storage import open_database
from tests.support.broadcasts import BroadcastDriver, draft, start
from tests.support.cast import NOW

OPERATING = (Path(__file__).parents[2] / "docs" / "operating.md").read_text("utf-8")


def read(text: bytes) -> dict[str, float]:
    """Return the values of the petition by name."""
    families = {family.name: family for family in text_string_to_metric_families(text.decode())}
    return {sample.labels["what"]: sample.value for sample in families["chatbot_petition"].samples}


async def test_metrics_are_those_that_the_document_names(tmp_path: Path) -> None:
    named = set(re.findall(r"`(chatbot_[a-z_]+?)(?:_total)?`", OPERATING))
    assert {"chatbot_updates", "chatbot_turn_seconds", "chatbot_calls", "chatbot_deliveries"} < named
    assert {"chatbot_transaction_seconds", "chatbot_petition"} < named
    database = await open_database(f"sqlite:///{tmp_path}/chatbot.db")
    text = (await measure(database)).decode()
    await database.close()
    told = {family.name for family in text_string_to_metric_families(text)}
    assert named == {name for name in told if not name.endswith("_created")}


async def test_metrics_follow_a_broadcast_to_its_end(tmp_path: Path) -> None:
    database = await open_database(f"sqlite:///{tmp_path}/chatbot.db")
    driver = BroadcastDriver(database)
    assert set(read(await measure(database)).values()) == {0}
    await driver.subscribe(range(1, 11), "ko")
    begun = await database.transact(draft, NOW, ko="친구가 풀려났습니다.")
    await database.transact(start, begun, NOW)
    await driver.deliver(lambda to: Gone("blocked") if to.supporter_id == 1 else Sent(5), limit=4)
    shown = read(await measure(database))
    assert shown["subscriptions"] == 9
    assert (shown["broadcast_audience"], shown["broadcast_left"]) == (10, 6)
    assert (shown["broadcast_sent"], shown["broadcast_gone"]) == (3, 1)
    await driver.deliver_all()
    shown = read(await measure(database))
    assert (shown["broadcast_audience"], shown["broadcast_left"], shown["broadcast_sent"]) == (10, 0, 9)
    await database.close()
