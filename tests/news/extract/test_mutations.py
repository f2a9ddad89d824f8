"""The short form of `make prove-mutations`: after an accident a page is a whole article or none; nothing raises."""

from collections import Counter

from benchmarks import mutations


def own_pages() -> dict[str, bytes]:
    pages = sorted((mutations.BASE / "tests" / "pages").glob("*/*.html"))
    return {f"{page.parent.name}/{page.name}": page.read_bytes() for page in pages}


def test_no_accident_makes_a_part_of_an_article():
    found = [(mutant.name, mutant.how, mutations.verdict(mutant)) for mutant in mutations.mutants(own_pages(), 250, 7)]
    assert [one for one in found if one[2] in mutations.FAULTS] == []
    assert {how for _, how, _ in found} == set(mutations.MUTATIONS)
    assert set(Counter(verdict for _, _, verdict in found)) == {"refused", "whole"}


def test_the_control_is_caught():
    """A reader that takes what arrived stores parts, and the same verdict says so."""
    name, body = "mp.weixin.qq.com/article_2025.html", own_pages()["mp.weixin.qq.com/article_2025.html"]
    whole = mutations.read(body)
    cuts = [mutations.Mutant(name, "cut", body[:at], "", whole) for at in range(1, len(body), 50)]
    assert "partial" in {mutations.naive_verdict(cut) for cut in cuts}
    assert {mutations.verdict(cut) for cut in cuts} <= {"refused", "whole"}
