"""Every page that links lead to, for a stranger and for an editor: the policy stands, nothing fails, all have names."""

from collections import Counter, deque
from urllib.parse import urldefrag, urljoin, urlsplit

from bs4 import BeautifulSoup
from django.urls import resolve

from tests.stories.conftest import Come
from tests.stories.place import Place
from tests.stories.visitor import DESK, PHONE, Visitor

SHOWN_OF_A_KIND = 2  # pages of one route that are opened in the browser; all are asked for


def test_stranger(place: Place, come: Come) -> None:
    seen = Crawl(come(PHONE)).walk(["/", "/nothing-here/", "/admin/login/", "/issues/20990101/"])
    import json
    open("/tmp/h10_stranger.json","w").write(json.dumps(seen, ensure_ascii=False, indent=1))

def test_editor(place: Place, come: Come) -> None:
    visitor = come(DESK)
    from tests.stories.inside import PASSWORD
    visitor.open("/admin/")
    visitor.fill(visitor.page.locator("#id_username"), "editor")
    visitor.fill(visitor.page.locator("#id_password"), PASSWORD)
    with visitor.page.expect_navigation():
        visitor.page.keyboard.press("Enter")
    seen = Crawl(visitor).walk(["/admin/", "/admin/nothing-here/"])
    import json
    open("/tmp/h10_editor.json","w").write(json.dumps(seen, ensure_ascii=False, indent=1))


class Crawl:
    def __init__(self, visitor: Visitor) -> None:
        self.visitor = visitor
        self.kinds: Counter[str] = Counter()
        self.faults = {}

    def walk(self, starts):
        waiting, known = deque(starts), set(starts)
        n = 0
        while waiting:
            path = waiting.popleft()
            n += 1
            for link in self._look(path):
                if link in known: continue
                known.add(link)
                base, q, _ = link.partition("?")
                if q:
                    self.kinds["?"+base] += 1
                    if self.kinds["?"+base] > 6: continue
                waiting.append(link)
        return {"n": n, "known": sorted(known), "kinds": self.kinds, "faults": self.faults, "said": self.visitor.faults()}

    def _look(self, path):
        answer = self.visitor.context.request.get(self.visitor.site + path)
        bad = []
        policy = answer.headers.get("content-security-policy", "")
        scripts = [part for part in policy.split(";") if part.strip().startswith("script-src ")]
        if len(scripts) != 1 or "unsafe-inline" in policy or answer.status >= 500:
            bad.append(f"{answer.status} policy {policy}")
        if not answer.headers.get("content-type", "").startswith("text/html"):
            if bad: self.faults[path] = bad
            return []
        try:
            kind = resolve(urlsplit(path).path).route
        except Exception:
            kind = path
        self.kinds[kind] += 1
        if self.kinds[kind] <= SHOWN_OF_A_KIND:
            before = len(self.visitor.faults())
            self.visitor.open(path)
            bad += self.visitor.examine() + self.visitor.walk()
            bad += self.visitor.faults()[before:]
        if bad: self.faults[path] = bad
        soup = BeautifulSoup(answer.text(), "lxml")
        found = []
        for a in soup.select("a[href]"):
            url, _ = urldefrag(urljoin(self.visitor.site + path, a["href"]))
            if url.startswith(self.visitor.site + "/"):
                found.append(url.removeprefix(self.visitor.site))
        return found
