"""The negative control: how links were trimmed before, counting and copying the rest for each character taken off."""

from benchmarks.cost.hostile import Hostile
from benchmarks.cost.measure import Probe


def quadratic_trim(link: str) -> str:
    while link:
        unopened = link[-1] in ")]" and link.count(link[-1]) > link.count("(" if link[-1] == ")" else "[")
        if not unopened and link[-1] not in ".,;:!?'*_~|\"\\":
            break
        link = link[:-1]
    return link


CONTROL = Probe(
    "control: a quadratic trim", quadratic_trim, 200_000, "a paste", (Hostile("closing brackets", ")", "http://a.cn/"),)
)
