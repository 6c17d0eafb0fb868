"""A store on this machine that speaks S3's protocol, behind a door that fails as it is told to."""

import http.client
import threading
import time
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import boto3
from moto.server import ThreadedMotoServer

Answer = Callable[["Door", "Reply"], None]
"""What to send, instead of the store's reply, for one request for content."""

CREDENTIALS = {"AWS_ACCESS_KEY_ID": "test-id", "AWS_SECRET_ACCESS_KEY": "not-a-secret-but-secret"}
NAME = "bucket"


@dataclass(frozen=True)
class Reply:
    """The store's answer to one request."""

    status: int
    headers: list[tuple[str, str]]
    content: bytes


@dataclass
class Bucket:
    """An empty bucket. address: of the door. seen: method, key, and Range of every request.

    faults: key -> answers to the next requests for its content.
    """

    address: str
    client: object
    faults: dict[str, list[Answer]] = field(default_factory=dict)
    seen: list[tuple[str, str, str]] = field(default_factory=list)

    def put(self, key: str, content: bytes, **more) -> str:
        """Store an object. Returns its address."""
        self.client.put_object(Bucket=NAME, Key=key, Body=content, **more)
        return f"s3://{NAME}/{key}"

    def delete(self, key: str) -> None:
        """Remove an object."""
        self.client.delete_object(Bucket=NAME, Key=key)

    def fail(self, key: str, *answers: Answer) -> None:
        """Give these answers to the next requests for the content of an object."""
        self.faults[key] = list(answers)

    def fetched(self) -> list[tuple[str, int]]:
        """Key and first byte of each request for content, in order."""
        gets = [(key, begin) for method, key, begin in self.seen if method == "GET" and begin]
        return [(key, int(begin[len("bytes=") :].split("-")[0])) for key, begin in gets]


class Door(BaseHTTPRequestHandler):
    """One connection, handed on to the store."""

    protocol_version = "HTTP/1.1"
    bucket: Bucket
    store: tuple[str, int]

    def log_message(self, *_) -> None:
        pass

    def do_GET(self) -> None:
        key = self.path.partition("?")[0].removeprefix(f"/{NAME}").lstrip("/")
        begin = self.headers.get("Range", "")
        self.bucket.seen.append((self.command, key, begin))
        faults = self.bucket.faults.get(key) if self.command == "GET" and begin else None
        reply = self._handed_on()
        (faults.pop(0) if faults else sends)(self, reply)

    do_HEAD = do_GET

    def _handed_on(self) -> Reply:
        store = http.client.HTTPConnection(*self.store)
        try:
            store.request(self.command, self.path, headers=dict(self.headers))
            found = store.getresponse()
            return Reply(found.status, found.getheaders(), found.read())
        finally:
            store.close()

    def begin(self, status: int, headers, length: int) -> None:
        """The head of an answer."""
        self.send_response(status)
        for word, value in headers:
            if word.lower() not in ("content-length", "date", "server", "connection"):
                self.send_header(word, value)
        self.send_header("Content-Length", str(length))
        self.end_headers()


def sends(door: Door, reply: Reply) -> None:
    """The store's own answer."""
    sent = next((v for w, v in reply.headers if w.lower() == "content-length"), "0")
    length = int(sent) if door.command == "HEAD" else len(reply.content)
    door.begin(reply.status, reply.headers, length)
    door.wfile.write(reply.content)


def says(status: int, code: str) -> Answer:
    """An error of the store's."""
    text = f"<?xml version='1.0'?><Error><Code>{code}</Code><Message>m</Message></Error>".encode()

    def answer(door: Door, reply: Reply) -> None:
        door.begin(status, [("Content-Type", "application/xml")], len(text))
        door.wfile.write(text)

    return answer


def breaks_off(after: int) -> Answer:
    """The connection ends after so many bytes of what was asked for."""

    def answer(door: Door, reply: Reply) -> None:
        door.begin(reply.status, reply.headers, len(reply.content))
        door.wfile.write(reply.content[:after])
        door.wfile.flush()
        door.close_connection = True

    return answer


def slowly(seconds: float) -> Answer:
    """The whole answer, in ten pieces with a pause after each."""

    def answer(door: Door, reply: Reply) -> None:
        door.begin(reply.status, reply.headers, len(reply.content))
        size = -(-len(reply.content) // 10)
        for place in range(0, len(reply.content), size):
            door.wfile.write(reply.content[place : place + size])
            door.wfile.flush()
            time.sleep(seconds)

    return answer


def then(act: Callable[[], object]) -> Answer:
    """The store's own answer, after something was done to the store."""

    def answer(door: Door, reply: Reply) -> None:
        act()
        sends(door, reply)

    return answer


@contextmanager
def storing():
    """A function that empties the store and returns its only bucket; the store runs meanwhile."""
    store = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    store.start()
    place = store.get_host_and_port()
    handler = type("Door", (Door,), {"store": place})
    door = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    door.daemon_threads = True
    thread = threading.Thread(target=door.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    client = boto3.client(
        "s3",
        endpoint_url=f"http://127.0.0.1:{place[1]}",
        region_name="us-east-1",
        aws_access_key_id=CREDENTIALS["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=CREDENTIALS["AWS_SECRET_ACCESS_KEY"],
    )

    def empty() -> Bucket:
        handler.bucket = Bucket(f"http://127.0.0.1:{door.server_port}", client)
        reset = http.client.HTTPConnection(*place)
        reset.request("POST", "/moto-api/reset")
        reset.getresponse().read()
        reset.close()
        client.create_bucket(Bucket=NAME)
        return handler.bucket

    try:
        yield empty
    finally:
        door.shutdown()
        door.server_close()
        thread.join()
        store.stop()


def environment(bucket: Bucket) -> dict[str, str]:
    """Variables by which programs reach the door."""
    none = {"AWS_EC2_METADATA_DISABLED": "true", "AWS_REGION": "us-east-1"}
    return {"AWS_ENDPOINT_URL": bucket.address, "NO_PROXY": "127.0.0.1", **none, **CREDENTIALS}
