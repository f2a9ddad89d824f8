"""What one client may cost: seconds, bytes and connections. Each limit counts in one process."""

from dataclasses import dataclass

KIB, MIB = 2**10, 2**20


@dataclass(frozen=True)
class Limits:
    header_seconds: float = 10  # from the first byte of a request, or from connecting, to the end of its header
    body_seconds: float = 20  # from there to the end of the body, and longer by received bytes / min_bytes_per_second
    keep_alive_seconds: float = 20  # between an answer and the first byte of the next request
    send_seconds: float = 30  # for a client to take the answer, and longer by sent bytes / min_bytes_per_second
    min_bytes_per_second: int = 8 * KIB
    linger_seconds: float = 2  # after a refusal, so that the client reads it before the connection is reset
    linger_bytes: int = 256 * KIB
    stop_seconds: float = 2  # for the rest of a request that is half received when the server stops

    header_bytes: int = 16 * KIB
    body_bytes: int = 256 * KIB
    upload_bytes: int = 13 * MIB  # a saved page of 12 MiB, and its form
    upload_paths: tuple[str, ...] = ("/admin/", "/api/")
    chunk_line_bytes: int = 1 * KIB  # the size line, or the trailer, of a chunked body
    chunk_extra_bytes: int = 64 * KIB  # what frames the chunks of a body, and longer by received bytes / 64

    connections: int = 500
    connections_per_client: int = 50  # where no proxy is in front: behind one, every client has the proxy's address

    def max_body(self, path: str) -> int:
        """The largest body for `path` in bytes."""
        return self.upload_bytes if ("/" + path.lstrip("/")).startswith(self.upload_paths) else self.body_bytes

    def max_extra(self, received: int) -> int:
        """The most bytes around the chunks of a body: chunks of one byte would cost 20 s of CPU in 13 MiB."""
        return self.chunk_extra_bytes + received // 64
