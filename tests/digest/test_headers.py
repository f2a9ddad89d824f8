"""Permissions-Policy stands on every answer: pages, redirects, errors, files."""

import pytest

POLICY = (
    "accelerometer=(), autoplay=(), camera=(), display-capture=(), encrypted-media=(), fullscreen=(), geolocation=(), "
    "gyroscope=(), hid=(), idle-detection=(), magnetometer=(), microphone=(), midi=(), payment=(), "
    "picture-in-picture=(), screen-wake-lock=(), serial=(), usb=(), xr-spatial-tracking=()"
)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/about/", 200),
        ("/admin/", 302),
        ("/admin/login/", 200),
        ("/nothing/", 404),
        ("/api/v1/links", 405),
        ("/static/css/tokens.css", 200),
    ],
)
def test_every_answer_has_the_policy(client, address, status):
    answer = client.get(address)
    answer.close()  # a file is opened
    assert (answer.status_code, answer["Permissions-Policy"]) == (status, POLICY)


def test_a_redirect_to_https_has_it_too(client, settings):
    settings.SECURE_SSL_REDIRECT = True
    answer = client.get("/about/")
    assert (answer.status_code, answer["Permissions-Policy"]) == (301, POLICY)
