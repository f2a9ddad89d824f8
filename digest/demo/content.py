"""What the demo shows, as plain data: the sample pages, the issue of 2023-03-10 retold, and an older issue."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from digest.demo.tour import TOUR, Offer, Stop, Tour

__all__ = ["BRIEFINGS", "PAGES", "TOUR", "Item", "Offer", "SampleBriefing", "Stop", "Tour"]

FOLDER = Path(__file__).parent / "pages"

# Address → file. The addresses that the real issue prints for its items 1 to 6, in its order.
RETOLD: dict[str, Path] = {
    "https://mp.weixin.qq.com/s/reQvUTJlOJSqEtHGKL4QbA": FOLDER / "20230310_1_hearing_chip.html",
    "https://mp.weixin.qq.com/s/ClhnJZkU1P9cEGfJ7CZDHA": FOLDER / "20230310_2_hailo15.html",
    "https://baijiahao.baidu.com/s?id=1759514012109489440": FOLDER / "20230310_3_compute.html",
    "https://mp.weixin.qq.com/s/wHc87AZafnRp8eMFOJxPoA": FOLDER / "20230310_4_delta_tuning.html",
    "https://mp.weixin.qq.com/s/9C7mszKErCCoSs0sYB3YcA": FOLDER / "20230310_5_samples.html",
    "https://mp.weixin.qq.com/s/Se3xzcF6rtgcI7YXYgDZ8Q": FOLDER / "20230310_6_gpt4.html",
}

# News of the week before; .example belongs to nobody, so no real page is mistaken for these.
OLDER: dict[str, Path] = {
    "https://weekly.sample.example/2023/llama": FOLDER / "20230303_1_llama.html",
    "https://weekly.sample.example/2023/chatgpt-api": FOLDER / "20230303_2_openai_api.html",
    "https://edge.sample.example/2023/stable-diffusion-on-phone": FOLDER / "20230303_3_phone_diffusion.html",
    "https://papers.sample.example/2023/kosmos-1": FOLDER / "20230303_4_kosmos.html",
    "https://weekly.sample.example/2023/wenxin-date": FOLDER / "20230303_5_wenxin_date.html",
    "https://notes.sample.example/2023/nms": FOLDER / "20230303_6_nms.html",
}

# Pictures in those pages.
PICTURES: dict[str, Path] = {"https://img.sample.example/memory-wall.png": FOLDER / "memory-wall.png"}

# Everything that the demo's proxy answers for.
PAGES: dict[str, Path] = {**RETOLD, **OLDER, **PICTURES}


@dataclass(frozen=True)
class Item:
    """An entry: crawled from `url`, or an editor's own where it has a `headline` (then no article belongs to it)."""

    url: str
    headline: str = ""
    text: str = ""  # Markdown
    source_name: str = ""
    topics: tuple[str, ...] = ()  # of an editor's own item, by their slugs

    @property
    def is_editors_own(self) -> bool:
        return bool(self.headline)


@dataclass(frozen=True)
class SampleBriefing:
    """An issue of the demo; its items stand in their order."""

    date: date
    lead: str  # Markdown
    closing: str  # Markdown
    items: tuple[Item, ...]


PALM_E = Item(
    # The real issue prints the address of its item 6 here once more, and so do we: the admin is to mark it.
    url="https://mp.weixin.qq.com/s/Se3xzcF6rtgcI7YXYgDZ8Q",
    headline="谷歌 PaLM-E：5620 亿参数，看得懂画面，也指挥得动机器人",
    text="""\
谷歌与柏林工业大学的研究者公布了 PaLM-E，一个有 5620 亿参数的视觉语言模型，\
规模是 GPT-3 的三倍以上，同类模型里还没有更大的。

数字是两部分加起来的：语言模型 PaLM 出 5400 亿，视觉模型 ViT 出 220 亿。图像和传感器的读数先经过编码器，\
变成与文字 token 一样长的向量，再插进句子里，整个模型端到端地训练。

- 听一句话，机器人就去厨房的抽屉里取薯片，半路有人捣乱，它会接着把事情做完；
- 给一张食材的照片，它把做蛋糕拆成 9 步，从打鸡蛋一直写到洗碗；
- 还能判断一堆东西里哪一件会滚，看着图做算术。

DeepMind 去年的 Gato 学了 604 种任务，却没有证明任务之间可以互相促进。PaLM-E 的作者观察到了这种正向迁移，\
认为当初差的或许只是规模。

> 目前能看到的只有论文和演示，实际的本事还要等人验证。微软不久前也做了相近的尝试，让 ChatGPT 去指挥机器人。
""",
    source_name="示例编辑部",
    topics=("llm", "multimodal", "robotics"),
)

BRIEFINGS: tuple[SampleBriefing, ...] = (
    SampleBriefing(
        date=date(2023, 3, 3),
        lead="语言模型这一周向两头走：Meta 拿出了更小的 LLaMA，OpenAI 把 ChatGPT 的接口卖到从前的十分之一。"
        "手机上已经能画图，微软的 Kosmos-1 开始看图答题。",
        closing="这是随安装附带的示例，文章由本项目改写，来源账号为虚构。",
        items=tuple(Item(url=url) for url in OLDER),
    ),
    SampleBriefing(
        date=date(2023, 3, 10),
        lead="本期从耳朵里的芯片说起：存算一体的 WTM2101 用进了助听器，Hailo-15 把 20 TOPS 装进摄像机。"
        "大模型这边，GPT-4 据说下周就来，PaLM-E 则已经动手干活。",
        closing="这是随安装附带的示例：事实取自 2023 年 3 月 10 日的一期真实简报，文字由本项目改写，来源账号为虚构。",
        items=(*(Item(url=url) for url in RETOLD), PALM_E),
    ),
)
