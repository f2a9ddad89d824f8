"""The nouns of the wire, one file each."""

from news.models.article import Article, DropReason, Origin, PageState, Snapshot, Stage
from news.models.embedding import Embedding, ServingModel
from news.models.host import Host
from news.models.picture import Picture, PictureState
from news.models.source import BOXES, INBOX, TIPS, Lead, Source
from news.models.story import Story
from news.models.summary import Summary
from news.models.topic import ArticleTopic, Topic, TopicExample
from news.models.watch import GONE, LinkState, Watch

__all__ = [
    "BOXES",
    "GONE",
    "INBOX",
    "TIPS",
    "Article",
    "ArticleTopic",
    "DropReason",
    "Embedding",
    "Host",
    "Lead",
    "LinkState",
    "Origin",
    "PageState",
    "Picture",
    "PictureState",
    "ServingModel",
    "Snapshot",
    "Source",
    "Stage",
    "Story",
    "Summary",
    "Topic",
    "TopicExample",
    "Watch",
]
