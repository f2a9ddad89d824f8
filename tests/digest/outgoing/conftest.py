"""What the post's tests share, here too."""

from tests.digest.mailing.conftest import issue, reader, sink

__all__ = ["issue", "reader", "sink"]
