"""Copies and stories: which articles are the same text, and which tell the same event."""

from news.stories.place import place

__all__ = ["place"]
