"""The health board in a real browser: on a phone's width, by keyboard alone, without scripts."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, sync_playwright

from news.models import Host, Source
from tests import browser

FLAGS = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-background-networking", "--disable-component-update"]

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def session(client: Client) -> str:
    """A signed-in editor's session, and sources in every state."""
    client.force_login(User.objects.create_superuser("editor", password="a long enough word"))
    now = timezone.now()
    common: dict[str, Any] = {"kind": "feed", "worked_at": now, "found_at": now, "next_at": now + timedelta(hours=1)}
    for name, columns in {
        "正常的来源": {},
        "出错的来源": {"failures": 3, "error": "not_found: status 404 " + "x" * 300},
        "被拦的来源": {"failures": 1, "error": "challenge: status 403"},
        "沉默的来源": {"found_at": now - timedelta(days=30)},
        "停用的来源": {"is_active": False},
    }.items():
        Source.objects.create(name=name, address=f"https://{'long-' * 8}blog.example/{name}", **{**common, **columns})
    Host.objects.create(name="mp.weixin.qq.com", walls=3, next_at=now + timedelta(hours=1))
    return next(cookie.value for name, cookie in client.cookies.items() if name.startswith("session"))


def test_it_fits_a_phone_and_works_by_keyboard_without_scripts(live_server: Any, session: str, settings: Any) -> None:
    with sync_playwright() as play:
        chromium = play.chromium.launch(executable_path=browser.find(), args=FLAGS)
        screen = {"width": 390, "height": 844}
        page = chromium.new_page(locale="zh-CN", viewport=screen, java_script_enabled=False)
        cookie = {"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}
        page.context.add_cookies([cookie])
        page.goto(live_server.url + reverse("admin:news_health"))
        wide = _width(page)
        words = page.inner_text(".source-board")
        names = page.locator(".source-board tbody th[scope=row] a").all_inner_texts()
        _press_with_keyboard(page, "停用 出错的来源")
        said = page.inner_text(".messagelist")
        chromium.close()
    assert wide <= 390
    assert "页面不存在，已连续 3 次" in words
    assert "30 天没有新文章" in words
    assert names[:3] == ["出错的来源", "沉默的来源", "被拦的来源"]
    assert "已停用“出错的来源”" in said
    assert Source.objects.filter(is_active=False).count() == 2


def _width(page: Page) -> float:
    """How far the widest thing on the page reaches; scripts are off, so the boxes are asked one by one."""
    boxes = [box.bounding_box() for box in page.locator("#content *").all()]
    return max(box["x"] + box["width"] for box in boxes if box)


def _press_with_keyboard(page: Page, name: str) -> None:
    button = page.get_by_role("button", name=name)
    button.focus()
    page.keyboard.press("Enter")
    page.wait_for_load_state()
