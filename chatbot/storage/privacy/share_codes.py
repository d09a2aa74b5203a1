"""Makes the codes of share links.

The code of an account is the same before it signed, afterwards, and after it was erased. Otherwise two cards that
somebody posted in a group would tell everybody there what they did between them. It comes from a secret of the database
and from the bot's token: neither of them alone leads from a link to an account.
"""

import base64
import hashlib
import secrets
from typing import Final

from chatbot.storage.engine.database import Transaction
from chatbot.storage.organizer import app_state
from chatbot.storage.people import supporters
from chatbot.storage.people.sources import SHARED

KEY_NAME: Final = "share_codes"
"""Key of the secret in the app state."""
_BYTES: Final = 6


class ShareCodes:
    """The share codes of a bot. `key` comes from its token."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    async def find(self, tx: Transaction, person_id: int) -> str | None:
        """Return the code that an account gets, and write nothing; None while there is no secret."""
        secret = await app_state.find(tx, KEY_NAME)
        return self._derive(secret, person_id) if secret is not None else None

    async def make(self, tx: Transaction, person_id: int) -> str:
        """Return the code that an account gets, and store nothing about it."""
        found = await self.find(tx, person_id)
        return found or self._derive(await app_state.store_once(tx, KEY_NAME, secrets.token_hex(16)), person_id)

    def _derive(self, secret: str, person_id: int) -> str:
        digest = hashlib.blake2b(f"{secret} {person_id}".encode(), key=self._key, digest_size=_BYTES).digest()
        return _write(digest)

    async def give(self, tx: Transaction, person_id: int) -> str:
        """Return the code of a person who is known, and store it. One from before stays."""
        code = await self.make(tx, person_id)
        taken = "SELECT 1 AS one FROM supporters WHERE share_code = :code AND id <> :id"
        if await tx.one(taken, code=code, id=person_id):
            code = _write(secrets.token_bytes(_BYTES))
        return await supporters.give_share_code(tx, person_id, code)


def _write(code: bytes) -> str:
    return SHARED + base64.urlsafe_b64encode(code).decode()
