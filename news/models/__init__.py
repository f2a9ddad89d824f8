"""The nouns of the wire, one file each."""

from news.models.article import Article, DropReason, PageState, Snapshot, Stage
from news.models.embedding import Embedding
from news.models.host import Host
from news.models.source import INBOX, Lead, Source
from news.models.story import Story
from news.models.summary import Summary
from news.models.topic import ArticleTopic, Topic, TopicExample

__all__ = [
    "INBOX",
    "Article",
    "ArticleTopic",
    "DropReason",
    "Embedding",
    "Host",
    "Lead",
    "PageState",
    "Snapshot",
    "Source",
    "Stage",
    "Story",
    "Summary",
    "Topic",
    "TopicExample",
]
