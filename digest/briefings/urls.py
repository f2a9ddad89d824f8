"""The reader's addresses. They are permanent: what was published is found there for good."""

from django.urls import path, register_converter

from digest.briefings import feeds
from digest.briefings.issue_date import IssueDate
from digest.briefings.views import archive, issues, names, search, site, topics, trends

register_converter(IssueDate, "issue_date")

urlpatterns = [
    path("", issues.home, name="home"),
    path("issues/<issue_date:date>/", issues.briefing, name="briefing"),
    path("items/<int:pk>/", issues.item, name="item"),
    path("archive/", archive.archive, name="archive"),
    path("archive/<int:year>/", archive.archive_year, name="archive_year"),
    path("archive/<int:year>/<int:month>/", archive.archive_month, name="archive_month"),
    path("topics/", topics.topics, name="topics"),
    path("topics/<slug:slug>/", topics.topic, name="topic"),
    path("names/", names.names, name="names"),
    path("names/<slug:slug>/", names.name, name="name"),
    path("trends/", trends.trends_page, name="trends"),
    path("search/", search.search, name="search"),
    path("search/suggest/", search.suggest, name="search_suggest"),
    path("about/", site.about, name="about"),
    path("feeds/", site.feeds, name="feeds"),
    path("feed.rss", feeds.whole, {"kind": "rss"}, name="feed_rss"),
    path("feed.atom", feeds.whole, {"kind": "atom"}, name="feed_atom"),
    path("feed.json", feeds.whole, {"kind": "json"}, name="feed_json"),
    path("topics/<slug:slug>/feed.rss", feeds.of_topic, {"kind": "rss"}, name="topic_feed_rss"),
    path("topics/<slug:slug>/feed.atom", feeds.of_topic, {"kind": "atom"}, name="topic_feed_atom"),
    path("topics/<slug:slug>/feed.json", feeds.of_topic, {"kind": "json"}, name="topic_feed_json"),
    path("sitemap.xml", site.sitemap, name="sitemap"),
    path("robots.txt", site.robots, name="robots"),
    path("favicon.ico", site.favicon, name="favicon"),
]
