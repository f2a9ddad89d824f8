"""The date in an issue's address: /issues/20230310/."""

import datetime


class IssueDate:
    regex = "[0-9]{8}"

    def to_python(self, value: str) -> datetime.date:
        return datetime.datetime.strptime(value, "%Y%m%d").date()

    def to_url(self, value: str | datetime.date) -> str:
        return value if isinstance(value, str) else f"{value:%Y%m%d}"
