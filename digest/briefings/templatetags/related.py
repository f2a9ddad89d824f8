"""`{% related item as others %}`: published items like an item, as the worker found them."""

from django import template

from digest.briefings.models import Item
from digest.briefings.search.related import related as find

register = template.Library()


@register.simple_tag
def related(item: Item) -> list[Item]:
    return find(item)
