"""Every command on every page is run, or says why not, or by what else."""

import pytest

from tests.docs.blocks import faults, find_blocks
from tests.docs.pages import PLACES, ROOT, TEXTS
from tests.docs.programs import printed_by_line, unlike
from tests.soaking import soak

RUN = {page for page, text in TEXTS.items() if any(b.is_run for b in find_blocks(text))}


@pytest.mark.parametrize("page", TEXTS)
def test_every_block_of_a_page_is_run_or_says_why_not(page):
    assert faults(page, TEXTS[page], ROOT) == []


def test_all_pages_with_commands_say_where_these_are_run():
    assert set(PLACES) == RUN, "tests/docs/pages.py"


LONG = {
    "docs/explanation/confidence.md",
    "docs/how-to/add-an-extractor.md",
    "docs/how-to/choose-a-size.md",
    "docs/how-to/deploy-litert.md",
    "docs/how-to/label-videos.md",
    "docs/how-to/run-step-by-step.md",
    "docs/how-to/try-settings.md",
    "docs/how-to/use-as-a-module.md",
    "docs/reference/tables-and-features.md",
}
"""Pages that train models or run the workflow again."""


@pytest.mark.slow
@pytest.mark.parametrize("page", [soak(page) if page in LONG else page for page in PLACES])
def test_the_commands_of_a_page_do_what_it_says(page, pages):
    assert unlike(find_blocks(TEXTS[page]), printed_by_line(pages.run(page))) == []
