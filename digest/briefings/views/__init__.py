"""The reader's pages. The desk shows its preview with `issue_page`."""

from digest.briefings.views.issues import issue_page

__all__ = ["issue_page"]
