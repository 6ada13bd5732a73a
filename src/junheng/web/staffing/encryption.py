"""Fields whose text is encrypted in the database, and a blind index by which an exact value can still be found."""

from __future__ import annotations

import hashlib
import hmac
from functools import cache
from typing import Any

from django.conf import settings
from django.db import models

from junheng.web.records.sealing import UnreadableFieldError, decrypt, encrypt

__all__ = ["EncryptedTextField", "UnreadableFieldError", "blind_index", "decrypt", "encrypt"]


def blind_index(text: str) -> str:
    """A keyed hash by which equal values can be found without opening them; blank stays blank."""
    if not text:
        return ""
    key = next(reversed(settings.FIELD_KEYS.values()))
    return hmac.digest(_index_key(key), text.upper().encode(), "sha256").hex()


@cache
def _index_key(key: bytes) -> bytes:
    return hashlib.sha256(b"blind index" + key).digest()


class EncryptedTextField(models.TextField):
    """Text that is encrypted on its way to the database and opened on its way back."""

    kept_sealed = True
    """Backups and digests take the value as it is stored."""

    def get_prep_value(self, value: Any) -> Any:
        """What the database keeps."""
        prepared = super().get_prep_value(value)
        return encrypt(prepared) if isinstance(prepared, str) else prepared

    def from_db_value(self, value: Any, _expression: Any, _connection: Any) -> Any:
        """What Python sees."""
        return decrypt(value) if isinstance(value, str) else value
