"""The desk of the wire."""

from news.admin.article import ArticleAdmin
from news.admin.name import NameAdmin
from news.admin.picture import PictureAdmin
from news.admin.snapshot import SnapshotAdmin
from news.admin.source import HostAdmin, SourceAdmin
from news.admin.story import StoryAdmin
from news.admin.topic import TopicAdmin
from news.admin.watch import WatchAdmin

__all__ = [
    "ArticleAdmin",
    "HostAdmin",
    "NameAdmin",
    "PictureAdmin",
    "SnapshotAdmin",
    "SourceAdmin",
    "StoryAdmin",
    "TopicAdmin",
    "WatchAdmin",
]
