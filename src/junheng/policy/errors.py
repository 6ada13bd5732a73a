"""What can be wrong with a pack or a case, said so that its author can mend it."""

from __future__ import annotations


class PackError(ValueError):
    """A policy pack that cannot be used. ``faults`` lists every fault found, each with file and line."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


class CaseError(ValueError):
    """One case that cannot be asked, in both languages; the other cases of its file are still answered."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh = zh
        self.en = en

    def text(self, lang: str) -> str:
        """The message in ``zh`` or ``en``."""
        return self.zh if lang == "zh" else self.en
