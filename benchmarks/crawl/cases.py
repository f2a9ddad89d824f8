"""The attack cases of ../shared, and what each expects in a few words."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_FACTS = ("stored", "retry", "retry_after_min_s", "circuit_breaker", "rss_increase_mib_max", "wall_s_max", "cpu_s_max")


@dataclass(frozen=True)
class Case:
    name: str
    area: str
    input: Any
    expected: dict[str, Any]

    @property
    def what(self) -> str:
        if isinstance(self.input, str):
            return self.input
        return str(next(iter(self.input.values())))

    @property
    def says(self) -> str:
        """The expectation in one cell; notes left out."""
        words = [str(self.expected["result"]), str(self.expected.get("reason", ""))]
        words += [f"{name}={self.expected[name]}" for name in _FACTS if name in self.expected]
        if "canonical_url" in self.expected:
            words.append(str(self.expected["canonical_url"]))
        return " ".join(filter(None, words))


class Cases:
    """All cases of the areas that the crawl answers for."""

    AREAS = ("ssrf-ip", "ssrf-host", "ssrf-url", "ssrf-dynamic", "crawl", "crawl-dedupe", "upload")

    def __init__(self, shared: Path) -> None:
        found = json.loads((shared / "attack_cases.json").read_text(encoding="utf-8"))
        self.all = [
            Case(case["id"], case["area"], case["input"], case["expected"])
            for case in found
            if case["area"] in self.AREAS
        ]

    def of(self, area: str) -> list[Case]:
        return [case for case in self.all if case.area == area]

    def __getitem__(self, name: str) -> Case:
        return next(case for case in self.all if case.name == name)

    def missing(self, names: Iterable[str]) -> set[str]:
        """The cases that no trial of these names answers."""
        return {case.name for case in self.all} - set(names)
