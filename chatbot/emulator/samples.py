"""One of each thing people send that is not text, as the Bot API shows it."""

import struct
import zlib
from typing import Any

Json = dict[str, Any]

FILE = {"file_id": "AwACSample", "file_unique_id": "AgADSample", "file_size": 1024}

SAMPLES: dict[str, Json] = {
    "sticker": {
        "sticker": FILE
        | {"type": "regular", "width": 512, "height": 512, "is_animated": False, "is_video": False, "emoji": "🕊"}
    },
    "voice": {"voice": FILE | {"duration": 3, "mime_type": "audio/ogg"}},
    "audio": {"audio": FILE | {"duration": 180, "title": "Arirang", "mime_type": "audio/mpeg"}},
    "video": {"video": FILE | {"width": 640, "height": 360, "duration": 5, "mime_type": "video/mp4"}},
    "video_note": {"video_note": FILE | {"length": 240, "duration": 5}},
    "animation": {
        "animation": FILE | {"width": 320, "height": 240, "duration": 2, "mime_type": "video/mp4"},
        "document": FILE | {"file_name": "wave.mp4", "mime_type": "video/mp4"},
    },
    "document": {"document": FILE | {"file_name": "letter.pdf", "mime_type": "application/pdf"}},
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
    """A plain grey PNG of that many pixels."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    rows = (b"\x00" + bytes([grey]) * width) * height
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"".join(
        (b"\x89PNG\r\n\x1a\n", chunk(b"IHDR", header), chunk(b"IDAT", zlib.compress(rows)), chunk(b"IEND", b""))
    )
