"""What the outside saw of our manners: requests side by side, too close, or while it had asked for rest."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

GRANULARITY_S = 0.05  # of two processes' clocks and of the scheduler between a byte's leaving and its note


@dataclass(frozen=True)
class Seen:
    """One request as the site noted it, in seconds of its clock."""

    url: str
    host: str
    began: float
    ended: float
    fault: str | None = None
    retry_after: float = 0


@dataclass
class Manners:
    requests: int = 0
    hosts: int = 0
    at_a_time: int = 0  # most requests to one host side by side
    closest_s: float = float("inf")  # least pause between two requests to one host
    overlapping: int = 0
    too_close: int = 0
    during_rest: int = 0  # while a Retry-After ran
    most_of_one_url: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    told: list[str] = field(default_factory=list)  # each request that came too soon, and the one before it

    @property
    def violations(self) -> int:
        return self.overlapping + self.too_close + self.during_rest


def read_ledger(path: Path) -> list[Seen]:
    return [Seen(**json.loads(line)) for line in path.read_text(encoding="utf-8").splitlines()]


def judge(seen: Iterable[Seen], pace_s: float) -> Manners:
    by_host: dict[str, list[Seen]] = defaultdict(list)
    for request in seen:
        by_host[request.host].append(request)
    found = Manners(hosts=len(by_host))
    for requests in by_host.values():
        _judge_host(found, sorted(requests, key=lambda request: request.began), pace_s)
    everything = [request for requests in by_host.values() for request in requests]
    found.requests = len(everything)
    found.faults = Counter(request.fault for request in everything if request.fault)
    found.most_of_one_url = max(Counter(request.url for request in everything).values(), default=0)
    return found


def _judge_host(found: Manners, requests: Sequence[Seen], pace_s: float) -> None:
    over, rest_until = float("-inf"), float("-inf")
    for number, request in enumerate(requests):
        side_by_side = sum(other.ended > request.began for other in requests[:number]) + 1
        found.at_a_time = max(found.at_a_time, side_by_side)
        pause = request.began - over
        found.closest_s = min(found.closest_s, pause)
        found.overlapping += pause < 0
        found.too_close += 0 <= pause < pace_s - GRANULARITY_S
        found.during_rest += request.began < rest_until - GRANULARITY_S
        if pause < pace_s - GRANULARITY_S or request.began < rest_until - GRANULARITY_S:
            before = requests[number - 1]
            found.told.append(f"{request.url} {pause:.2f} s after {before.url} ({before.fault}), {request.began:.2f}")
        over = max(over, request.ended)
        if request.retry_after:
            rest_until = max(rest_until, request.ended + request.retry_after)
