"""Files that belong to something: what may come in, where it is kept, who may have it.

A room says who may see the files of its objects, and stores a file in the action that receives it::

    @attachments.access("staffing.correction")
    def may_see(standing, key) -> bool: ...

    attachments.store(upload, correction, by=user)
"""

from junheng.web.records.attachments.contents import UnwelcomeFileError, examine
from junheng.web.records.attachments.keeping import of, of_all, store, withdraw
from junheng.web.records.attachments.reach import access, may_have

__all__ = ["UnwelcomeFileError", "access", "examine", "may_have", "of", "of_all", "store", "withdraw"]
