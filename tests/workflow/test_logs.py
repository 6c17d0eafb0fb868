"""What the jobs of a finished run wrote to their logs."""

import re

from yt8m.runtime.startup import STARTUP

OF_LIBRARIES = re.compile(rb"^[IWEF]\d{4} |^WARNING|^INFO: |Warning: ")


def test_a_log_holds_the_messages_of_its_command_and_none_of_libraries(built):
    logs = list(built.path("logs").rglob("*.log"))
    assert len(logs) > 20
    unwanted = [re.compile(pattern) for pattern in STARTUP] + [OF_LIBRARIES]
    found = {
        f"{path.name}: {line.decode(errors='replace')}"
        for path in logs
        for line in path.read_bytes().splitlines()
        if any(pattern.search(line) for pattern in unwanted)
    }
    assert not found
