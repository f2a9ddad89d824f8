"""Pictures of articles: a local copy of each, so that no site's hot-link refusal shows and no reader's visit is told.

Order of a picture's way: `register` notes the addresses that our sanitiser let through, `fetch` asks for them one by
one in their host's turn, `raster` takes what came apart and writes it anew, `address` signs what the web shows it
under, `shown` puts the signed addresses into an article's body, `upload` takes an editor's own, `forget` clears up.
"""

from news.pictures.address import PREFIX, address_of, key_in, markdown_of
from news.pictures.fetch import fetch_next
from news.pictures.forget import discard, forget_old
from news.pictures.raster import EXTENSIONS, MEDIA_TYPES, Unfit, kind_of
from news.pictures.register import register, want
from news.pictures.shown import attributes_of, shown_html
from news.pictures.upload import keep_upload, read_upload

__all__ = [
    "EXTENSIONS",
    "MEDIA_TYPES",
    "PREFIX",
    "Unfit",
    "address_of",
    "attributes_of",
    "discard",
    "fetch_next",
    "forget_old",
    "keep_upload",
    "key_in",
    "kind_of",
    "markdown_of",
    "read_upload",
    "register",
    "shown_html",
    "want",
]
