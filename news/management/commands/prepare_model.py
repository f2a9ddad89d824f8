"""Make the embedding model ready that comes in a package: nothing is asked of the network."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from tqdm import tqdm

from news.embed import BUNDLED, bundled


class Command(BaseCommand):
    help = "准备随软件包附带的向量模型"
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.EMBED_MODEL == BUNDLED:
            with tqdm(total=100, unit="%", desc="embedding model", disable=None, leave=False) as bar:
                bundled.prepare(Path(settings.MODELS_DIR), lambda step, share: _show(bar, step, share))


def _show(bar: "tqdm[Any]", step: str, share: float) -> None:
    bar.set_postfix_str(step, refresh=False)
    bar.update(round(share * 100) - bar.n)
