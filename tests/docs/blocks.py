"""Fenced blocks of a Markdown page, what is to be done with each, and what is wrong with a page.

A page's commands are ```bash, its programs ```python. A test runs them, unless the line before
the fence is one of these comments:

    <!-- not run here: REASON -->
    <!-- run by FILE -->          FILE has its commands (their words, in order), or a program's page

A block with `title="FILE"` is written to that file instead; what follows must use it.
"""

import re
from dataclasses import dataclass
from pathlib import Path

SHELL, PYTHON, OUTPUT = "bash", "python", "text"
LANGUAGES = {SHELL, PYTHON, OUTPUT, "csv", "html", "json", "mermaid", "snakemake", "toml", "yaml"}
LANGUAGES |= {"bibtex", "proto", "xml"}

FENCE = re.compile(r"^(?P<indent> *)```(?P<language>[\w-]*) *(?P<rest>.*)$")
TITLE = re.compile(r'title="([^"]+)"')
MARK = re.compile(r"^ *<!-- (?:not run here: (?P<reason>\S.*?)|run by (?P<file>\S+)) -->$")
LIKE_MARK = re.compile(r"<!--\s*(not run|run by)", re.I)
CONTAINER = re.compile(r"^ *([-*+] |\d+\. |!!! |\?\?\?|=== )")


@dataclass(frozen=True)
class Block:
    """A fenced block.

    line: of its opening fence, from 1. title: the file that it is, if any. mark: the comment
        before it, if any. follows: whether only blank lines are between it and the block before.
    """

    line: int
    language: str
    title: str | None
    text: str
    mark: re.Match[str] | None
    follows: bool

    @property
    def is_program(self) -> bool:
        """Whether it is something to run, or a program to be written to a file."""
        return self.language in (SHELL, PYTHON)

    @property
    def is_run(self) -> bool:
        """Whether a test runs it."""
        return self.is_program and self.title is None and self.mark is None

    @property
    def commands(self) -> list[str]:
        """Its commands without comments, continued lines joined."""
        lines = self.text.replace("\\\n", " ").splitlines()
        return [c for line in lines if (c := re.sub(r"(^|\s)#.*", "", line).strip())]


def find_blocks(text: str) -> list[Block]:
    """All fenced blocks of a page, in order."""
    lines, blocks, number, since = text.splitlines(), [], 0, ["the page's beginning"]
    while number < len(lines):
        opening = FENCE.match(lines[number])
        if not opening:
            since.append(lines[number])
            number += 1
            continue
        indent, first = opening["indent"], number
        number += 1
        while number < len(lines) and lines[number] != f"{indent}```":
            number += 1
        body = "".join(f"{line.removeprefix(indent)}\n" for line in lines[first + 1 : number])
        title = TITLE.search(opening["rest"])
        mark = MARK.match(lines[first - 1]) if first else None
        blocks.append(
            Block(
                first + 1,
                opening["language"],
                title and title[1],
                body,
                mark,
                follows=not any(line.strip() for line in since),
            )
        )
        since, number = [], number + 1
    return blocks


def faults(page: str, text: str, root: Path) -> list[str]:
    """What is wrong with a page, each with its line. root: where files of marks are."""
    blocks = find_blocks(text)
    return sorted(
        [
            *(f"{b.line}: a fence of {b.language or 'no'} language" for b in blocks if _odd(b)),
            *_bad_marks(text, blocks),
            *(f for b in blocks if b.mark and b.mark["file"] for f in _not_there(page, b, root)),
            *_unused_programs(blocks),
            *_indented_blocks(text),
        ]
    )


def _odd(block: Block) -> bool:
    return block.language not in LANGUAGES


def _bad_marks(text: str, blocks: list[Block]) -> list[str]:
    used = {block.line - 1 for block in blocks if block.mark and block.is_program}
    return [
        f"{number}: a mark without a block, or without a reason"
        for number, line in enumerate(text.splitlines(), 1)
        if LIKE_MARK.search(line) and number not in used
    ]


def _not_there(page: str, block: Block, root: Path) -> list[str]:
    file = root / block.mark["file"]
    lines = file.read_text(encoding="utf-8").splitlines() if file.is_file() else []
    expected = block.commands if block.language == SHELL else [Path(page).name]
    patterns = {c: re.compile(r"\s.*?".join(map(re.escape, c.split()))) for c in expected}
    return [
        f"{block.line}: {block.mark['file']} does not have: {words}"
        for words, pattern in patterns.items()
        if not any(pattern.search(line) for line in lines)
    ]


def _unused_programs(blocks: list[Block]) -> list[str]:
    programs = {n: b.title for n, b in enumerate(blocks) if b.is_program and b.title}
    return [
        f"{blocks[number].line}: nothing later uses {title}"
        for number, title in programs.items()
        if not any(_name_of(title) in b.text for b in blocks[number + 1 :])
    ]


def _name_of(file: str) -> str:
    """A program's name on a command line, or in a config if it is in a package."""
    return file.removesuffix(".py").replace("/", ".") if "/" in file else file


def _indented_blocks(text: str) -> list[str]:
    """Blocks of code without fences: indented lines that belong to no list or note."""
    found, container, fence, before = [], False, None, ""
    for number, line in enumerate(text.splitlines(), 1):
        if fence is None and (opening := FENCE.match(line)):
            fence = opening["indent"]
        elif fence is not None:
            fence = None if line == f"{fence}```" else fence
        elif line.strip():
            if not line.startswith(" "):
                container = bool(CONTAINER.match(line))
            elif line.startswith("    ") and not container and not before.strip():
                found.append(f"{number}: indented code; fence it")
        before = line
    return found
