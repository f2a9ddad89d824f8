"""The desk of the wire."""

from news.admin.article import ArticleAdmin, StoryAdmin
from news.admin.picture import PictureAdmin
from news.admin.snapshot import SnapshotAdmin
from news.admin.source import HostAdmin, SourceAdmin
from news.admin.topic import TopicAdmin
from news.admin.watch import WatchAdmin

__all__ = [
    "ArticleAdmin",
    "HostAdmin",
    "PictureAdmin",
    "SnapshotAdmin",
    "SourceAdmin",
    "StoryAdmin",
    "TopicAdmin",
    "WatchAdmin",
]
