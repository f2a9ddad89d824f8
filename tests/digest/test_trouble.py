"""An outage is answered 503 with a page that says so; a fault of ours 500."""

import errno
from typing import Any

import pytest
from django.db import OperationalError, connections
from django.db.backends.postgresql.base import DatabaseWrapper
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

from digest import urls


def _away(request: HttpRequest, folder: str) -> HttpResponse:
    DatabaseWrapper(connections["default"].settings_dict | {"HOST": f"/{folder}"}, alias="away").ensure_connection()
    raise AssertionError("a database answered in an empty folder")


def _full(request: HttpRequest) -> HttpResponse:
    raise OSError(errno.ENOSPC, "No space left on device")


def _broken(request: HttpRequest) -> HttpResponse:
    raise ValueError("a fault of ours")


handler500 = urls.handler500
urlpatterns = [path("away/<path:folder>", _away), path("full", _full), path("broken", _broken)]


@pytest.fixture
def client(settings: Any) -> Client:
    settings.ROOT_URLCONF = "tests.digest.test_trouble"
    return Client(raise_request_exception=False)


@pytest.mark.django_db
def test_a_database_that_does_not_answer(client: Client, tmp_path: Any) -> None:
    answer = client.get(f"/away{tmp_path}")
    assert (answer.status_code, answer["Retry-After"], answer["Cache-Control"]) == (503, "5", "no-store")
    said = answer.content.decode()
    assert "请稍候" in said
    assert "Back in a moment" in said
    assert answer["Content-Security-Policy"]


def test_a_full_disk(client: Client) -> None:
    assert client.get("/full").status_code == 503


def test_a_fault_of_ours(client: Client) -> None:
    answer = client.get("/broken")
    assert answer.status_code == 500
    assert "Retry-After" not in answer
    assert "服务器出错了" in answer.content.decode()


@pytest.mark.django_db
def test_django_raises_it_as_an_operational_error(tmp_path: Any) -> None:
    with pytest.raises(OperationalError):
        _away(HttpRequest(), str(tmp_path)[1:])
