"""A textbook broadcast: a list of subscribers, one message after the other, with a pause between them.

python -m tests.benchmarks.textbook_broadcast URL TOKEN FIRST_ID HOW_MANY RATE
"""

import asyncio
import sys

from telegram import Bot
from telegram.error import RetryAfter, TelegramError


async def broadcast(url: str, token: str, subscribers: list[int], rate: float) -> None:
    async with Bot(token, base_url=f"{url}/bot") as bot:
        for chat_id in subscribers:
            try:
                await bot.send_message(chat_id, "<b>An update</b>\n\nIt goes on.", parse_mode="HTML")
            except RetryAfter as error:
                await asyncio.sleep(float(error._retry_after.total_seconds()))
            except TelegramError:
                pass
            await asyncio.sleep(1 / rate)


if __name__ == "__main__":
    url, token, first, how_many, rate = sys.argv[1:]
    asyncio.run(broadcast(url, token, list(range(int(first), int(first) + int(how_many))), float(rate)))
