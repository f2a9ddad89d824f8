"""The nouns of the wire, one file each."""

from news.models.article import Article, DropReason, Origin, PageState, Snapshot, Stage
from news.models.embedding import Embedding, ServingModel
from news.models.host import Host
from news.models.name import Alias, Lexicon, Mention, Name, NameScan
from news.models.picture import Picture, PictureState
from news.models.sketch import Sketch
from news.models.source import BOXES, INBOX, TIPS, Lead, Source
from news.models.story import Story, StoryDecision, StoryLink
from news.models.summary import Summary
from news.models.topic import ArticleTopic, Topic, TopicExample
from news.models.topic_head import TopicHead, TopicReview, TopicScores
from news.models.watch import GONE, LinkState, Watch

__all__ = [
    "BOXES",
    "GONE",
    "INBOX",
    "TIPS",
    "Alias",
    "Article",
    "ArticleTopic",
    "DropReason",
    "Embedding",
    "Host",
    "Lead",
    "Lexicon",
    "LinkState",
    "Mention",
    "Name",
    "NameScan",
    "Origin",
    "PageState",
    "Picture",
    "PictureState",
    "ServingModel",
    "Sketch",
    "Snapshot",
    "Source",
    "Stage",
    "Story",
    "StoryDecision",
    "StoryLink",
    "Summary",
    "Topic",
    "TopicExample",
    "TopicHead",
    "TopicReview",
    "TopicScores",
    "Watch",
]
