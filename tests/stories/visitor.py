"""A person at a browser, watched: what the pages do that they must not is written down."""

from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, ConsoleMessage, Locator, Request, Response

from tests.stories.inside import PASSWORD
from tests.stories.place import PATIENCE_SECONDS, until

FOLDER = Path(__file__).resolve().parent
ACCESSIBLE, FOCUS = ((FOLDER / name).read_text(encoding="utf-8") for name in ("accessible.js", "focus.js"))
# What Django's own admin leaves without words: rows of a table, whose column heading is the label to the eye, the two
# halves of a date with its time, boxes that its scripts make, and the filter for articles of no site.
STOCK = """
#changelist .results input, .tabular :is(input, textarea), .datetime input, .selector input, .select2-search__field,
[aria-describedby=id_password_helptext]
"""
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 900}


class Visitor:
    """Opens pages of one site. `leave()` says what went wrong, and a story ends with it being empty."""

    def __init__(self, browser: Browser, site: str, screen: dict[str, int], storage: Any = None) -> None:
        self.site = site
        self.context = browser.new_context(
            viewport=screen, locale="zh-CN", reduced_motion="reduce", storage_state=storage
        )
        self.context.set_default_timeout(PATIENCE_SECONDS * 1000)
        self.page = self.context.new_page()
        self._faults: list[str] = []
        self._said: list[ConsoleMessage] = []
        self._refused: set[str] = set()  # pages that answered 4xx; the browser remarks on each
        self.page.on("console", lambda line: self._said.append(line))
        self.page.on("pageerror", lambda error: self._faults.append(f"script error {error}"))
        self.page.on("request", self._note_request)
        self.page.on("response", self._note_response)

    def open(self, path: str) -> int:
        """Go to a page of the site; its status."""
        answer = self.page.goto(path if path.startswith("http") else self.site + path)
        assert answer
        return answer.status

    def sign_in(self) -> None:
        """As an editor, with the keyboard."""
        self.open("/admin/login/?next=/admin/")
        self.fill(self.page.locator("#id_username"), "editor")
        self.fill(self.page.locator("#id_password"), PASSWORD)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def tab_to(self, wanted: Locator) -> None:
        """Press Tab until the focus is there; every control must be reached without a mouse."""
        wanted.wait_for()
        for _ in range(400):
            if wanted.evaluate("element => element === document.activeElement"):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"{wanted} cannot be reached with the Tab key on {self.page.url}")

    def press(self, wanted: Locator, key: str = "Enter") -> None:
        """Reach a link or button with the keyboard and press it."""
        self.tab_to(wanted)
        self.page.keyboard.press(key)

    def go(self, wanted: Locator) -> None:
        """Press what leads to another page, and be there."""
        with self.page.expect_navigation():
            self.press(wanted)

    def fill(self, wanted: Locator, text: str) -> None:
        """Reach a field with the keyboard and type over what is in it."""
        self.tab_to(wanted)
        self.page.keyboard.press("Control+A")
        self.page.keyboard.insert_text(text)

    def reload_until(self, wanted: Locator, count: int) -> None:
        """What the workers do shows when the page is loaded again."""

        def there() -> bool:
            self.page.reload()
            return wanted.count() == count

        until(there, f"{count} of {wanted} on {self.page.url}")

    def examine(self) -> list[str]:
        """What this page lacks: names for what is on it, and room on a narrow screen."""
        return [*self.page.evaluate(ACCESSIBLE, STOCK), *self.wide()]

    def wide(self) -> list[str]:
        """One line where the page must be scrolled sideways."""
        width, wanted = self.page.evaluate("[innerWidth, document.documentElement.scrollWidth]")
        return [f"{wanted} px wide on a screen of {width}"] if wanted > width else []

    def walk(self, stops: int = 80) -> list[str]:
        """Go through the page with Tab: each stop must be in sight and must show that it has the focus."""
        self.page.evaluate("document.activeElement.blur()")
        faults: list[str] = []
        for _ in range(stops):
            self.page.keyboard.press("Tab")
            stop = self.page.evaluate(FOCUS, STOCK)
            faults += [f"no focus to be seen: {stop['unseen']}"] if stop["unseen"] else []
            faults += [f"focus out of sight: {stop['hidden']}"] if stop["hidden"] else []
            if stop["end"]:
                break
        return faults

    def faults(self) -> list[str]:
        """What was asked of others, refused by the browser or failed, so far."""
        heard = [line for line in self._said if line.type in {"error", "warning"}]
        said = [line for line in heard if line.location.get("url") not in self._refused]
        return [*self._faults, *(f"console on {line.location.get('url')}: {line.text}" for line in said)]

    def leave(self) -> list[str]:
        found = self.faults()
        self.context.close()
        return found

    def _note_request(self, request: Request) -> None:
        if not request.url.startswith((self.site + "/", "data:")):
            self._faults.append(f"asked {request.url}")

    def _note_response(self, answer: Response) -> None:
        if answer.status >= 500:
            self._faults.append(f"{answer.status} from {answer.url}")
        elif answer.status >= 400 and answer.request.is_navigation_request():
            self._refused.add(answer.url)
