"""The real client library against the emulator."""

import asyncio

import pytest
import telegram
from telegram.error import BadRequest, Conflict, Forbidden, InvalidToken, NetworkError, RetryAfter
from telegram.ext import Application, ApplicationBuilder, CallbackQueryHandler, ChatMemberHandler, CommandHandler

from chatbot.emulator.world.samples import picture
from tests.emulator.conftest import until
from tests.support.bot_api_schema import check_request

SIGN = telegram.InlineKeyboardMarkup(
    [
        [telegram.InlineKeyboardButton("서명하기", callback_data="sign", api_kwargs={"style": "success"})],
        [telegram.InlineKeyboardButton("Copy", copy_text=telegram.CopyTextButton("https://t.me/petition_bot"))],
    ]
)


async def test_library_sends_and_receives_messages(emulator, bot, hana):
    emulator.world.says(hana, "안녕 /help 😀 #SaveMyFriend")
    (update,) = await bot.get_updates()
    assert update.effective_user.first_name == "하나"
    assert list(update.message.parse_entities().values()) == ["/help", "#SaveMyFriend"]
    text = '😀 <b>안녕</b> <a href="https://example.org">여기</a>'
    message = await bot.send_message(hana.id, text, parse_mode="HTML", reply_markup=SIGN)
    assert message.text_html == '😀 <b>안녕</b> <a href="https://example.org/">여기</a>'
    assert message.reply_markup.inline_keyboard[1][0].copy_text.text == "https://t.me/petition_bot"
    edited = await message.edit_text("done", reply_markup=None)
    assert edited.text == "done"
    assert edited.edit_date


async def test_library_sends_photos_and_files(emulator, bot, hana):
    sent = await bot.send_photo(hana.id, picture(), caption="<i>x</i>", parse_mode="HTML")
    again = await bot.send_photo(hana.id, sent.photo[-1].file_id)
    assert again.photo == sent.photo
    file = await bot.get_file(sent.photo[-1].file_id)
    assert await file.download_as_bytearray() == picture()
    document = await bot.send_document(hana.id, b"bytes", filename="letter.pdf")
    assert document.document.file_name == "letter.pdf"
    copied = await bot.copy_message(hana.id, hana.id, sent.message_id)
    assert copied.message_id > document.message_id


async def test_refusals_become_errors_of_the_library(emulator, bot, hana, sam, monkeypatch):
    # Without PTB_TIMEDELTA every RetryAfter warns, and warnings fail the tests.
    monkeypatch.setenv("PTB_TIMEDELTA", "true")
    message = await bot.send_message(hana.id, "x")
    with pytest.raises(BadRequest, match="Message is not modified"):
        await message.edit_text("x")
    with pytest.raises(BadRequest, match="Chat not found"):
        await bot.send_message(5, "x")
    with pytest.raises(BadRequest, match="Query is too old"):
        await bot.answer_callback_query("5")
    with pytest.raises(BadRequest, match="Can't parse entities"):
        await bot.send_message(hana.id, "<b>", parse_mode="HTML")
    emulator.world.blocks(sam)
    with pytest.raises(Forbidden, match="bot was blocked by the user"):
        await bot.send_message(sam.id, "x")
    emulator.faults.flood(5, times=1)
    with pytest.raises(RetryAfter):
        await bot.send_message(hana.id, "x")
    emulator.faults.disconnect("sendMessage", times=1, delivered=True)
    with pytest.raises(NetworkError):
        await bot.send_message(hana.id, "y")
    assert emulator.world.newest(hana)[0]["text"] == "y"


async def test_library_reports_a_wrong_token(emulator):
    async def begin(token):
        async with telegram.Bot(token, base_url=f"{emulator.url}/bot"):
            pass

    with pytest.raises(InvalidToken):
        await begin("1:wrong")


async def test_library_sets_the_menu(bot):
    await bot.set_my_commands([("sign", "서명")], scope=telegram.BotCommandScopeAllPrivateChats(), language_code="ko")
    (command,) = await bot.get_my_commands(telegram.BotCommandScopeAllPrivateChats(), "ko")
    assert command.description == "서명"
    await bot.set_my_name("청원", "ko")
    assert (await bot.get_my_name("ko")).name == "청원"
    await bot.set_my_description("x")
    assert (await bot.get_my_description()).description == "x"
    await bot.set_my_short_description("y")
    assert (await bot.get_my_short_description()).short_description == "y"
    await bot.delete_my_commands()
    assert (await bot.get_me()).username == "petition_bot"


async def test_library_calls_other_methods(emulator, bot, hana):
    message = await bot.send_message(hana.id, "x")
    assert await bot.set_message_reaction(hana.id, message.message_id, "🕊")
    assert await bot.send_chat_action(hana.id, "typing")
    assert (await bot.get_chat(hana.id)).first_name == "하나"
    assert (await bot.get_chat_member(hana.id, bot.id)).status == "member"
    assert await bot.delete_message(hana.id, message.message_id)
    assert (await bot.get_webhook_info()).url == ""
    assert await bot.delete_webhook(drop_pending_updates=True)


async def test_first_of_two_pollers_gets_a_conflict(emulator, bot, sam):
    first = asyncio.create_task(bot.get_updates(timeout=50))
    await until(lambda: emulator.api.polling.busy)
    second = asyncio.create_task(bot.get_updates(timeout=50))
    with pytest.raises(Conflict, match="terminated by other getUpdates request"):
        await first
    emulator.world.says(sam, "x")
    assert len(await second) == 1


def petition(emulator) -> Application:
    """A minimal bot, which asks one question."""

    async def start(update, _context):
        await update.message.reply_text("Will you sign?", reply_markup=SIGN)

    async def sign(update, _context):
        await update.callback_query.answer("Thank you")
        await update.callback_query.edit_message_text("Signed")

    async def leave(update, context):
        context.bot_data["left"] = update.my_chat_member.new_chat_member.status

    application = ApplicationBuilder().token(emulator.token).base_url(f"{emulator.url}/bot").build()
    application.add_handler(CommandHandler("start", start))
    application.add_handler(CallbackQueryHandler(sign, "sign"))
    application.add_handler(ChatMemberHandler(leave, ChatMemberHandler.MY_CHAT_MEMBER))
    return application


async def test_library_runs_a_bot_by_polling(emulator):
    emulator.api.on_request = check_request
    sam = emulator.world.add_person("Sam")
    application = petition(emulator)
    async with application:
        await application.start()
        await application.updater.start_polling(poll_interval=0, timeout=5)
        with emulator.world.watch(sam) as chat:
            emulator.world.starts(sam, "poster")
            assert (await chat.next_message())["text"] == "Will you sign?"
            emulator.world.taps(sam, "서명")
            assert (await chat.next_answer())["text"] == "Thank you"
            assert (await chat.next_edit())["text"] == "Signed"
        emulator.world.blocks(sam)
        await until(lambda: "left" in application.bot_data)
        # An update ends the poll that still waits, before the updater stops.
        emulator.world.starts(sam)
        await application.updater.stop()
        await application.stop()
    assert application.bot_data["left"] == "kicked"
    assert [delivery.method for delivery in emulator.deliveries][:2] == ["sendmessage", "editmessagetext"]
