"""A textbook bot: ConversationHandler, aiosqlite, python-telegram-bot's own HTTP client, as in its examples.

python -m tests.benchmarks.textbook_bot URL TOKEN FILE polling
python -m tests.benchmarks.textbook_bot URL TOKEN FILE webhook PORT SECRET
python -m tests.benchmarks.textbook_bot URL TOKEN FILE nothing PORT SECRET   (only decodes updates)
"""

import sys
import warnings

import aiosqlite
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.ext import (
    Application,
    CallbackQueryHandler,
    CommandHandler,
    ContextTypes,
    ConversationHandler,
    TypeHandler,
)
from telegram.warnings import PTBUserWarning

NAME, COUNTRY, REASON, CHECK, JOIN = range(5)
Context = ContextTypes.DEFAULT_TYPE


def keyboard(*actions: str) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup([[InlineKeyboardButton(action, callback_data=action)] for action in actions])


async def show(update: Update, text: str, *actions: str) -> None:
    assert update.callback_query is not None
    await update.callback_query.answer()
    await update.callback_query.edit_message_text(text, reply_markup=keyboard(*actions) if actions else None)


async def start(update: Update, context: Context) -> int:
    assert update.message is not None
    await update.message.reply_text("Sign the petition?", reply_markup=keyboard("sign"))
    return NAME


async def ask_name(update: Update, context: Context) -> int:
    await show(update, "What is your name?", "name.profile")
    return COUNTRY


async def ask_country(update: Update, context: Context) -> int:
    assert context.user_data is not None
    assert update.effective_user is not None
    context.user_data["name"] = update.effective_user.full_name
    await show(update, "Which country?", "country.KR", "country.US")
    return REASON


async def ask_reason(update: Update, context: Context) -> int:
    await show(update, "Why?", "reason.skip")
    return CHECK


async def check(update: Update, context: Context) -> int:
    await show(update, "Is everything right?", "check.sign")
    return JOIN


async def sign(update: Update, context: Context) -> int:
    assert context.user_data is not None
    assert update.effective_user is not None
    database = context.bot_data["database"]
    await database.execute(
        "INSERT OR IGNORE INTO signatures (id, name, country) VALUES (?, ?, ?)",
        (update.effective_user.id, context.user_data["name"], "KR"),
    )
    await database.commit()
    async with database.execute("SELECT count(*) FROM signatures") as rows:
        (count,) = await rows.fetchone()
    await show(update, f"Thank you. You are number {count}.", "join:ko")
    return JOIN


async def join(update: Update, context: Context) -> int:
    assert update.effective_user is not None
    database = context.bot_data["database"]
    await database.execute("INSERT OR IGNORE INTO subscriptions (id) VALUES (?)", (update.effective_user.id,))
    await database.commit()
    await show(update, "You are subscribed.")
    return ConversationHandler.END


async def nothing(update: object, context: Context) -> None:
    """Do nothing: the update is only decoded."""


def main() -> None:
    """Run until killed."""
    url, token, file, way, *rest = sys.argv[1:]

    async def open_database(application: Application) -> None:  # type: ignore[type-arg]
        database = await aiosqlite.connect(file)
        await database.execute("PRAGMA journal_mode=WAL")
        await database.execute("PRAGMA synchronous=FULL")
        await database.execute(
            "CREATE TABLE IF NOT EXISTS signatures (id INTEGER PRIMARY KEY, name TEXT, country TEXT)"
        )
        await database.execute("CREATE TABLE IF NOT EXISTS subscriptions (id INTEGER PRIMARY KEY)")
        application.bot_data["database"] = database

    builder = Application.builder().token(token).base_url(f"{url}/bot").concurrent_updates(False)
    application = builder.post_init(open_database).build()
    if way == "nothing":
        application.add_handler(TypeHandler(object, nothing))
    else:
        states = {
            NAME: [CallbackQueryHandler(ask_name, "^sign")],
            COUNTRY: [CallbackQueryHandler(ask_country, "^name")],
            REASON: [CallbackQueryHandler(ask_reason, "^country")],
            CHECK: [CallbackQueryHandler(check, "^reason")],
            JOIN: [CallbackQueryHandler(sign, "^check"), CallbackQueryHandler(join, "^join")],
        }
        warnings.simplefilter("ignore", PTBUserWarning)  # about buttons in a conversation, which the textbook has
        application.add_handler(ConversationHandler([CommandHandler("start", start)], states, []))  # type: ignore[arg-type]
    if way == "polling":
        application.run_polling()
    else:
        port, secret = rest
        application.run_webhook(
            "127.0.0.1", int(port), "hook", webhook_url=f"http://127.0.0.1:{port}/hook", secret_token=secret
        )


if __name__ == "__main__":
    main()
