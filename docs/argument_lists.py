"""An extension of Griffe, which reads docstrings for the site: arguments become lists.

This project's docstrings explain arguments and fields as lines of `name: text` in a paragraph, and
Markdown would join those lines. Docstrings with sections (`Args:`) are left as they are.
"""

import re

import griffe

SECTIONS = re.compile(r"^(Args|Attributes|Examples|Raises|Returns|Yields):$", re.MULTILINE)
ITEM = re.compile(r"(`?\w+`?(?:, `?\w+`?)*): (?=\S)")
SENTENCE = re.compile(r"(Returns|Raises) ")


class ArgumentLists(griffe.Extension):
    """Rewrites the docstring of every object."""

    def on_object(self, *, obj: griffe.Object, **_) -> None:
        """obj: a module, class, function or attribute of the library."""
        if obj.docstring and not SECTIONS.search(obj.docstring.value):
            obj.docstring.value = with_lists(obj.docstring.value)


def with_lists(text: str) -> str:
    """A docstring in which each line `name: text`, with the lines that continue it, is in a list.

    A line that begins with "Returns" or "Raises" is a paragraph of its own.
    """
    lines, in_item = [], False
    for line in text.splitlines():
        if item := ITEM.match(line):
            lines += [] if in_item else [""]
            lines.append(f"- **{item[1].replace('`', '')}**: {line[item.end() :]}")
            in_item = True
        elif not line.strip() or SENTENCE.match(line):
            lines += [""] if line.strip() else []
            lines.append(line)
            in_item = False
        else:
            lines.append(f"  {line.strip()}" if in_item else line)
    return "\n".join(lines)
