"""A server on this machine that serves files from memory, and fails as it is told to."""

import json
import threading
import time
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import md5
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

Answer = Callable[["Handler", bytes], None]


@dataclass
class Loopback:
    """files: path -> content. faults: path -> answers to the next requests for content.

    ranges, heads: whether it understands these. seen: method, path and first byte of every request.
    """

    files: dict[str, bytes] = field(default_factory=dict)
    faults: dict[str, list[Answer]] = field(default_factory=dict)
    ranges: bool = True
    heads: bool = True
    seen: list[tuple[str, str, int]] = field(default_factory=list)
    address: str = ""

    def publish(self, split: str, contents: dict[str, bytes], place: str = "2/frame") -> None:
        """Serve a split: its files, and the list of them."""
        version, level = place.split("/")
        self.files |= {f"/{place}/{split}/{name}": data for name, data in contents.items()}
        listed = {name: md5(data).hexdigest() for name, data in contents.items()}
        plan = json.dumps({"files": listed}).encode()
        self.files[f"/{version}/download_plans/{level}_{split}.json"] = plan

    def fail(self, name: str, *answers: Answer, place: str = "/2/frame/train/") -> None:
        """Give these answers to the next requests for a file's content."""
        self.faults[place + name] = list(answers)

    def fetched(self) -> list[str]:
        """Names of the files of `2/frame` whose content was asked for, in order."""
        gets = [path for method, path, _ in self.seen if method == "GET"]
        return [path.rpartition("/")[2] for path in gets if path.startswith("/2/frame/")]


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    loopback: Loopback

    def log_message(self, *_) -> None:
        pass

    def do_HEAD(self) -> None:
        self._note(0)
        if not self.loopback.heads:
            self.say(405)
        elif self.path not in self.loopback.files:
            self.say(404)
        else:
            self.say(200, len(self.loopback.files[self.path]))

    def do_GET(self) -> None:
        begin = int(self.headers.get("Range", "bytes=0-")[6:-1])
        self._note(begin)
        if self.path not in self.loopback.files:
            self.say(404)
            return
        data = self.loopback.files[self.path]
        if faults := self.loopback.faults.get(self.path):
            faults.pop(0)(self, data)
        elif begin >= len(data):
            self.say(416)
        elif begin and self.loopback.ranges:
            self.say(206, len(data) - begin, f"bytes {begin}-{len(data) - 1}/{len(data)}")
            self.wfile.write(data[begin:])
        else:
            self.say(200, len(data))
            self.wfile.write(data)

    def say(self, status: int, length: int = 0, content_range: str | None = None) -> None:
        """The head of an answer."""
        self.send_response(status)
        self.send_header("Content-Length", str(length))
        if content_range:
            self.send_header("Content-Range", content_range)
        self.end_headers()

    def _note(self, begin: int) -> None:
        self.loopback.seen.append((self.command, self.path, begin))


def breaks_off(after: int) -> Answer:
    """The connection ends after so many bytes of what was asked for."""

    def answer(handler: Handler, data: bytes) -> None:
        begin = int(handler.headers.get("Range", "bytes=0-")[6:-1])
        rest = data[begin:]
        if begin:
            handler.say(206, len(rest), f"bytes {begin}-{len(data) - 1}/{len(data)}")
        else:
            handler.say(200, len(rest))
        handler.wfile.write(rest[:after])
        handler.wfile.flush()
        handler.close_connection = True

    return answer


def says(status: int) -> Answer:
    """An answer without content."""
    return lambda handler, data: handler.say(status)


def sends(other: bytes) -> Answer:
    """Other content than the file's."""

    def answer(handler: Handler, data: bytes) -> None:
        handler.say(200, len(other))
        handler.wfile.write(other)

    return answer


def slowly(pieces: int, seconds: float) -> Answer:
    """The whole file in pieces, with a pause after each."""

    def answer(handler: Handler, data: bytes) -> None:
        handler.say(200, len(data))
        size = -(-len(data) // pieces)
        for place in range(0, len(data), size):
            handler.wfile.write(data[place : place + size])
            handler.wfile.flush()
            time.sleep(seconds)

    return answer


def stalls(after: int, until: threading.Event) -> Answer:
    """Nothing more after so many bytes, until the event."""

    def answer(handler: Handler, data: bytes) -> None:
        handler.say(200, len(data))
        handler.wfile.write(data[:after])
        handler.wfile.flush()
        until.wait()
        handler.close_connection = True

    return answer


def another_part(handler: Handler, data: bytes) -> None:
    """The first bytes, whatever part was asked for."""
    handler.say(206, len(data), f"bytes 0-{len(data) - 1}/{len(data)}")
    handler.wfile.write(data)


@contextmanager
def serving():
    """A server that runs meanwhile."""
    loopback = Loopback()
    handler = type("Handler", (Handler,), {"loopback": loopback})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    loopback.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield loopback
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
