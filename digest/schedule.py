"""What runs when, on one screen. Everything here may run twice or late: each task finds out by itself what is due.

The scheduler remembers nothing on disk, so it needs no room there; a period counts from its start.
"""

from typing import Any


def every(seconds: float, task: str, queue: str) -> dict[str, Any]:
    # A ring that nobody answered before the next one is worth nothing.
    return {"task": task, "schedule": seconds, "options": {"queue": queue, "expires": seconds}}


MINUTE, HOUR = 60, 3_600

TIMETABLE = {
    # the wire
    "ring for articles that wait": every(10, "news.tasks.sweep", "default"),
    "make vectors of a newly chosen model": every(MINUTE, "news.tasks.reembed", "gpu"),
    "learn what editors said of topics": every(MINUTE, "news.tasks.learn_topics", "gpu"),
    "look at the sources that are due": every(MINUTE, "news.tasks.look_at_sources", "crawl"),
    "tell the editors of sources in trouble": every(HOUR, "digest.alerts.tell_editors_of_sources", "mail"),
    "sketch articles that have no sketch": every(HOUR, "news.tasks.sketch_articles", "default"),
    "tend the index of nearest vectors": every(HOUR, "news.tasks.tend_vectors", "default"),
    "write search terms of an older make anew": every(MINUTE, "news.tasks.renew_search_terms", "default"),
    "look for new names in old articles": every(MINUTE, "news.tasks.search_names", "default"),
    "drop names that nothing bears": every(HOUR, "news.tasks.tidy_names", "default"),
    # the links that were printed
    "watch what was published": every(300, "digest.briefings.tasks.watch_published", "default"),
    "ask for printed links that are due": every(30, "news.tasks.check_links", "crawl"),
    # what was printed
    "make what the search needs of items": every(30, "digest.briefings.tasks.keep_search", "gpu"),
    "note changed names in what was printed": every(MINUTE, "digest.briefings.tasks.note_names", "default"),
    "remember what was printed": every(20, "digest.briefings.tasks.remember", "gpu"),
    # the pictures
    "fetch pictures that wait": every(20, "news.tasks.fetch_pictures", "crawl"),
    "forget pictures that nothing shows": every(HOUR, "news.tasks.forget_pictures", "default"),
    # the post
    "take up what was published": every(30, "digest.mailing.tasks.post_briefings", "mail"),
    "send what waits": every(10, "digest.mailing.tasks.deliver", "mail"),
    "answer those who subscribe": every(10, "digest.mailing.tasks.send_confirmations", "mail"),
    "forget who never confirmed": every(HOUR, "digest.mailing.tasks.forget_old", "mail"),
    # the trainings
    "answer those who sign up": every(10, "digest.events.tasks.send_signup_mails", "mail"),
    "give free seats to those who wait": every(30, "digest.events.tasks.settle_events", "default"),
    "tell the editors of offers": every(HOUR, "digest.events.tasks.tell_editors_of_offers", "mail"),
    "keep the books of the trainings": every(HOUR, "digest.events.tasks.keep_books", "default"),
    # the accounts
    "forget how often passwords were tried": every(HOUR, "digest.accounts.tasks.forget_old", "default"),
    # the intake
    "forget how often tips and tokens came": every(HOUR, "digest.intake.tasks.forget_old", "default"),
}
