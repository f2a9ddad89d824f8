"""The desk of the wire."""

from news.admin.article import ArticleAdmin, StoryAdmin
from news.admin.source import HostAdmin, SourceAdmin
from news.admin.topic import TopicAdmin

__all__ = ["ArticleAdmin", "HostAdmin", "SourceAdmin", "StoryAdmin", "TopicAdmin"]
