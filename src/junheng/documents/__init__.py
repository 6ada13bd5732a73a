"""Paper in, paper out: the county workbook read, checked, written, and results as workbook, CSV and JSON.

A column is declared once in :mod:`junheng.documents.columns`; the blank template, the reader, the writer and every
message come from there.
"""

from __future__ import annotations

from junheng.documents.canonical import canonical_lines, county_digest, plain_facts
from junheng.documents.county_workbook import write_county
from junheng.documents.faults import Fault, Phrase, Reading
from junheng.documents.faults_copy import write_faults_copy
from junheng.documents.intake import Limits, UnreadableWorkbook
from junheng.documents.mapping import Mapping, MappingError
from junheng.documents.national import write_national
from junheng.documents.onto import Base
from junheng.documents.reading import read_county
from junheng.documents.results import Chart, ResultColumn, Table, write_csv, write_json, write_results
from junheng.documents.template import write_template

__all__ = [
    "Base",
    "Chart",
    "Fault",
    "Limits",
    "Mapping",
    "MappingError",
    "Phrase",
    "Reading",
    "ResultColumn",
    "Table",
    "UnreadableWorkbook",
    "canonical_lines",
    "county_digest",
    "plain_facts",
    "read_county",
    "write_county",
    "write_csv",
    "write_faults_copy",
    "write_json",
    "write_national",
    "write_results",
    "write_template",
]
