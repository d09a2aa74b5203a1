"""Seals Telegram's ids of messages that people posted, because such an id contains the account that posted it.

An `inline_message_id` is the base64 of data centre, owner, message and access hash
(https://core.telegram.org/constructor/inputBotInlineMessageID64); in a private chat the owner is the person. The key
comes from the bot's token, so that neither the database nor a backup of it leads to anybody.
"""

import base64
import hashlib
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from nacl.secret import SecretBox

_NONCE: Final = 24


class MessageIdSeal:
    """Seals and opens ids. The same id is sealed the same way each time, so that it is stored once."""

    def __init__(self, token: str) -> None:
        self._key = hashlib.blake2b(token.encode(), digest_size=32, person=b"card box").digest()
        self._nonce_key = hashlib.blake2b(token.encode(), digest_size=32, person=b"card nonce").digest()
        self.share_key = hashlib.blake2b(token.encode(), digest_size=32, person=b"share codes").digest()
        """The part of the secret of share codes that is not in the database; see `storage.privacy.share_codes`."""
        self._box: SecretBox | None = None

    def close(self, message_id: str) -> str:
        """Seal an id."""
        nonce = hashlib.blake2b(message_id.encode(), key=self._nonce_key, digest_size=_NONCE).digest()
        return base64.urlsafe_b64encode(bytes(self._open_box().encrypt(message_id.encode(), nonce))).decode()

    def open(self, sealed: str) -> str | None:
        """Open a sealed id; None if it was sealed with another token."""
        from nacl.exceptions import CryptoError

        try:
            return self._open_box().decrypt(base64.urlsafe_b64decode(sealed)).decode()
        except (CryptoError, ValueError, TypeError):
            return None

    def _open_box(self) -> "SecretBox":
        if self._box is None:
            # Imported here, so that a bot without cards does not load cryptography.
            from nacl.secret import SecretBox

            self._box = SecretBox(self._key)
        return self._box
