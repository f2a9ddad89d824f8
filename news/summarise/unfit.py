"""Sentences that no summary may quote: advertising, bylines, captions, bare links, code, fragments."""

from __future__ import annotations

import re

SHORTEST = 12  # letters and Han characters; less is a heading, a name, an exclamation

PROMOTION = re.compile(
    r"(关注|星标|置顶)(我们|公众号|本号|一下|[“\"「『【])|二维码|公众号(后台|菜单|回复|ID|[:：])|后台回复|回复(关键词|[“\"「『【])"
    r"|(扫码|扫描|长按|识别).{0,12}(二维码|关注|进群|添加|领取|报名|下方|上方|图)|阅读原文|一键三连"
    r"|点击.{0,8}(原文|下方|上方|卡片|蓝字|关注|链接|在看)|(点个?|右下角).{0,4}(赞|在看|分享)"
    r"|往期(推荐|回顾|精彩)|推荐阅读|相关阅读|延伸阅读|加(入|个)?.{0,6}(微信群|交流群|读者群|技术群)"
    r"|(微信号|微信|QQ群?|手机|电话|邮箱)\s*[:：]\s*[\w@.-]+|(商务|广告|转载|投稿|内容)合作"
    r"|欢迎(转载|投稿|关注|订阅|留言|添加|扫码)|未经.{0,8}(许可|授权|同意)|版权(归|所有)|侵权.{0,6}(删|联系)"
    r"|限时(优惠|免费|特价)|立即(报名|购买|抢购|领取|下单)|领取.{0,12}(资料|礼包|福利|课程)|打赏|优惠券"
    r"|仅供参考，?不(构成|代表)|不构成.{0,6}投资建议|文末.{0,6}(福利|抽奖|送书)|分享(到|给)?.{0,4}(朋友圈|好友)"
)
BYLINE = re.compile(
    r"^[\s|｜·/【\[（(]*(作者|编辑|编译|责任?编辑?|责编|记者|文字?|撰文|整理|翻译|校对|审校|排版|来源|转自|转载自|出品|摄影|供图"
    r"|本文(来源|转载|转自|作者|来自)|文章(来源|转载)|图源|图片来源?|论文(地址|链接|标题)?|代码(地址|链接)?"
    r"|项目(地址|主页|链接)?|原文(链接|地址)?|参考(链接|资料|文献)|链接|官网|GitHub|arXiv)"
    r"\s*([:：丨|｜/@]|\s\S{1,8}$)",
    re.IGNORECASE,
)
CAPTION = re.compile(
    r"^\s*([▲△▼▽↑↓◀►■]|[（(]?(图|表|图表|图片|Fig\.?|Figure|Table)\s*\d+([-.]\d+)?\s*[:：.、|｜\s]"
    r"|(图注|题图|配图|动图|封面图|视频)\s*[:：])",
    re.IGNORECASE,
)
CODE = re.compile(
    r"^\s*(import |from \w+ import|def |class \w+[(:]|#include|#define|pip3? install|conda |git clone|docker |sudo "
    r"|apt(-get)? |npm |wget |curl |\$ |>>> |```|<\w+[ >/]|</|public |void |int main)"
)
GREETING = re.compile(
    r"^\s*(大家好|各位(读者|朋友|同学|好)|[Hh]ello|[Hh]i[,， ]|嗨[，！]|你好[，！]|我是[^，。]{1,12}[，。！]"
    r"|(今天|本期|这期)(给|为|跟|和)大家)"
)
STOP = re.compile(r"[。！？!?…；;.”」』)）]$")
LONGEST = 1_000  # characters; of a longer one the beginning and the end are judged: the patterns are not linear
HEADING = 30  # letters; a line without a full stop that has fewer is a heading or an entry of a list
CODE_MARKS = re.compile(r"[{}();=<>\\_$#|&*`\[\]]")
LINK = re.compile(r"(https?://|www\.)[!-~]+|[\w.+-]+@[\w-]+\.[\w.]+", re.IGNORECASE)
WORD = re.compile(r"[^\W_]")
PATTERNS = {"promotion": PROMOTION, "byline": BYLINE, "caption": CAPTION, "code": CODE, "greeting": GREETING}


def unfit(sentence: str) -> str:
    """Why a summary may not quote the sentence, "" where it may.

    Reasons: promotion, byline, caption, code, greeting, link, opening (of a list), heading, short.
    """
    if len(sentence) > LONGEST:
        sentence = sentence[: LONGEST // 2] + sentence[-LONGEST // 2 :]
    for reason, pattern in PATTERNS.items():
        if pattern.search(sentence):
            return reason
    rest = LINK.sub("", sentence)
    if len(rest) < len(sentence) / 2:
        return "link"
    letters = len(WORD.findall(rest))
    if len(CODE_MARKS.findall(rest)) > max(4, letters / 6):
        return "code"
    if sentence.endswith((":", "：")):
        return "opening"  # of a list that the summary would not show
    if not STOP.search(sentence) and letters < HEADING:
        return "heading"
    return "short" if letters < SHORTEST else ""
