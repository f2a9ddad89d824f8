"""The watch itself: a visitor whose page does what it must not tells all of it."""

from playwright.sync_api import Browser

from tests.stories.place import Place
from tests.stories.visitor import PHONE, Visitor

SPOIL = """
document.querySelector("main").insertAdjacentHTML("beforeend", `
  <h4>too deep</h4><p style="color: red">styled in place</p><input name="nameless"><img src="/static/icons/share.png">
  <a href="/about/" class="unseen">no ring</a><p class="broad">broad</p>`);
document.querySelector(".unseen").style.outline = "none";
document.querySelector(".broad").style.width = "900px";
"""


def test_a_spoilt_page_is_told_on(place: Place, chromium: Browser) -> None:
    visitor = Visitor(chromium, place.url, PHONE)
    visitor.open("/about/")
    assert (visitor.examine(), visitor.walk(), visitor.faults()) == ([], [], [])
    visitor.page.evaluate(SPOIL)
    found = [fault.split(":")[0] for fault in visitor.examine()]
    assert found[:-1] == ["h4 after h2", "no label", "no alt"]
    assert found[-1].endswith("wide on a screen of 390")
    assert [fault.split(":")[0] for fault in visitor.walk()] == ["no focus to be seen"]
    visitor.page.evaluate("fetch('http://elsewhere.example/').catch(() => 0)")
    faults = visitor.leave()
    assert sum("style-src 'self'" in fault for fault in faults) == 1
    assert sum("connect-src 'self'" in fault for fault in faults) >= 1
