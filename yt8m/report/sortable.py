"""Tables of the page that a click on a title sorts: those with the CSS class `sortable`.

Without scripts they are plain tables. They are sorted by what their cells show, or by the `key` of
a cell that shows something else, such as bytes with units.
"""

from pathlib import Path

from markupsafe import Markup

LOOK = Markup(' class="sortable"')
"""What the template's `show` adds to the tag of a table to make it sortable."""


def sortable_script() -> Markup:
    """The `<script>` for all tables of a page; once per page, after them."""
    use = Path(__file__).with_name("sortable.js").read_text(encoding="utf-8")
    return Markup('<script type="module">\n{}</script>').format(Markup(use))
