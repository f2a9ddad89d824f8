"""Why a program's request is refused: a closed list, each with its status, its words, and what to do next."""

from dataclasses import dataclass

from django.http import JsonResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

RETRY_AFTER_SECONDS = 60


@dataclass(frozen=True)
class _Reason:
    status: int
    message: str | Promise
    next: str | Promise


REASONS = {
    "method": _Reason(405, _("这个地址不接受这种请求方法。"), _("按 Allow 头所列的方法请求。")),
    "token": _Reason(
        401,
        _("没有令牌，或者令牌不对、已停用、已过期。"),
        _("加上请求头 Authorization: Bearer <令牌>；需要新令牌时请编辑在编辑台创建。"),
    ),
    "scope": _Reason(403, _("这个令牌没有所需的权限。"), _("请编辑创建一个有这项权限的令牌。")),
    "rate": _Reason(429, _("请求太频繁。"), _("等 Retry-After 所说的秒数之后再试。")),
    "too_large": _Reason(413, _("内容太大。"), _("文字和 JSON 最大 1 MiB，网页最大 12 MiB。")),
    "type": _Reason(
        415,
        _("不认识这种 Content-Type。"),
        _("链接用 application/json；网页用 text/html、multipart/related 或 multipart/form-data。"),
    ),
    "json": _Reason(400, _("内容不是一个 JSON 对象。"), _('发送 {"text": "…"} 或 {"url": "…"}，UTF-8 编码。')),
    "bad_request": _Reason(400, _("请求残缺，读不了。"), _("检查 multipart 的分隔符和长度。")),
    "fields": _Reason(422, _("字段的类型不对。"), _("text 和 url 是字符串，dry_run 是 true 或 false。")),
    "no_link": _Reason(422, _("文字里没有找到链接。"), _("放进以 http:// 或 https:// 开头的链接。")),
    "too_many": _Reason(422, _("一次最多 500 个链接。"), _("分几次发送。")),
    "no_page": _Reason(422, _("表单里没有名为 page 的文件。"), _("把网页放进名为 page 的文件字段。")),
    "page": _Reason(422, _("这一页不能收。"), _("按 reason 处理后再发。")),
    "no_article": _Reason(404, _("没有这篇文章。"), _("用收下链接或网页时得到的编号查询。")),
}


class Refusal(Exception):
    """Raised in a view; `more` goes into the answer beside the code."""

    def __init__(self, code: str, **more: str) -> None:
        super().__init__(code, more)
        self.code = code
        self.more = more

    def answer(self, method: str) -> JsonResponse:
        """The error as JSON; `method` is the one that the address takes."""
        reason = REASONS[self.code]
        body = {"error": self.code, "message": str(reason.message), "next": str(reason.next)} | self.more
        headers = {
            401: {"WWW-Authenticate": 'Bearer realm="jianbao"'},
            403: {"WWW-Authenticate": 'Bearer realm="jianbao", error="insufficient_scope"'},
            405: {"Allow": method},
            429: {"Retry-After": str(RETRY_AFTER_SECONDS)},
        }.get(reason.status, {})
        return JsonResponse(body, status=reason.status, headers=headers)
