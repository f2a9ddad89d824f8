"""The subject headings, and what was published under one."""

from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from digest.briefings.models import Item
from news.models import Topic

ITEMS_A_PAGE = 20


@require_safe
def topics(request: HttpRequest) -> HttpResponse:
    return render(request, "briefings/topics.html", {"topics": counted()})


@require_safe
def topic(request: HttpRequest, slug: str) -> HttpResponse:
    found = get_object_or_404(Topic, slug=slug)
    items = Item.objects.published().filter(topics=found).for_reading().defer("search")
    page = Paginator(items.order_by("-briefing__date", "position"), ITEMS_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "briefings/topic.html", {"topic": found, "page": page})


def counted() -> QuerySet[Topic]:
    """Topics that have something to read, each with `published`, how many items that is."""
    count = Count("items", filter=Q(items__briefing__published_at__isnull=False))
    return Topic.objects.annotate(published=count).filter(published__gt=0).order_by("position", "id")
