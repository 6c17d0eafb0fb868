"""Figures in the page: a specification each, and once the scripts and the theme."""

import csv
import functools
import io
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import altair as alt
import vl_convert
from markupsafe import Markup

from yt8m.report.charts.theme import CONFIG
from yt8m.report.scripts import embedded

FOLDER = Path(__file__).parent

_ELEMENT = Markup("""<div class="chart {style}" role="figure" aria-label="{description}">\
<script type="application/json">{spec}</script>\
<noscript><p>This chart needs JavaScript; the page's numbers do not.</p></noscript></div>""")


def inline(rows: Sequence[Mapping[str, str | float | None]]) -> alt.InlineData:
    """Rows with the same keys as data inside a specification: CSV, which has each key once."""
    columns = list(rows[0])
    kinds = {
        name: "string" if any(isinstance(row[name], str) for row in rows) else "number"
        for name in columns
    }
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, lineterminator="\n", quoting=csv.QUOTE_NONNUMERIC)
    writer.writeheader()
    writer.writerows(rows)
    return alt.InlineData(text.getvalue(), format=alt.CsvDataFormat(type="csv", parse=kinds))


def element(chart: alt.TopLevelMixin, description: str, style: str = "") -> Markup:
    """A figure's place in the page, with its specification.

    Raises altair.SchemaValidationError if it is not valid Vega-Lite. style: CSS classes.
    """
    spec = chart.properties(description=description).to_dict()
    for word in ("$schema", "config"):
        spec.pop(word, None)
    text = json.dumps(spec, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    return _ELEMENT.format(style=style, description=description, spec=Markup(text))


@functools.cache
def scripts() -> Markup:
    """Vega-Embed with all that it needs, and the code that draws every figure of the page."""
    theme = f"const theme = {json.dumps(CONFIG, separators=(',', ':'))};"
    drawing = (FOLDER / "charts.js").read_text(encoding="utf-8")
    return embedded(vl_convert.javascript_bundle(), f"{theme}\n{drawing}")


def styles() -> Markup:
    """The CSS of figures, which uses the page's variables."""
    return Markup((FOLDER / "charts.css").read_text(encoding="utf-8"))
