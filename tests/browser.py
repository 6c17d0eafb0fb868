"""A real browser for tests of pages."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")

PATIENCE = 300_000
"""Milliseconds for a browser to start, and for a page to do what is waited for."""

in_a_browser = [
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed"),
    pytest.mark.xdist_group("browser"),
]
"""Marks of tests that open pages; they share a worker, and so the browser."""


@contextmanager
def open_browser() -> Iterator:
    """Headless Chromium. Within, nothing else in the process may run an event loop."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        yield playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox"], timeout=PATIENCE
        )
