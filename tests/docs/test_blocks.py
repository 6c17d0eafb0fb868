"""What counts as a block, which pages are refused, and how output is compared."""

import pytest

from tests.docs.blocks import faults, find_blocks
from tests.docs.programs import printed_by_line, program_of, unlike


def fenced(text: str, language: str = "bash", before: str = "") -> str:
    return f"{before}```{language}\n{text}\n```\n"


RUN, WHY = fenced("ls"), "<!-- not run here: needs a GPU -->\n"


@pytest.mark.parametrize(
    "page",
    [
        f"Text.\n\n{RUN}",
        f"Text.\n\n{WHY}{RUN}",
        fenced("make demo -j # comment", before="<!-- run by steps.sh -->\n"),
        fenced("print(1)", "python", "<!-- run by steps.sh -->\n"),
        fenced("a = 1", 'python title="my/part.py"') + fenced("kind: my.part", "yaml"),
        "- a list\n\n    its text\n" + "".join(f"    {line}\n" for line in RUN.splitlines()),
        '!!! note "A note"\n    Text.\n\n    More.\n',
    ],
)
def test_pages_as_they_should_be(page, tmp_path):
    (tmp_path / "steps.sh").write_text("  make --quiet demo -j 2\nopen page.md\n")
    assert faults("docs/page.md", page, tmp_path) == []


@pytest.mark.parametrize(
    ("page", "fault"),
    [
        (fenced("ls", ""), "1: a fence of no language"),
        (fenced("ls", "sh"), "1: a fence of sh language"),
        (fenced("$ ls", "console"), "1: a fence of console language"),
        (fenced("ls", before="<!-- not run here -->\n"), "1: a mark"),
        (fenced("ls", before="<!-- not run here:  -->\n"), "1: a mark"),
        (fenced("ls", before="<!-- Not run here: needs a GPU -->\n"), "1: a mark"),
        (f"{WHY}\n{RUN}", "1: a mark"),
        (f"{WHY}Text.\n", "1: a mark"),
        (fenced("{}", "json", WHY), "1: a mark"),
        (fenced("make clean", before="<!-- run by steps.sh -->\n"), "2: steps.sh does not have"),
        (fenced("make demo", before="<!-- run by other.sh -->\n"), "2: other.sh does not have"),
        (fenced("a = 1", 'python title="part.py"'), "1: nothing later uses part.py"),
        ("Run\n\n    ls\n", "3: indented code"),
    ],
)
def test_pages_that_are_refused(page, fault, tmp_path):
    (tmp_path / "steps.sh").write_text("make --quiet demo\n")
    (found,) = faults("docs/page.md", page, tmp_path)
    assert found.startswith(fault)


def test_a_page_is_one_program_in_which_later_blocks_see_what_earlier_ones_made():
    page = fenced('title: "A"', 'yaml title="mine.yaml"') + RUN + WHY + fenced("rm mine.yaml")
    page += fenced("one = 1", "python") + fenced("print(one)", "python") + fenced("pwd")
    program = program_of(find_blocks(page))
    assert "rm" not in program
    assert program.index("mine.yaml") < program.index("\nls\n") < program.index("one = 1")
    assert program.count("\nblock ") == 1


@pytest.mark.parametrize(
    ("said", "printed", "missing"),
    [
        ("GAP 0.7021 on validate", "final:  GAP 0.1 on validate", []),
        ("best.csv: 1,000 videos\n...", "best.csv: 12 videos\nmore", []),
        ("id,...,labels", "id,path,labels", []),
        ("name  ----\nx     0.5", "name -------\nx 0.25", []),
        ("GAP 0.7021", "MAP 0.7021", ["GAP 0.7021"]),
        ("two videos", "two", ["two videos"]),
    ],
)
def test_output_on_a_page_may_differ_in_numbers_only(said, printed, missing):
    blocks = find_blocks(fenced("show") + "\n" + fenced(said, "text"))
    found = unlike(blocks, printed_by_line(f"@@ line 1\n{printed}\n"))
    assert found == [f"5: not printed: {line}" for line in missing]


def test_output_behind_a_sentence_is_an_example():
    blocks = find_blocks(fenced("show") + "such as\n" + fenced("this", "text"))
    assert unlike(blocks, {1: "that"}) == []
