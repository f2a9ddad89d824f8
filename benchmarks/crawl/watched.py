"""The replica of ../shared as a process, with a second ledger: when each request came and when its answer was out.

The replica's own log has one time a request. Which requests ran side by side needs both ends, so they are noted here,
outside the replica, which is used as it is.

    python -m benchmarks.crawl.watched SHARED PORT CA FAULTS LEDGER
"""

import argparse
import asyncio
import contextvars
import importlib.util
import json
import sys
import time
import zlib
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.parse import urlsplit

_rule: contextvars.ContextVar[dict[str, Any]] = contextvars.ContextVar("rule")


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name in ("shared", "ca", "faults", "ledger"):
        ask.add_argument(name, type=Path)
    ask.add_argument("port", type=int)
    given = ask.parse_args()
    asyncio.run(_serve(given))


async def _serve(given: argparse.Namespace) -> None:
    module = _replica(given.shared)
    faults = json.loads(given.faults.read_text(encoding="utf-8"))
    with given.ledger.open("a", encoding="utf-8") as ledger, Path("/dev/null").open("w") as log:
        watched = _watching(module, ledger)([given.shared / "corpus"], faults, log, module.Certificates(given.ca))
        server = await asyncio.start_server(watched.connection, "127.0.0.1", given.port, limit=1 << 16)
        print("watching", flush=True)
        async with server:
            await server.serve_forever()


def _replica(shared: Path) -> ModuleType:
    found = importlib.util.spec_from_file_location("replica", shared / "replica" / "replica.py")
    if found is None or found.loader is None:
        sys.exit(f"no replica in {shared}")
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module


def _watching(module: ModuleType, ledger: Any) -> Any:
    """The module's Replica, noting both ends of each request and the fault that it met."""
    parent: Any = module.Replica

    class Watched(parent):  # type: ignore[misc]
        def fault(self, url: str) -> Any:
            rule = super().fault(url)
            _rule.set(rule or {})
            return rule

        async def answer(self, writer: Any, method: str, url: str, headers: dict[str, str]) -> Any:
            began, hung_up = time.time(), asyncio.create_task(_hung_up(writer))
            try:
                return await super().answer(writer, method, url, headers)
            finally:
                ended = hung_up.result() if hung_up.done() else time.time()
                hung_up.cancel()
                rule = _rule.get({})
                line = {"url": url, "host": urlsplit(url).hostname, "began": began, "ended": ended}
                line |= {"fault": rule.get("kind"), "retry_after": rule.get("retry_after", 0)}
                print(json.dumps(line, ensure_ascii=False), file=ledger, flush=True)

        async def bomb(self, writer: Any, method: str, url: str, headers: dict[str, str], rule: Any) -> bool:
            """As the replica's, but it sees when the client hangs up: packing on would hold all answers up."""
            packer, block = zlib.compressobj(9, zlib.DEFLATED, 31), b" " * 2**20
            head = "HTTP/1.1 200 replica\r\nContent-Type: text/html\r\nContent-Encoding: gzip\r\nConnection: close"
            writer.write(head.encode() + b"\r\n\r\n")
            for _ in range(rule["mebibytes"]):
                if writer.transport.is_closing():
                    break
                writer.write(packer.compress(block) + packer.flush(zlib.Z_FULL_FLUSH))
                await writer.drain()
                await asyncio.sleep(0)
            self.note(method, url, 200, 0, headers, "bomb")
            return False

    return Watched


async def _hung_up(writer: Any) -> float:
    """When the client went: an answer that trickles on into nothing is over by then."""
    while not writer.transport.is_closing():
        await asyncio.sleep(0.01)
    return time.time()


if __name__ == "__main__":
    main()
