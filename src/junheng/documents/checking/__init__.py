"""What no single cell can show: repeated keys, contradictions between rows and between sheets."""

from __future__ import annotations

from datetime import date

from junheng.documents.book import Book
from junheng.documents.checking.careers import check_careers
from junheng.documents.checking.keys import check_keys
from junheng.documents.checking.people import check_people, warn_people
from junheng.documents.checking.places import check_places, warn_places
from junheng.documents.faults import Fault


def check_book(book: Book, on: date | None, *, for_rotation: bool = True) -> tuple[list[Fault], list[Fault]]:
    """Every fault and every warning between rows, in no particular order. References must have been resolved.

    ``for_rotation`` asks for what a rotation needs, such as two schools.
    """
    faults = [
        *check_keys(book, for_rotation=for_rotation),
        *check_places(book),
        *check_people(book, on),
        *check_careers(book),
    ]
    return faults, [*warn_places(book), *warn_people(book, on)]


__all__ = ["check_book"]
