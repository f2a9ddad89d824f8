"""Make the embedding model ready: the bundled one without asking the network, and the 8-bit form of any."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from tqdm import tqdm

from news.embed import BUNDLED, bundled
from news.embed.folder import Unsupported


class Command(BaseCommand):
    help = "准备向量模型：随软件包附带的模型，以及任何模型的 8 位形式"
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.EMBED_MODEL == BUNDLED:
            with tqdm(total=100, unit="%", desc="embedding model", disable=None, leave=False) as bar:
                bundled.prepare(Path(settings.MODELS_DIR), lambda step, share: _show(bar, step, share))
        self._quantise()

    def _quantise(self) -> None:
        from news.embed import choose

        if not choose.for_cpu():
            return
        try:
            choose.quantised_folder(settings.EMBED_MODEL, download=True)
        except (Unsupported, ImportError, OSError) as error:  # the site runs without, only slower
            self.stdout.write(f"jianbao: {settings.EMBED_MODEL} will run in torch and not in 8 bits: {error}")


def _show(bar: "tqdm[Any]", step: str, share: float) -> None:
    bar.set_postfix_str(step, refresh=False)
    bar.update(round(share * 100) - bar.n)
