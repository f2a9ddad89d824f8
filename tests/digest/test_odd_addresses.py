"""An address that nobody was given is answered kindly, whatever characters it holds."""

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse


@pytest.mark.django_db
@pytest.mark.parametrize("token", ["%00", "a%00b", "%E2%80%AE", "x" * 500, "%0A"])
@pytest.mark.parametrize("page", ["signups", "preferences", "unsubscribe", "subscribe/confirm"])
def test_no_token_of_ours(client: Client, page: str, token: str) -> None:
    assert client.get(f"/{page}/{token}/").status_code in (200, 404)
    assert client.post(f"/{page}/{token}/").status_code in (200, 404, 405)


@pytest.mark.django_db
@pytest.mark.parametrize("briefing", ["abc", "", "9" * 40, "²"])
def test_a_test_letter_of_no_issue(client: Client, briefing: str) -> None:
    client.force_login(User.objects.create_superuser("editor", "editor@a.example", "a long enough word"))
    answer = client.post(reverse("admin:mailing_mailing_test"), {"briefing": briefing})
    assert answer.status_code == 404
