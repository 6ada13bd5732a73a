"""How passwords are kept."""

from __future__ import annotations

from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2Hasher(Argon2PasswordHasher):
    """Argon2id with 19 MiB, two passes, one lane: a login costs about 0.05 s, so that two hundred may come at once."""

    time_cost = 2
    memory_cost = 19 * 1024
    parallelism = 1
