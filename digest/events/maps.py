"""Links to maps that find an address without an API key."""

from urllib.parse import urlencode

from django.utils.translation import gettext as _

from digest.events.models import Event


def links(event: Event) -> list[tuple[str, str]]:
    """Name and URL of each map; none while the address is not known."""
    if not event.address:
        return []
    place = " ".join(filter(None, [event.city, event.address]))
    baidu = {"address": place, "output": "html", "src": "jianbao"}
    return [
        (_("高德地图"), "https://uri.amap.com/search?" + urlencode({"keyword": place, "src": "jianbao"})),
        (_("百度地图"), "https://api.map.baidu.com/geocoder?" + urlencode(baidu)),
        ("OpenStreetMap", "https://www.openstreetmap.org/search?" + urlencode({"query": place})),
    ]
