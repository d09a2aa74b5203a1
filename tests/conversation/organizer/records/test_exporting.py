"""/export: owners choose by buttons or typing, see the number of rows, confirm once, and one file is made."""

from datetime import UTC, date, datetime

from chatbot.petition.exports.request import ExportRequest
from chatbot.storage import Database, Transaction
from chatbot.storage.organizer import audit_log, jobs
from tests.support.broadcasts import BroadcastDriver
from tests.support.cast import NOW
from tests.support.chat import Chat


async def requests(database: Database) -> list[ExportRequest]:
    async def work(tx: Transaction) -> list[ExportRequest]:
        due = await jobs.find_due(tx, datetime(2100, 1, 1, tzinfo=UTC), (), 100)
        return [ExportRequest.from_details(each.details) for each in due if each.kind == "document"]

    return await database.transact(work)


async def test_owner_orders_an_excel_file_in_three_taps(
    yuna: Chat, driver: BroadcastDriver, database: Database
) -> None:
    await driver.subscribe(range(1, 4), "ko", "KR")
    await yuna.says("/export")
    assert "3 signatures" in yuna.text
    await yuna.taps("Make the file")
    assert "3 signatures" in yuna.text
    assert "at risk" in yuna.text
    assert await requests(database) == []
    await yuna.taps("Yes")
    assert "I'm making it" in yuna.text
    assert await requests(database) == [ExportRequest("signatures", "xlsx", "en")]


async def test_repeated_tap_orders_one_file_and_is_logged_once(
    yuna: Chat, hana_organizer: Chat, driver: BroadcastDriver, database: Database
) -> None:
    await driver.subscribe(range(1, 4), "ko", "KR")
    await yuna.says("/export")
    await yuna.taps("Make the file")
    [yes] = [action for action in yuna.actions if ":make:" in action]
    await hana_organizer.presses(yes)
    assert await requests(database) == []
    await yuna.presses(yes)
    await yuna.presses(yes)
    assert "already" in (yuna.notice or "")
    assert len(await requests(database)) == 1
    [entry] = await database.transact(audit_log.read, 0, 10)
    assert (entry.member_id, entry.action, entry.details["rows"]) == (yuna.person.id, "export.signatures", 0), (
        "few are no number"
    )


async def test_owner_chooses_country_and_days_by_buttons(
    yuna: Chat, driver: BroadcastDriver, database: Database
) -> None:
    await driver.subscribe(range(1, 4), "ko", "KR")
    await driver.subscribe(range(4, 35), "en", "CA")
    await yuna.says("/export")
    for label in ("CSV", "Canada", "This month"):
        await yuna.taps(label)
    assert "Signatures: <b>30-plus</b>" in yuna.text
    assert {"✓ CSV", "✓ 🇨🇦 Canada", "✓ This month"} <= {*yuna.labels}
    await yuna.taps("Make the file")
    await yuna.taps("Yes")
    day = driver.now.date()
    assert await requests(database) == [ExportRequest("signatures", "csv", "en", day.replace(day=1), day, "CA")]


async def test_owner_types_days_and_country_after_the_command(yuna: Chat, driver: BroadcastDriver) -> None:
    await driver.subscribe(range(1, 4), "ko", "NO")
    await yuna.says("/export 11/1 – 11/30 norway")
    assert "Nov 1, 2025 – Nov 30, 2025" in yuna.text or "Nov 1, 2026" in yuna.text
    assert "✓ 🇳🇴 Norway" in yuna.labels
    await yuna.says("/export November in Norway")
    assert "Nov 1, 2026 – Nov 24, 2026" in yuna.text
    assert "Norway" in yuna.text
    await yuna.says("/export somewhen")
    assert "could not read" in yuna.text


async def test_unread_days_of_the_log_ask_for_no_country(yuna: Chat) -> None:
    await yuna.says("/export")
    await yuna.taps("Log")
    await yuna.taps("Other days")
    await yuna.says("somewhen")
    assert "I could not read a day. Try: 2026-11-01" in yuna.text
    assert "Canada" not in yuna.text


async def test_owner_types_days_and_country_when_asked(yuna: Chat, driver: BroadcastDriver) -> None:
    await driver.subscribe(range(1, 4), "ko", "NO")
    await yuna.says("/export")
    await yuna.taps("Other days")
    await yuna.says("whenever")
    assert "could not read" in yuna.text
    await yuna.says("2026-11-24 노르웨이")
    assert "Nov 24, 2026" in yuna.text
    assert "Signatures: <b>19 at most</b>" in yuna.text
    await yuna.taps("CSV")
    assert "Nov 24, 2026" in yuna.text
    await yuna.says("2026-11-23")  # nothing is asked any more
    assert "Nov 23" not in yuna.text


async def test_cancel_leaves_the_question_of_an_export(yuna: Chat, driver: BroadcastDriver) -> None:
    await yuna.says("/sign")
    await yuna.says("/export")
    await yuna.taps("Other days")
    await yuna.says("/cancel")
    assert "Export" in yuna.text
    await yuna.says("/cancel")
    assert "Export" not in yuna.text


async def test_export_without_rows_cannot_be_ordered(yuna: Chat, driver: BroadcastDriver) -> None:
    await yuna.says("/export")
    assert "It's empty" in yuna.text
    assert not [label for label in yuna.labels if "Make the file" in label]


async def test_supporter_cannot_export(sam: Chat, database: Database) -> None:
    await sam.says("/export")
    lost = sam.text
    await sam.says("/nonsense")
    assert sam.text == lost
    await sam.presses("nonsense:make")
    lost = sam.text
    await sam.presses("export:make:s.csv.en...")
    assert sam.text == lost
    assert await requests(database) == []


async def test_unreadable_request_is_refused(yuna: Chat, database: Database) -> None:
    unreadable = ("", "x.csv.en...", "s.exe.en...", "s.csv.en.20261399..", "s.csv.en...korea", "s.csv.en..." + "9" * 99)
    for code in (*unreadable, "s.csv.th...", "d.pdf.EN..."):  # the campaign is not in Thai
        await yuna.presses(f"export:make:{code}")
    assert await requests(database) == []


async def test_only_owners_export(mallory, make_dialog, driver: BroadcastDriver, database: Database) -> None:
    await driver.subscribe(range(1, 4), "ko", "KR")
    for number, role in enumerate(("viewer", "organizer")):
        chat = mallory(number)
        chat.dialog = make_dialog()
        await chat.says("/start")

        async def appoint(tx: Transaction, chat=chat, role=role) -> None:
            await tx.run(
                "INSERT INTO members (id, name, role, joined_at) VALUES (:id, 'x', :role, '')",
                id=chat.person.id,
                role=role,
            )

        await database.transact(appoint)
        await chat.says("/export")
        assert "Only owners" in chat.text
        await chat.presses("export:ask:s.csv.en...")
        assert "Only owners" in (chat.notice or "")
    assert await requests(database) == []


async def test_owner_orders_the_petition_document_in_a_language(
    yuna: Chat, driver: BroadcastDriver, database: Database
) -> None:
    await driver.subscribe(range(1, 4), "ko", "KR")
    await yuna.says("/deliver")
    assert "Signatures it stands for: <b>178,924</b>, 3 of them signed here" in yuna.text
    await yuna.taps("Korean")
    assert "agreed to be named" in yuna.text
    await yuna.taps("Back")
    await yuna.taps("Korean")
    await yuna.taps("Yes")
    assert await requests(database) == [ExportRequest("delivery", "pdf", "ko")]
    [entry] = await database.transact(audit_log.read, 0, 10)
    assert entry.action == "export.delivery"


async def test_owner_exports_the_audit_log(yuna: Chat, database: Database) -> None:
    await yuna.says("/export")
    await yuna.taps("Log")
    assert "It's empty" in yuna.text
    await database.transact(audit_log.add, yuna.person.id, "broadcast.paused", NOW, title="x")
    await yuna.taps("This week")
    assert "1 entry" in yuna.text
    assert not [label for label in yuna.labels if "countries" in label]
    await yuna.taps("Make the file")
    await yuna.taps("Yes")
    [request] = await requests(database)
    assert request.what == "log"


async def test_typed_days_keep_the_chosen_file(yuna: Chat, driver: BroadcastDriver, database: Database) -> None:
    await driver.subscribe(range(1, 4), "ko", "KR")
    await database.transact(audit_log.add, yuna.person.id, "broadcast.paused", NOW, title="x")
    await yuna.says("/export")
    for label in ("Log", "CSV", "Other days"):
        await yuna.taps(label)
    assert "📄 Log, CSV" in yuna.text
    await yuna.says("whenever")
    assert "could not read" in yuna.text
    await yuna.says("2026-11-24 Norway")
    assert "could not read" in yuna.text, "the log is of no country"
    await yuna.says(f"{NOW:%Y-%m-%d}")
    assert "📄 Log, CSV" in yuna.text
    await yuna.taps("Make the file")
    await yuna.taps("Yes")
    assert await requests(database) == [ExportRequest("log", "csv", "en", NOW.date(), NOW.date())]


async def test_typed_country_keeps_days_and_format(yuna: Chat, driver: BroadcastDriver, database: Database) -> None:
    await driver.subscribe(range(1, 4), "ko", "NO")
    await yuna.says("/export")
    for label in ("CSV", "This month", "Other days"):
        await yuna.taps(label)
    await yuna.says("노르웨이")
    assert "📄 Signatures, CSV" in yuna.text
    assert {"✓ CSV", "✓ 🇳🇴 Norway", "✓ This month"} <= {*yuna.labels}
    await yuna.taps("Other days")
    await yuna.taps("Back")
    assert {"✓ CSV", "✓ 🇳🇴 Norway", "✓ This month"} <= {*yuna.labels}
    await yuna.taps("Other days")
    await yuna.says("/cancel")
    assert {"✓ CSV", "✓ 🇳🇴 Norway", "✓ This month"} <= {*yuna.labels}


async def test_two_owners_type_days_for_their_own_files(
    yuna: Chat, hana_organizer: Chat, driver: BroadcastDriver
) -> None:
    await driver.subscribe(range(1, 4), "ko", "NO")
    await yuna.says("/export")
    await hana_organizer.says("/export")
    for label in ("Log", "Other days"):
        await yuna.taps(label)
    await hana_organizer.taps("Other days")
    await hana_organizer.says("2026-11-24")
    await yuna.says("2026-11-24")
    assert "📄 Signatures, Excel" in hana_organizer.text
    assert "📄 Log, Excel" in yuna.text


async def test_question_of_an_older_version_is_about_all_signatures(yuna: Chat, database: Database) -> None:
    await yuna.says("/export")
    await yuna.taps("Other days")

    async def forget_order(tx: Transaction) -> None:
        await tx.run("UPDATE supporters SET draft = '{}' WHERE id = :id", id=yuna.person.id)

    await database.transact(forget_order)
    await yuna.says("2026-11-24")
    assert "📄 Signatures, Excel" in yuna.text


def test_files_of_other_contents_have_other_names() -> None:
    day = date(2026, 11, 24)
    orders = [
        ExportRequest("signatures", "csv", "ko"),
        ExportRequest("signatures", "csv", "en"),
        ExportRequest("signatures", "csv", "ko", country="KR"),
        ExportRequest("signatures", "csv", "ko", day, day),
        ExportRequest("signatures", "csv", "ko", day),
        ExportRequest("signatures", "csv", "ko", None, day),
        ExportRequest("log", "csv", "ko"),
        ExportRequest("delivery", "pdf", "ko"),
        ExportRequest("delivery", "pdf", "en"),
    ]
    names = [order.name(day) for order in orders]
    assert len({*names}) == len(names)
    assert names[0] == "signatures-ko-2026-11-24"
    assert names[3] == "signatures-2026-11-24_2026-11-24-ko-2026-11-24"
    assert names[-2:] == ["petition-ko-2026-11-24", "petition-en-2026-11-24"]
