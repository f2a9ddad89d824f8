"""Pages with a few bytes lost: an article is not taken to end at a box that was damaged, nor a notice for a film."""

import pytest

from news.extract import read

WORDS = "".join(
    f'<div class="line"><div class="in"><p>第{n}段：水泵在夜里停了，早上才看到记录。</p></div></div>' for n in range(9)
)
INSIDE = f"{WORDS}<div class='line'><p>最后一段。</p></div>"
FRAGMENT = f'<div class="x" data-testid="article">{INSIDE}</div>'
BAIDU = (
    "<html><head><title>水泵</title></head><body><div id=app><div>菜单</div>"
    f"{FRAGMENT}<div>评论</div></div></body></html>"
)
WECHAT = (
    '<html><head><meta property="og:title" content="水泵"></head><body><div class="rich_media">'
    f'<div class="rich_media_content" id="js_content">{INSIDE}</div>'
    '<div class="rich_media_tool"><p>微信扫一扫</p></div></div></body></html>'
)
PAGES = {"baidu fragment": FRAGMENT, "baidu": BAIDU, "wechat": WECHAT}
OPENING = '<div class="line"><div class="in"><p>第4段'
DAMAGES = {
    "another name": '<dhv class="line"><div class="in"><p>第4段',
    "no name": '<di~ class="line"><div class="in"><p>第4段',
    "no bracket": '|div class="line"><div class="in"><p>第4段',
    "no quote": '<div class="line&><div class="in"><p>第4段',
    "a comment": '<!-- <div class="line"> --><div class="in"><p>第4段',
}


def found(page: str) -> tuple[str, str]:
    read_page = read(page.encode())
    return read_page.state, read_page.reason


@pytest.mark.parametrize("page", PAGES.values(), ids=PAGES)
@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_an_article_does_not_end_at_a_box_whose_opening_was_lost(page, damage):
    assert found(page) == ("ok", "")
    assert OPENING in page
    assert found(page.replace(OPENING, damage)) == ("unavailable", "truncated")


@pytest.mark.parametrize("page", [BAIDU, WECHAT], ids=("baidu", "wechat"))
@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("<body>", "<body></div></div>"),  # before the article a browser passes over them
        ("</body>", "<script>document.write('</div>')</script></body>"),
        ("</body>", "<!-- </div></div> --></body>"),
        ("</body>", "<div><div>没有关上</body>"),
    ],
)
def test_closing_tags_that_say_nothing_about_the_article_do_not_matter(page, old, new):
    whole, changed = read(page.encode()), read(page.replace(old, new).encode())
    assert (changed.state, changed.text) == ("ok", whole.text)


def film(body: str, record: str = "") -> str:
    return (
        '<html><head><meta property="og:title" content="一段视频"><title></title></head><body>'
        f"{body}<script>window.cgiDataNew = {{ item_show_type: '5' * 1, {record} }};</script></body></html>"
    )


NAMED = "nick_name: JsDecode('车间'),"


@pytest.mark.parametrize(
    ("page", "state", "reason"),
    [
        (film('<div class="weui-msg__title">该内容已被发布者删除</div>'), "deleted", "该内容已被发布者删除"),
        (film('<div class="weui-msg__title">该内容已被发布者删陠</div>'), "unavailable", "该内容已被发布者删陠"),
        (film('<div class="weui-msg__title">该内容已被发布者删陠</div>', NAMED), "unavailable", "该内容已被发布者删陠"),
        (film('<div class="weui-ms__title">该内容已被发布者删除</div>'), "deleted", "该内容已被发布者删除"),
        (film('<div class="weui-ms__title">该内容已被发布者删陠</div>'), "unavailable", "empty"),
        (film('<div id="js_video_page"></div>', NAMED), "ok", ""),
        (film("", "desc: JsDecode('一分钟看完装配。'),"), "ok", ""),
    ],
    ids=("whole", "words", "words and a name", "class", "words and class", "film", "film without a name"),
)
def test_a_damaged_notice_is_no_film(page, state, reason):
    assert found(page) == (state, reason)


def test_a_notice_without_its_boxes_is_still_wechats():
    """Both classes of the box are lost, and so is the tag that hides a tip: then the page says more than a notice."""
    leaked = '<span aria-hidden="true" class="weui-a11y_ref" style="display:none" id="js_a11y_like_btn_tips">取消在看'
    page = (
        '<html><head><title></title></head><body id="activity-detail" class="zh_CN"><div class="weuk-msg">'
        f'<div class="weui-osg__title">此帐号已自主注销，内容无法查看</div></div>'
        f"{leaked.replace('<', ',', 1)}</body></html>"
    )
    assert read(page.encode()).site == "wechat"
    assert found(page)[0] == "deleted"
