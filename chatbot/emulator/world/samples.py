"""A sample of each kind of message that is not text, as in the Bot API."""

import struct
import zlib
from base64 import b64decode
from typing import NamedTuple

from chatbot.emulator.wire import Json

FILE = {"file_id": "AwACSample", "file_unique_id": "AgADSample", "file_size": 1024}

SAMPLES: dict[str, Json] = {
    "sticker": {
        "sticker": FILE
        | {"type": "regular", "width": 512, "height": 512, "is_animated": False, "is_video": False, "emoji": "🕊"}
    },
    "voice": {"voice": FILE | {"duration": 3, "mime_type": "audio/ogg"}},
    "audio": {"audio": FILE | {"duration": 180, "title": "Arirang", "mime_type": "audio/mpeg"}},
    "video_note": {"video_note": FILE | {"length": 240, "duration": 5}},
    "location": {"location": {"latitude": 37.5665, "longitude": 126.978}},
    "venue": {
        "venue": {
            "location": {"latitude": 37.5665, "longitude": 126.978},
            "title": "Seoul Plaza",
            "address": "110 Sejong-daero",
        },
        "location": {"latitude": 37.5665, "longitude": 126.978},
    },
    "contact": {"contact": {"phone_number": "+821000000000", "first_name": "Sam"}},
    "dice": {"dice": {"emoji": "🎲", "value": 4}},
    "poll": {
        "poll": {
            "id": "5000000000000000001",
            "question": "Will you come?",
            "options": [
                {"persistent_id": "0", "text": "Yes", "voter_count": 0},
                {"persistent_id": "1", "text": "No", "voter_count": 0},
            ],
            "total_voter_count": 0,
            "is_closed": False,
            "is_anonymous": True,
            "type": "regular",
            "allows_multiple_answers": False,
            "allows_revoting": False,
            "members_only": False,
        }
    },
    "game": {
        "game": {
            "title": "Chess",
            "description": "A game",
            "photo": [FILE | {"width": 90, "height": 90}],
        }
    },
    "story": {"story": {"chat": {"id": -1_001_999_999_999, "title": "Somewhere", "type": "channel"}, "id": 7}},
}


def picture(width: int = 64, height: int = 48, grey: int = 160) -> bytes:
    """Make a plain grey PNG."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    rows = (b"\x00" + bytes([grey]) * width) * height
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"".join(
        (b"\x89PNG\r\n\x1a\n", chunk(b"IHDR", header), chunk(b"IDAT", zlib.compress(rows)), chunk(b"IEND", b""))
    )


class SampleFile(NamedTuple):
    """A file with real bytes: a receiver can open it, and send it again by its file_id."""

    content: bytes
    name: str
    mime: str


LETTER = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n%%EOF\n"
MOVIE = b64decode(
    "GkXfo59ChoEBQveBAULygQRC84EIQoKEd2VibUKHgQRChYECGFOAZwEAAAAAAAIeEU2bdLlNu4tTq4QVSalmU6yBbk27i1OrhBZUrmtTrIGTTbuL"
    "U6uEH0O2dVOsgdRNu4xTq4QcU7trU6yCAgzsrgAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAVSalmoCrXsYMP"
    "QkBEiYREO730TYCGQ2hyb21lV0GGQ2hyb21lFlSua7yuuteBAXPFh//GwJCaIjqDgQFV7oEBhoVWX1ZQOOCdsIFAuoEkU8CBAVWwkFWxgQFVuYEC"
    "VbqBDVW7gQEfQ7Z1AQAAAAAAASzngQCg36GwgQAAANACAJ0BKkAAJAAKhwiFhYiZhIg4AgJ08ma2LmY834WA/q4Uq9XmVWGEwOwAdaGqpqjugQGl"
    "o7ACAJ0BKkAAJAAKhwiFhYiZhIg4AgAGjk/Mx5vxWAD+664AoL+hnoEA+gAxAgAqEcAAGAzQyaM7lHAGOCqqAP7hNKT+AHWhmaaX7oEBpZLRAQAq"
    "EcAAGAAYWC/0AAiMAAD7gQCgxKGjgQH0ABECACoRwAAYABpP9AwAAdX/+AD+rhdWk0i8+MJpI7B1oZmml+6BAaWS0QEAKhHAABgAGFgv9AAIjAAA"
    "+4H6oL+hnYEC7gARAgAqEcAAGAAaT/QMABEMBVOA/uE0pP4AdaGZppfugQGlktEBACoRwAAYABhYL/QACIwAAPuCAfQcU7trjbuLs4EAt4b3gQHx"
    "gdQ="
)
"""One second of two colours, 64 by 36 pixels."""

SAMPLE_FILES = {
    "photo": SampleFile(picture(), "picture.png", "image/png"),
    "video": SampleFile(MOVIE, "wave.webm", "video/webm"),
    "animation": SampleFile(MOVIE, "wave.webm", "video/webm"),
    "document": SampleFile(LETTER, "letter.pdf", "application/pdf"),
}
"""By the kinds of files that people and the bot can send."""
