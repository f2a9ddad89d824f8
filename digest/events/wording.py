"""What strangers and editors type, made safe to show on one line: no control signs, no turned writing direction.

Characters that draw something stay as they are, with the joiners of emoji (U+200D, U+FE0F).
"""

import re
import unicodedata

# Cc and Cf that can break a header, a CSV cell or an iCalendar line, or turn around what stands beside them.
_HARMFUL = re.compile(
    "[\u0000-\u0008\u000e-\u001f\u007f\u0080-\u0084\u0086-\u009f\u00ad\u061c\u180e\u200b\u200c\u200e\u200f"
    "\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e007f]"
)
_LONE_JOINERS = re.compile("^[\\s\u200d\ufe0e\ufe0f]+$")


_LINK = re.compile(
    r"https?:|://|www\.|@[\w-]+\.|"
    r"[\w-]\.(?:com|cn|net|org|io|co|me|info|top|xyz|site|online|vip|shop|store|cc|tv|app|dev|ai|ru|link|club|icu|win|"
    r"work|live|biz|pro|fun|ltd|group|hk|tw|us|uk|de|jp)(?![a-z0-9])|"
    r"[\w-]{2}\.(?:中国|公司|网络|在线)",
    re.IGNORECASE,
)


def holds_link(text: str) -> bool:
    """Whether the line holds an address of a page or of a mailbox, also in wide letters or with a Chinese full stop."""
    return _LINK.search(unicodedata.normalize("NFKC", text).replace("。", ".").replace("\u2024", ".")) is not None


def one_line(text: str) -> str:
    """One line in NFC, every run of white space one blank; empty where nothing visible is left."""
    line = " ".join(_HARMFUL.sub("", unicodedata.normalize("NFC", text)).split())
    return "" if _LONE_JOINERS.match(line) else line


def plain(text: str) -> str:
    """Lines kept, the rest like `one_line`; never more than one empty line in a row."""
    lines = [one_line(line) for line in text.replace("\r\n", "\n").split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
