"""The sample pages, read by the extractors that read the real ones."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime

import pytest

from digest.demo.content import PAGES
from news.extract import read
from news.extract.base import Page

WECHAT, BAIDU = "https://mp.weixin.qq.com/s/", "https://baijiahao.baidu.com/s?id="


@dataclass(frozen=True)
class Expected:
    url: str
    account: str
    published: str
    title: str
    begins: str
    ends: str
    images: int = 0


EXPECTED = [
    Expected(
        WECHAT + "reQvUTJlOJSqEtHGKL4QbA",
        "芯片观察·示例",
        "2023-03-07T09:30:00+08:00",
        "存算一体芯片 WTM2101 走进助听器：知存科技把降噪和啸叫抑制放到耳边",
        "助听器的主控既要省电，又要跑得动神经网络，",
        "健康监测正在成为这类小设备的第二个卖点。",
        images=1,
    ),
    Expected(
        WECHAT + "ClhnJZkU1P9cEGfJ7CZDHA",
        "边缘视觉·示例",
        "2023-03-08T10:05:00+08:00",
        "Hailo-15 发布：智能摄像机里的 20 TOPS",
        "以色列边缘 AI 芯片公司 Hailo 发布了 Hailo-15 系列",
        "整机的功耗和散热能不能压在摄像机的外壳里。",
    ),
    Expected(
        BAIDU + "1759514012109489440",
        "算力笔记·示例",
        "2023-03-05T14:20:00+08:00",
        "AI 算力芯片的账：一台超级计算机折合多少颗 A100",
        "ChatGPT 走红之后，人们谈论生成式 AI，",
        "谁先把这一段路铺平，谁就先拿到订单。",
    ),
    Expected(
        WECHAT + "wHc87AZafnRp8eMFOJxPoA",
        "论文速读·示例",
        "2023-03-06T20:15:00+08:00",
        "只改一小部分参数：清华团队的 Delta Tuning 研究登上《自然·机器智能》",
        "给大模型做微调，一定要动全部参数吗？",
        "论文见 https://www.nature.com/articles/s42256-023-00626-4 。",
    ),
    Expected(
        WECHAT + "9C7mszKErCCoSs0sYB3YcA",
        "检测手记·示例",
        "2023-03-04T21:40:00+08:00",
        "目标检测里的正样本、负样本和忽略样本：一份经验笔记",
        "训练一个目标检测模型，",
        "能走多远，最后取决于标注的质量。",
    ),
    Expected(
        WECHAT + "Se3xzcF6rtgcI7YXYgDZ8Q",
        "大模型快讯·示例",
        "2023-03-10T08:20:00+08:00",
        "微软德国透露：GPT-4 下周见，而且是多模态",
        "GPT-4 的日子从微软德国那里先传了出来。",
        "把手里的英伟达 A100 让出来支持文心一言。",
    ),
    Expected(
        "https://weekly.sample.example/2023/llama",
        "模型周记·示例",
        "2023-02-25T11:00:00+08:00",
        "Meta 公布 LLaMA：四种尺寸，最小的 7B",
        "2 月 24 日，Meta 公布了语言模型 LLaMA。",
        "直接拿来用还要再训练。",
    ),
    Expected(
        "https://weekly.sample.example/2023/chatgpt-api",
        "模型周记·示例",
        "2023-03-02T09:10:00+08:00",
        "ChatGPT 和 Whisper 的接口开放：每千个 token 0.002 美元",
        "3 月 1 日，OpenAI 把 ChatGPT 和 Whisper 做成了接口，",
        "学习者说一句，它立刻听写出来并给出反馈。",
    ),
    Expected(
        "https://edge.sample.example/2023/stable-diffusion-on-phone",
        "端侧前线·示例",
        "2023-02-27T16:30:00+08:00",
        "高通在安卓手机上跑通 Stable Diffusion，15 秒出一张图",
        "把超过十亿参数的文生图模型放进手机，",
        "已经可以留在端侧。",
    ),
    Expected(
        "https://papers.sample.example/2023/kosmos-1",
        "论文速读·示例",
        "2023-03-01T19:45:00+08:00",
        "微软 Kosmos-1：会看图的语言模型去做了智商题",
        "微软的研究者 2 月 27 日在 arXiv 上放出论文",
        "作者接下来打算把模型做大，并加入语音。",
    ),
    Expected(
        "https://weekly.sample.example/2023/wenxin-date",
        "产业短讯·示例",
        "2023-02-28T21:00:00+08:00",
        "文心一言定下日子：3 月 16 日下午两点",
        "百度 2 月 28 日宣布，",
        "算术会不会错。",
    ),
    Expected(
        "https://notes.sample.example/2023/nms",
        "检测手记·示例",
        "2023-03-02T21:10:00+08:00",
        "非极大值抑制做了什么，什么时候可以不要它",
        "目标检测的网络输出几千个候选框，",
        "代价是训练更慢，需要的数据也更多。",
    ),
]


@pytest.mark.parametrize("expected", EXPECTED, ids=lambda expected: PAGES[expected.url].stem)
def test_a_sample_page_is_read_as_the_article_it_is(expected: Expected) -> None:
    page = _read(expected.url)
    assert (page.state, page.reason, page.images) == ("ok", "", expected.images)
    assert (_folded(page.title), _folded(page.account)) == (_folded(expected.title), _folded(expected.account))
    assert page.published == datetime.fromisoformat(expected.published)
    assert _folded(page.text).startswith(_folded(expected.begins))
    assert _folded(page.text).endswith(_folded(expected.ends))


def test_every_article_of_the_demo_is_expected_here() -> None:
    assert [expected.url for expected in EXPECTED] == [url for url, file in PAGES.items() if file.suffix == ".html"]


@pytest.mark.parametrize("url", [expected.url for expected in EXPECTED])
def test_an_article_is_long_enough_to_be_filed_and_summarised_and_short_enough_to_read(url: str) -> None:
    assert 500 <= len(_folded(_read(url).text)) <= 1600  # with its figures and Latin names


def test_the_code_of_the_detection_article_keeps_its_lines() -> None:
    lines = _read(WECHAT + "9C7mszKErCCoSs0sYB3YcA").text.splitlines()
    start = next(i for i, line in enumerate(lines) if line.startswith("def assign"))
    assert [line.strip() for line in lines[start : start + 3]] == [
        "def assign(iou, positive=0.5, negative=0.4):",
        "best = iou.max(axis=1)",
        "kind = np.full(len(best), -1)",
    ]


@pytest.mark.parametrize(
    ("url", "figures"),
    [
        (WECHAT + "reQvUTJlOJSqEtHGKL4QbA", "40nm 1.8MB 50Gops 11ms 20dB 50uA 80uA -10dB 0.4 0.5 HearLink30"),
        (WECHAT + "ClhnJZkU1P9cEGfJ7CZDHA", "7～20TOPS 4K 1280×1280 700FPS YoloV5M6 ResNet-50"),
        (BAIDU + "1759514012109489440", "13倍 28.5万 1万多颗 3000颗"),
        (WECHAT + "wHc87AZafnRp8eMFOJxPoA", "1000篇 100多个 40% 3月2日"),
        (WECHAT + "9C7mszKErCCoSs0sYB3YcA", "3到10"),
        (WECHAT + "Se3xzcF6rtgcI7YXYgDZ8Q", "3月9日 500个工时 两小时 两周 3月16日"),
    ],
)
def test_the_facts_of_the_real_issue_carry_over(url: str, figures: str) -> None:
    text = _folded(_read(url).text)
    assert [figure for figure in figures.split() if _folded(figure) not in text] == []


def _read(url: str) -> Page:
    return read(PAGES[url].read_bytes(), url=url, content_type="text/html; charset=utf-8")


def _folded(text: str) -> str:
    """Two spellings of the same characters, with whatever white space, are the same."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text))
