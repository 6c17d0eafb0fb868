"""A process that has imported what programs need, and forks to run them.

    python -I server.py SOCKET MODULE...

Says "listens" once clients can connect, which is before its imports are done, and ends when its
standard input does.
"""

import contextlib
import gc
import importlib
import json
import os
import runpy
import selectors
import signal
import socket
import sys
from dataclasses import dataclass, field
from pathlib import Path

BASE_PATH = [p for p in sys.path if p]
"""Where every program finds modules, after what its PYTHONPATH names."""


@dataclass
class Request:
    """What a client asks for, and its streams."""

    words: list[str]
    cwd: str
    environment: dict[str, str]
    umask: int
    streams: list[int] = field(default_factory=list)


def main() -> None:
    """Import and serve; in a fork, run what was requested."""
    address, *modules = sys.argv[1:]
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(address)
    listener.listen(64)
    os.write(1, b"listens\n")
    for module in modules:
        importlib.import_module(module)
    gc.collect()
    gc.freeze()  # so that no collection of a fork touches, and copies, these pages
    request = Server(listener).serve()
    if request is not None:
        become(request)


class Server:
    """Forks for clients, reports to them how it ended, and ends what a dead client has left."""

    def __init__(self, listener: socket.socket):
        self.selector = selectors.DefaultSelector()
        self.listener = listener
        self.clients: dict[int, socket.socket] = {}  # by the process that works for it
        self.ended, wake = os.pipe()
        os.set_blocking(wake, False)
        signal.set_wakeup_fd(wake)

    def serve(self) -> Request | None:
        """The request that this process is to run; None once there are no more clients."""
        signal.signal(signal.SIGCHLD, lambda *_: None)
        for source in (self.listener, self.ended, 0):
            self.selector.register(source, selectors.EVENT_READ)
        while True:
            for key, _ in self.selector.select():
                if key.fileobj == 0:
                    return self._kill_all()
                if key.fileobj == self.ended:
                    os.read(self.ended, 1024)
                    self._answer_for_the_ended()
                elif key.fileobj is self.listener:
                    request = self._accept()
                    if request is not None:
                        return request
                elif isinstance(key.fileobj, socket.socket):
                    self._forget(key.fileobj)

    def _accept(self) -> Request | None:
        """Fork for a client; in the fork, returns what it asks for."""
        client, _ = self.listener.accept()
        request = receive(client)
        process = os.fork()
        if process == 0:
            self._let_go(client)
            return request
        for stream in request.streams:
            os.close(stream)
        self.clients[process] = client
        self.selector.register(client, selectors.EVENT_READ)
        return None

    def _let_go(self, client: socket.socket) -> None:
        """In a fork: close everything of the server."""
        os.close(signal.set_wakeup_fd(-1))
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.close(self.ended)
        self.selector.close()
        for connection in (client, self.listener, *self.clients.values()):
            connection.close()

    def _answer_for_the_ended(self) -> None:
        with contextlib.suppress(ChildProcessError):
            while (found := os.waitpid(-1, os.WNOHANG))[0]:
                process, status = found
                client = self.clients.pop(process)
                code = os.waitstatus_to_exitcode(status)
                with contextlib.suppress(OSError):
                    client.sendall(code.to_bytes(4, "big", signed=True))
                self._close(client)

    def _forget(self, client: socket.socket) -> None:
        """A client has closed its connection, so it has ended: end what works for it."""
        for process, other in self.clients.items():
            if other is client:
                kill(process)
        self.selector.unregister(client)

    def _close(self, client: socket.socket) -> None:
        with contextlib.suppress(KeyError):
            self.selector.unregister(client)
        client.close()

    def _kill_all(self) -> None:
        for process in self.clients:
            kill(process)


def kill(process: int) -> None:
    """Kill a program and what it has started."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process, signal.SIGKILL)


def receive(client: socket.socket) -> Request:
    """Receive what a client asks for."""
    head, streams, _, _ = socket.recv_fds(client, 8, 3)
    content = client.recv(int.from_bytes(head, "big"), socket.MSG_WAITALL)
    return Request(**json.loads(content), streams=streams)


def become(request: Request) -> None:
    """Run a module (`-m NAME`) or a script as a new process would."""
    os.setsid()
    for number, stream in enumerate(request.streams):
        os.dup2(stream, number)
        os.close(stream)
    os.chdir(request.cwd)
    os.umask(request.umask)
    os.environ.clear()
    os.environ.update(request.environment)
    sys.executable = os.environ.pop("FORK_EXECUTABLE", sys.executable)
    is_module = request.words[0] == "-m"
    program, *arguments = request.words[1:] if is_module else request.words
    names = [p for p in os.environ.get("PYTHONPATH", "").split(":") if p]
    first = request.cwd if is_module else str(Path(program).absolute().parent)
    here = [] if os.environ.get("PYTHONSAFEPATH") else [first]
    sys.path[:] = [*here, *names, *BASE_PATH]
    importlib.invalidate_caches()
    sys.orig_argv[:] = [sys.executable, *request.words]
    sys.modules.pop("sitecustomize", None)
    with contextlib.suppress(ModuleNotFoundError):
        importlib.import_module("sitecustomize")
    sys.argv[:] = [program, *arguments]
    if is_module:
        runpy.run_module(program, run_name="__main__", alter_sys=True)
    else:
        runpy.run_path(program, run_name="__main__")


if __name__ == "__main__":
    main()
