"""The only door to the network: guarded, capped, timed. Everything that comes through it is hostile.

    page = fetch("https://example.org/a", etag=known)        # Response, or FetchError with a Reason

Order of a visit: `visit` asks `guard` whether the URL may be asked at all, `dial` connects to the very address
that was vetted, `door` asks, `head` and `body` read no more than is allowed, `redirect` decides where a hop may
lead, and one `deadline` runs over all of it.
"""

from news.http.content import IMAGES, PAGES
from news.http.errors import FetchError, Onward, Reason
from news.http.guard import Guard, Target, resolve
from news.http.visit import Response, fetch

__all__ = ["IMAGES", "PAGES", "FetchError", "Guard", "Onward", "Reason", "Response", "Target", "fetch", "resolve"]
