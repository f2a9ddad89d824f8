"""A small application that says what it received, and workers with short limits."""

import dataclasses
import os
import time
from typing import Any

from digest.web.limits import Limits
from digest.web.worker import WaitressWorker

SHORT = Limits(header_seconds=1, body_seconds=1, keep_alive_seconds=1, send_seconds=1, stop_seconds=0.5)


class Short(WaitressWorker):
    limits = SHORT


class Narrow(WaitressWorker):
    limits = dataclasses.replace(Limits(), connections=20, connections_per_client=20)


def application(environ: dict[str, Any], start_response: Any) -> Any:
    path = environ["PATH_INFO"]
    if path == "/busy/":
        time.sleep(1)
    if path == "/large/":
        start_response("200 OK", [("Content-Length", str(64 * 2**20))])
        return (bytes(2**20) for _ in range(64))
    if path == "/stream/":
        start_response("200 OK", [("Content-Type", "text/plain")])
        return iter([b"one ", b"two"])
    received = len(environ["wsgi.input"].read())
    words = [environ["REQUEST_METHOD"], path, received, environ["REMOTE_ADDR"], environ["wsgi.url_scheme"]]
    words += [environ.get("HTTP_X_FORWARDED_FOR", "-"), os.getpid()]
    body = " ".join(map(str, words)).encode()
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(body)))])
    return [body]
