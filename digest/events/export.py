"""Rows as CSV for a spreadsheet, with no cell that a spreadsheet would run."""

import csv
import unicodedata
from collections.abc import Iterable, Sequence

from django.http import HttpResponse

from news.text import INVISIBLE

# What a spreadsheet may take for a formula (OWASP, CSV Injection). U+2212 is the minus sign; NFKC leaves it as it is.
FORMULA_SIGNS = frozenset("=+-@\u2212")
FORMULA_BLANKS = ("\t", "\r", "\n")


def csv_response(filename: str, header: Sequence[str], rows: Iterable[Sequence[object]]) -> HttpResponse:
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{filename}"'
    response.write("\ufeff")  # or Excel reads it as GBK
    writer = csv.writer(response, quoting=csv.QUOTE_ALL)
    writer.writerow([cell(value) for value in header])
    for row in rows:
        writer.writerow([cell(value) for value in row])
    return response


def cell(value: object) -> str:
    """The value as text; an apostrophe before what would be a formula."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(FORMULA_BLANKS) or _begins_a_formula(text) else text


def _begins_a_formula(text: str) -> bool:
    """Whether the first character that a reader sees is a formula sign, in any width, raised or lowered.

    Spreadsheets differ in what they drop before they look: blanks, controls, zero-width characters, marks.
    """
    first = next((character for character in text if not _is_hidden(character)), "")
    return unicodedata.normalize("NFKC", first)[:1] in FORMULA_SIGNS


def _is_hidden(character: str) -> bool:
    return unicodedata.category(character)[0] in "CZM" or INVISIBLE.match(character) is not None
