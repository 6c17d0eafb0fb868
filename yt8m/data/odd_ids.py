"""Ids of videos that a line of a CSV without quotes cannot show, or a spreadsheet computes."""

import re

SEPARATORS = frozenset(',"\r\n')
"""Characters by which the challenge's CSV is cut; its format knows no quotes."""

CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
FORMULA = re.compile(r"[=@＝＠\t\r]|[+＋－-](?![\w/+-]*\Z)")
"""How a text begins that a spreadsheet computes. Ids of YouTube may begin with a dash: with
letters, digits and dashes only behind it, they call nothing."""


def oddity(id: str) -> str | None:
    """Why an id cannot stand in a submission, or None if it can."""
    if not id:
        return "is empty"
    if CONTROL.search(id):
        return "holds a line break or another control character"
    if not SEPARATORS.isdisjoint(id):
        return "holds a comma or a quote"
    if FORMULA.match(id):
        return "begins as a formula does, which spreadsheets compute"
    return None
