"""Subject headings: the starter set, what editors correct, and what is learned from it.

How a topic's score comes about, and what is known to go wrong, stands in model.py; how it is learned in fit.py.
"""

from news.topics.starter import install_starter_topics, starter_topics

__all__ = ["install_starter_topics", "starter_topics"]
