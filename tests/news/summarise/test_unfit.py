"""Which sentences a summary may quote."""

import pytest

from news.summarise.unfit import unfit


@pytest.mark.parametrize(
    ("sentence", "reason"),
    [
        ("这家公司今天开放了新的推理芯片样片，首批开发板下月寄出。", ""),
        ("模型参数为 70 亿，推理时只占用 4.5 GB 显存（实测）。", ""),
        ("该图像模型在手机上每秒能处理三十帧画面。", ""),
        ("表示层越深，模型记住的语法知识就越少。", ""),
        ("长按识别下方二维码，加入读者交流群。", "promotion"),
        ("点击阅读原文，查看完整日程与地图。", "promotion"),
        ("欢迎关注我们的公众号，每天一篇深度好文。", "promotion"),
        ("作者：小满", "byline"),
        ("责编 | 阿江", "byline"),
        ("图片来源：受访企业", "byline"),
        ("论文地址：https://example.org/paper.pdf", "byline"),
        ("▲ 发布会现场的展台与样机", "caption"),
        ("图 3：不同批大小下的吞吐量对比", "caption"),
        ("https://example.org/a/very/long/path?and=query 见此", "link"),
        ("pip install example-package --upgrade", "code"),
        ("for (int i = 0; i < n; i++) { total += weights[i] * x[i]; }", "code"),
        ("这次更新包括以下几个方面的重要变化：", "opening"),
        ("真快！", "short"),
        ("三、怎样选择开发板和传感器", "heading"),
        ("大家好，我是负责硬件的小满，很高兴又见面了。", "greeting"),
    ],
)
def test_reason(sentence: str, reason: str) -> None:
    assert unfit(sentence) == reason
