"""Telegram's limits, in one place. Facts from core.telegram.org/bots/api and the sources of tdlib/telegram-bot-api."""

import re

TEXT_CHARACTERS = 4096
"""Length of a message after its entities are parsed, in code points."""
CAPTION_CHARACTERS = 1024
ALBUM_FILES = 10
RAW_TEXT_BYTES = 32_768
"""Length of a text or caption as sent, with tags."""
ENTITIES = 100
"""Entities of one message, including the detected ones."""
CALLBACK_DATA_BYTES = 64
COPY_TEXT_CHARACTERS = 256
BUTTONS_IN_A_ROW = 12
BUTTONS = 100
CALLBACK_ANSWER_CHARACTERS = 200

BOT_NAME_CHARACTERS = 64
BOT_DESCRIPTION_CHARACTERS = 512
BOT_SHORT_DESCRIPTION_CHARACTERS = 120
COMMANDS = 100
COMMAND_DESCRIPTION_CHARACTERS = 256
COMMAND = re.compile(r"[a-z0-9_]{1,32}")
LANGUAGE = re.compile(r"[a-z]{2}")

START_PAYLOAD = re.compile(r"[A-Za-z0-9_-]{1,64}")
"""The payload after ?start= in a deep link."""

UPDATE_SECONDS = 24 * 60 * 60
CALLBACK_QUERY_SECONDS = 150
INLINE_QUERY_SECONDS = 30
INLINE_RESULTS = 50
INLINE_RESULT_ID_BYTES = 64
ID_RESTART_SECONDS = 7 * 24 * 60 * 60
"""Seconds without updates after which the next update id is random."""
LONG_POLL_SECONDS = 50

PHOTO_BYTES = 10 * 1024 * 1024
PHOTO_SIDES = 10_000
"""Sum of width and height of a photo, in pixels."""
UPLOAD_BYTES = 50 * 1024 * 1024
DOWNLOAD_BYTES = 20 * 1024 * 1024

WEBHOOK_CONNECTIONS = 40
WEBHOOK_SECRET = re.compile(r"[A-Za-z0-9_-]*")
WEBHOOK_SECRET_CHARACTERS = 256
WEBHOOK_PORTS = (80, 88, 443, 8443)
