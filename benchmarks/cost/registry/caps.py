"""The caps that several functions share, and with what the product refuses a text."""

from datetime import UTC, datetime

from django.core.exceptions import ValidationError
from waitress.parser import ParsingError, TransferEncodingNotImplemented

from news import canonical
from news.extract import literal, saved
from news.extract.base import Unreadable
from news.http import FetchError
from news.pictures import raster
from news.sources import base

REFUSALS = (
    Unreadable,
    canonical.BadLink,
    FetchError,
    base.SourceError,
    saved.NotSaved,
    literal.Broken,
    ValidationError,
    raster.Unfit,
    ParsingError,
    TransferEncodingNotImplemented,
)
URL = "https://a.cn/b"
LINK = 4 * canonical.MAX_LENGTH
"""Characters of a link: canonicalise reads no more, a model field keeps 4,000."""
HEADER = 16_384  # of a response, or of a request: what both sides' HTTP libraries read of a line
TITLE = 500
NOW = datetime(2026, 8, 1, tzinfo=UTC)
PASTE = 200_000  # PasteForm.text; the form checks it
ARTICLE = "clean.MAX_TEXT"
ITEM = "LARGEST_BYTES of a past issue"  # the longest text of an item that no editor wrote
