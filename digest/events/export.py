"""Rows as CSV for a spreadsheet, with no cell that a spreadsheet would run."""

import csv
from collections.abc import Iterable, Sequence

from django.http import HttpResponse

# What a spreadsheet may take for a formula (OWASP, CSV Injection), and the full-width forms that some of them fold.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


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
    return f"'{text}" if text.startswith(FORMULA_STARTS) or text.lstrip().startswith(FORMULA_STARTS) else text
