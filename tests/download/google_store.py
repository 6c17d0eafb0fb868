"""A program that answers as Google's store does, for Arrow: `python google_store.py FOLDER`.

It is a process of its own, since Arrow keeps Python's lock while it opens an object. Below FOLDER
are the objects of its only bucket, `bucket`; it prints its port.
"""

import base64
import hashlib
import json
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

BUCKET = "/storage/v1/b/bucket"
WRONG = "wrong"
"""In the names of objects whose content is not what their MD5 says."""


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    folder: Path

    def log_message(self, *_) -> None:
        pass

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        query = dict(parse_qsl(parts.query))
        key = unquote(parts.path.removeprefix(f"{BUCKET}/o/"))
        if parts.path == BUCKET:
            self.say({"name": "bucket"})
        elif parts.path == f"{BUCKET}/o":
            keys = sorted(str(p.relative_to(self.folder)) for p in self.folder.rglob("*.*"))
            self.say(
                {
                    "items": [
                        self.described(k) for k in keys if k.startswith(query.get("prefix", ""))
                    ]
                }
            )
        elif parts.path == key or not (self.folder / key).is_file():
            self.say({"error": {"code": 404, "message": "none"}}, 404)
        elif query.get("alt") == "media":
            self.send_content((self.folder / key).read_bytes())
        else:
            self.say(self.described(key))

    def described(self, key: str) -> dict:
        """What the store says of an object; every time of writing is a generation."""
        path = self.folder / key
        content = path.read_bytes() + (b"x" if WRONG in key else b"")
        return {
            "name": key,
            "bucket": "bucket",
            "generation": str(path.stat().st_mtime_ns),
            "size": str(path.stat().st_size),
            "md5Hash": base64.b64encode(hashlib.md5(content).digest()).decode(),
            "updated": "2024-01-01T00:00:00Z",
        }

    def send_content(self, content: bytes) -> None:
        """All of it, or the range that was asked for."""
        begin, _, end = self.headers.get("Range", "bytes=0-")[len("bytes=") :].partition("-")
        part = content[int(begin) : int(end or len(content)) + 1]
        if "Range" not in self.headers:
            return self.send(200, part)
        last = int(begin) + len(part) - 1
        self.send(206, part, {"Content-Range": f"bytes {begin}-{last}/{len(content)}"})

    def say(self, value: dict, status: int = 200) -> None:
        """An answer in JSON."""
        self.send(status, json.dumps(value).encode(), {"Content-Type": "application/json"})

    def send(self, status: int, content: bytes, headers: dict[str, str] | None = None) -> None:
        """A whole answer."""
        self.send_response(status)
        for word, value in {**(headers or {}), "Content-Length": str(len(content))}.items():
            self.send_header(word, value)
        self.end_headers()
        self.wfile.write(content)


if __name__ == "__main__":
    Handler.folder = Path(sys.argv[1])
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    print(server.server_port, flush=True)
    server.serve_forever()
