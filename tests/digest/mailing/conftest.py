"""What the post's tests share: readers, an issue, and a real SMTP sink on loopback."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from digest.briefings.models import Briefing, Item
from digest.mailing.models import Delivery, Subscriber
from news.models import Topic
from tests.digest.mailing.sink import Sink


@pytest.fixture
def sink(settings: Any) -> Iterator[Sink]:
    """A relay that takes everything unless it is told otherwise; the site's mail goes to it."""
    relay = Sink()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", relay.port
    settings.EMAIL_URL = f"smtp://127.0.0.1:{relay.port}"
    settings.EMAIL_TIMEOUT = 10
    settings.NEWSLETTER_FROM_EMAIL = "AI 简报 <briefing@news.example>"
    settings.SITE_URL = "https://news.example"
    yield relay
    relay.stop()


@pytest.fixture
def outbox_folder(settings: Any, tmp_path: Any) -> Any:
    settings.EMAIL_BACKEND = "digest.mail.OutboxBackend"
    settings.EMAIL_URL = ""
    settings.OUTBOX_DIR = tmp_path / "outbox"
    return settings.OUTBOX_DIR


@pytest.fixture
def reader(db: Any) -> Callable[..., Subscriber]:
    def make(email: str = "ada@reader.example", **given: Any) -> Subscriber:
        day_before = timezone.now() - timedelta(days=1)
        values = {"status": Subscriber.Status.CONFIRMED, "confirmed_at": day_before} | given
        return Subscriber.objects.create(email=email, **values)

    return make


@pytest.fixture
def issue(db: Any) -> Callable[..., Briefing]:
    """A published issue of two items: 1 on chips, 2 on nothing in particular."""

    def make(**given: Any) -> Briefing:
        values = {"date": date(2023, 3, 10), "lead": "本期**导语**", "published_at": timezone.now()} | given
        briefing = Briefing.objects.create(**values)
        first = Item.objects.create(
            briefing=briefing,
            position=1,
            headline="新芯片 <省电> 一半",
            text="一段*摘要*。\n\n.以点开头的一行",
            url="https://mp.weixin.qq.com/s/abc",
            source_name="某公众号",
            is_machine_made=True,
        )
        Item.objects.create(briefing=briefing, position=2, headline="第二条", text="另一段")
        first.topics.add(topic("chips"))
        return briefing

    return make


def topic(slug: str) -> Topic:
    return Topic.objects.get_or_create(slug=slug, defaults={"name": f"主题 {slug}", "name_en": slug.title()})[0]


def states() -> list[str]:
    """How each delivery stands, in the order of the readers' addresses."""
    return list(Delivery.objects.order_by("subscriber__email").values_list("state", flat=True))


def due_again() -> None:
    """As if the wait for the next try were over."""
    Delivery.objects.filter(state=Delivery.State.PENDING).update(due_at=timezone.now())
