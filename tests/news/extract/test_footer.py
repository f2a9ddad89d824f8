"""The story of a page: promotion at its end goes from text and HTML alike, and what is no promotion stays."""

import pytest

from news.extract import story
from news.extract.base import Page
from news.extract.clean import body

STORY = [
    "新框架把延迟降到三毫秒，团队在两块板子上测了一周，并公开了全部脚本。",
    "作者建议先量化再剪枝，因为顺序反过来会多损失两个点的精度。",
]
PROMOTION = [
    ["点个在看，转发给朋友"],
    ["长按识别二维码关注我们"],
    ["—— END ——"],
    ["往期推荐", "一篇旧文", "又一篇旧文"],
    ["推荐阅读：", "编译器的一天", "点赞 分享 在看"],
    ["编辑：小周", "商务合作请联系我们"],
    ["关注「板上见」，每周两篇"],
    ["觉得有用就点个赞再走"],
]
PICTURE = '<p><img src="https://mmbiz.qpic.cn/mmbiz_png/q/640"></p>'


def page(markup: str, kind: str = "article", account: str = "板上见") -> Page:
    found = body(markup)
    return Page("ok", "wechat", kind, account=account, html=found.html, text=found.text, images=found.images)


def paragraphs(lines: list[str]) -> str:
    return "".join(f"<p>{line}</p>" for line in lines)


@pytest.mark.parametrize("promotion", PROMOTION, ids="/".join)
def test_promotion_goes_from_text_and_html(promotion):
    found = story(page(paragraphs(STORY + promotion)))
    assert found.text == "\n".join(STORY)
    assert found.html == paragraphs(STORY)
    assert found.trimmed == sum(map(len, promotion)) + len(promotion)


@pytest.mark.parametrize(
    "ending",
    [
        "（来源：实验室公告）",
        "网友纷纷点赞。",
        "公司因侵权被罚。",
        "未经授权的访问会被记下。",
        "长按电源键三秒即可重启。",
        "这个项目一周涨了两千个星标。",
        "值得关注我们身边的变化。",
        "扫码支付的延迟也降了。",
    ],
)
def test_an_ending_that_only_sounds_like_promotion_stays(ending):
    whole = page(paragraphs([*STORY, ending]))
    assert story(whole).text == whole.text
    assert story(whole).html == whole.html


def test_the_code_to_scan_goes_and_the_storys_picture_stays():
    markup = paragraphs(STORY[:1]) + PICTURE + paragraphs(STORY[1:]) + PICTURE + "<p>长按识别二维码</p>" + PICTURE
    found = story(page(markup))
    assert found.html == paragraphs(STORY[:1]) + PICTURE + paragraphs(STORY[1:])
    plain = story(page(paragraphs(STORY) + PICTURE + "<p>点个在看</p>"))
    assert plain.html == paragraphs(STORY) + PICTURE


def test_boxes_of_promotion_leave_nothing_behind():
    markup = paragraphs(STORY) + "<section><blockquote><p>欢迎关注</p></blockquote><ul><li>进群</li></ul></section>"
    assert story(page(markup)).html == paragraphs(STORY)


@pytest.mark.parametrize("kind", ["image_share", "text_share", "video", "audio"])
def test_posts_are_all_story(kind):
    whole = page(paragraphs([*STORY, "欢迎关注"]), kind)
    assert story(whole).text == whole.text


@pytest.mark.parametrize("lines", [["关注我们"], ["点赞", "在看"], ["关注我们的新闻", *STORY], STORY])
def test_what_is_no_footer_stays(lines):
    whole = page(paragraphs(lines))
    assert (story(whole).text, story(whole).trimmed) == (whole.text, 0)


def test_code_is_never_promotion():
    whole = page(paragraphs(STORY) + "<pre>print('欢迎关注')</pre>")
    assert story(whole).html == whole.html


def test_a_page_without_a_body_has_an_empty_story():
    assert story(Page("deleted", "wechat", reason="该内容已被发布者删除")).text == ""
