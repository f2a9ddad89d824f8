"""Patterns of the links in a text: IN_TEXT matches one, START finds where one can begin."""

import re

LONGEST = 4 * 2083  # characters of a bare link with its escapes; `canonical.MAX_LENGTH` of them are kept

# A bare link ends where ASCII ends: Han text and Chinese punctuation may stand right beside it. Three places hold Han
# all the same, up to a space or Chinese punctuation:
#   1. a segment that begins with Han in a folder that names things: /wiki/人工智能, and what is below it;
#   2. a segment of such a folder that begins otherwise and ends in at most eight Han, with punctuation, a space or the
#      line's end behind them: /wiki/GPT模型. None if a word that only sentences have is among them: /wiki/GPT的介绍;
#   3. the value of a query that begins with Han: ?wd=人工智能;
#   4. a host: 例子.中国, www.例子.com.
# Known failures: `/wiki/人工智能这篇好` keeps 这篇好 and `/wiki/GPT详细介绍` keeps 详细介绍, `/wiki/GPT对抗网络` is cut
# behind GPT, and so is Han in any other folder. A space behind such a link helps, and so do <> around it.
_HAN = r"\u3005-\u3007\u3400-\u9fff"
_NAMED = rf"[{_HAN}][{_HAN}·\w%().,:'+~-]*"
_SENTENCE = "的了是和与也都就还这那吧吗呢啊很请把被"
_BEGINS_SENTENCE = "里后前上中下在有看见说从对为以可会能要及或"
_BEHIND_NAME = "[\\s\u3000()\\[\\]{}<>\"'?#/，。；：！？、（）【】《》〈〉「」『』“”‘’…—·]|[.,;:!](?![\\w%])|\\Z"
_MIXED = rf"[\w%.+~'-]{{1,80}}(?![{_BEGINS_SENTENCE}])(?:(?![{_SENTENCE}])[{_HAN}]){{1,8}}"
_MIXED += rf"(?:_\([{_HAN}\w]{{1,20}}\))?(?={_BEHIND_NAME})"
_FOLDER = r"(?:wiki|item|zh(?:-\w{2,4})?|tags?|topics?|categor(?:y|ies)|search)"
_HAN_ENDS = "中国|中國|公司|网络|網絡|网址|网站|商城|网店|中文网|在线|集团|企业|政务|公益|信息|手机|新闻|香港|台湾"
_HOST_IN_TEXT = (
    rf"(?:(?:[\w{_HAN}-]{{1,63}}\.){{1,5}}(?:{_HAN_ENDS})"
    rf"|(?:[\w-]{{1,63}}\.){{0,5}}[{_HAN}][{_HAN}\w-]{{0,60}}\.(?:com|net|org|cn|cc|tv)(?:\.cn)?(?![\w-])"
    r"|\[[0-9A-Fa-f:.%]{2,50}\]"
    r"|[\w%-]{1,80}(?:(?:[。．｡][\w%-]{1,80}){1,9}|(?:\.[\w%-]{1,80}){0,9}))\.?"
)
IN_TEXT = re.compile(
    r"(?i)\bhref\s*=\s*\"(?P<double>[^\"<>]{1,4000})\"|\bhref\s*=\s*'(?P<single>[^'<>]{1,4000})'"
    r"|\]\(\s*<?(?P<markdown>https?://(?:[^\s<>()]|\([^\s<>()]*\)){1,4000})>?(?:\s+[\"'][^\"'\n]{0,300}[\"'])?\s*\)"
    r"|<(?P<angle>https?://[^\s<>]{1,4000})>"
    rf"|(?P<bare>(?:https?[:：](?:\\?/\\?/|／／){_HOST_IN_TEXT}(?:(?::[\w%.-]{{0,40}})?@[\w.-]{{1,100}})?(?::\d{{1,5}})?"
    r"|(?<![\w./@-])(?:mp\.weixin\.qq\.com|baijiahao\.baidu\.com|mbd\.baidu\.com)(?=/))"
    rf"(?:(?=\\?[/?#])(?:\\?/{_FOLDER}\\?/(?:\w+:)?(?:{_NAMED}|{_MIXED})(?:/{_NAMED})*|={_NAMED}"
    rf"|[!#-;=?-_a-z~|]|\\(?:x26|u0026|/)){{0,{LONGEST}}})?)",
    re.ASCII,
)


# Where `IN_TEXT` can match. It begins with one set of characters, so that a search passes over all others quickly.
START = re.compile(
    r"[hH\]<mMbB](?:(?<=[hH])(?:[tT][tT][pP][sS]?[:：](?:\\?/\\?/|／／)[^\s/]|[rR][eE][fF]\s*=)"
    r"|(?<=\])\(\s*<?[hH][tT][tT][pP]|(?<=<)[hH][tT][tT][pP][sS]?://[^\s<>]"
    r"|(?<=[mM])(?:[pP]\.[wW][eE][iI]|[bB][dD]\.[bB][aA][iI])|(?<=[bB])[aA][iI][jJ][iI][aA])"
)
