"""Asks a fork server to run a module or a script, and exits as that does.

    python -I -S client.py SOCKET -m MODULE ARGUMENT...
    python -I -S client.py SOCKET SCRIPT ARGUMENT...

It gets this process's directory, environment, umask and standard streams.
"""

import json
import os
import signal
import socket
import sys


def main() -> None:
    """Send the request, and wait for its end."""
    server, words = sys.argv[1], sys.argv[2:]
    request = {
        "words": words,
        "cwd": os.getcwd(),  # noqa: PTH109 - pathlib takes as long to import as all the rest
        "environment": dict(os.environ),
        "umask": os.umask(0),
    }
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(server)
        content = json.dumps(request).encode()
        socket.send_fds(connection, [len(content).to_bytes(8, "big")], [0, 1, 2])
        connection.sendall(content)
        answer = connection.recv(4, socket.MSG_WAITALL)
    if len(answer) < 4:
        sys.exit("the fork server has ended")
    end_like(int.from_bytes(answer, "big", signed=True))


def end_like(code: int) -> None:
    """Exit with a code, or by a signal if it is negative."""
    if code >= 0:
        os._exit(code)
    if -code != signal.SIGKILL:
        signal.signal(-code, signal.SIG_DFL)
    os.kill(os.getpid(), -code)


if __name__ == "__main__":
    main()
