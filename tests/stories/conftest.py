"""One site and one browser for all stories; both are gone before the next folder's tests."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests import browser
from tests.stories.place import PATIENCE_SECONDS, Place
from tests.stories.place import place as open_place
from tests.stories.visitor import Visitor

FLAGS = [
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
Come = Callable[..., Visitor]


@pytest.fixture(scope="package")
def place() -> Iterator[Place]:
    with open_place() as made:
        yield made


@pytest.fixture(scope="package")
def chromium(place: Place) -> Iterator[Browser]:
    expect.set_options(timeout=PATIENCE_SECONDS * 1000)
    # While this is open no test may use the database in this process: Django takes playwright's loop for async code.
    with sync_playwright() as play:
        opened = play.chromium.launch(executable_path=browser.find(), args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture
def come(place: Place, chromium: Browser) -> Iterator[Come]:
    """`come(PHONE)` is a visitor; at the end of the story none of them may have met a fault."""
    with visits(chromium, place) as arrive:
        yield arrive


@contextmanager
def visits(chromium: Browser, place: Place) -> Iterator[Come]:
    visitors: list[Visitor] = []

    def arrive(*words: object) -> Visitor:
        visitors.append(Visitor(chromium, place.url, *words))  # type: ignore[arg-type]
        return visitors[-1]

    yield arrive
    assert [visitor.leave() for visitor in visitors] == [[]] * len(visitors)
