"""`manage.py deliver`: take up published briefings and send what waits, now and here."""

from typing import Any

from django.core.management.base import BaseCommand

from digest.mailing import answer, send, start


class Command(BaseCommand):
    help = "Send what waits: confirmations, and the letters of published briefings."

    def handle(self, *args: Any, **options: Any) -> None:
        answers = answer.answer_all()
        taken_up = start.post_briefings()
        letters = send.deliver(seconds=24 * 3600)
        self.stdout.write(f"{answers} answers, {taken_up} briefings taken up, {letters} letters worked on")
