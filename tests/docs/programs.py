"""A page as one program of bash, and what each of its blocks printed."""

import re
from itertools import groupby, pairwise

from tests.docs.blocks import OUTPUT, PYTHON, Block

MARKER = re.compile(r"^@@ line (\d+)$", re.M)
END = "END_OF_BLOCK"
VARYING = (r"\s+", r"-{3,}", r"-?\d[\d.,:]*", ".*")
ANY = re.compile(r"(\s+|-{3,}|-?\d[\d.,:]*|\.\.\.)")
"""What may differ in output: blanks, rules, numbers, and what `...` stands for."""


def program_of(blocks: list[Block]) -> str:
    """Blocks in their order: files are written, commands run, the rest is skipped.

    Programs with nothing to run between them are one: the second sees the names of the first.
    """
    steps = [b for b in blocks if b.is_run or (b.title and b.mark is None)]
    parts = []
    for is_python, group in groupby(steps, lambda b: b.is_run and b.language == PYTHON):
        found = list(group)
        parts += [_python(found)] if is_python else map(_step, found)
    return "".join(parts)


def _step(block: Block) -> str:
    if block.title:
        return f"cat > '{block.title}' <<'{END}'\n{block.text}{END}\n"
    return f"echo; echo '@@ line {block.line}'\n{block.text}"


def _python(blocks: list[Block]) -> str:
    name = f".line{blocks[0].line}.py"
    code = "".join(f'print("\\n@@ line {b.line}", flush=True)\n{b.text}' for b in blocks)
    return f"cat > {name} <<'{END}'\n{code}{END}\nblock {name}\n"


def printed_by_line(printed: str) -> dict[int, str]:
    """Line of a block's fence -> what it printed."""
    _, *parts = MARKER.split(printed)
    return {int(line): text for line, text in zip(parts[::2], parts[1::2], strict=True)}


def unlike(blocks: list[Block], printed: dict[int, str]) -> list[str]:
    """Lines of output on a page that its commands did not print; numbers may be others.

    Output is a `text` block directly behind the command's block; `...` stands for anything.
    """
    missing = []
    for before, block in pairwise(blocks):
        if before.is_run and block.language == OUTPUT and block.follows:
            missing += [
                f"{block.line}: not printed: {line}"
                for line in block.text.splitlines()
                if line.strip(" .") and not _pattern(line).search(printed[before.line])
            ]
    return missing


def _pattern(line: str) -> re.Pattern[str]:
    """Like a line, with any numbers, blanks and rules under the heads of tables."""
    parts = ANY.split(line.strip())
    varying = [_like(part) if n % 2 else re.escape(part) for n, part in enumerate(parts)]
    return re.compile("".join(varying))


def _like(part: str) -> str:
    return next(pattern for pattern in VARYING if re.fullmatch(pattern, part))
