"""Keeping everything: one digest of all data, backups while running, restores that prove themselves.

The archive is ours, one line of JSON a row, so that it is the same on SQLite and PostgreSQL and goes across. Encrypted
fields are kept as they are stored: a backup holds no ID number in the clear.
"""

from junheng.web.records.keeping.archive import backup
from junheng.web.records.keeping.digesting import Digest, digest
from junheng.web.records.keeping.manifest import BadArchiveError
from junheng.web.records.keeping.restoring import NotEmptyError, restore

__all__ = ["BadArchiveError", "Digest", "NotEmptyError", "backup", "digest", "restore"]
