"""Text sealed with AES-256-GCM under a key from the environment, whose id stands in front so that keys can change.

This is no certified cryptographic module, and whoever runs the server can read the keys.
"""

from __future__ import annotations

import base64
import os
from functools import cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

_NONCE = 12


class UnreadableFieldError(ValueError):
    """A stored value that none of the configured keys opens."""


@cache
def _cipher(key: bytes) -> AESGCM:
    return AESGCM(key)


def encrypt(text: str) -> str:
    """``id:base64`` of nonce and ciphertext under the first key; blank stays blank."""
    if not text:
        return ""
    name, key = next(iter(settings.FIELD_KEYS.items()))
    nonce = os.urandom(_NONCE)
    sealed = nonce + _cipher(key).encrypt(nonce, text.encode(), name.encode())
    return f"{name}:{base64.b64encode(sealed).decode()}"


def decrypt(stored: str) -> str:
    """The text again. Raises :class:`UnreadableFieldError` when the key is missing or the value was changed."""
    if not stored:
        return ""
    name, _, encoded = stored.partition(":")
    key = settings.FIELD_KEYS.get(name)
    if key is None:
        raise UnreadableFieldError(f"no key {name!r} is configured in JUNHENG_FIELD_KEYS")
    try:
        sealed = base64.b64decode(encoded, validate=True)
        return _cipher(key).decrypt(sealed[:_NONCE], sealed[_NONCE:], name.encode()).decode()
    except (ValueError, InvalidTag):
        raise UnreadableFieldError("an encrypted value was changed or cut off") from None
