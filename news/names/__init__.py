"""Names in texts: companies, chips and boards, models, papers, repositories.

`names_in(text)` reads a text, `find_in(article)` notes what an article speaks of, `edit` holds what editors do.
"""

from news.names.file import find_in
from news.names.find import Found, names_in, public_ids

__all__ = ["Found", "find_in", "names_in", "public_ids"]
