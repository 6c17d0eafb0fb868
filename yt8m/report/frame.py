"""What pages of results share: self-contained HTML with one look, figures and sortable tables."""

from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from yt8m.report.charts.embedding import scripts, styles
from yt8m.report.sortable import LOOK, sortable_script


def render_page(template: str, title: str, summary: str, style: str = "", **content: Any) -> str:
    """A page with styles, scripts and the libraries of its figures inside.

    template: an extension of `report/frame.html`, as a path in the library. summary: a line below
    the title. style: CSS of this page alone. content: what else the template shows.
    """
    environment = Environment(
        loader=PackageLoader("yt8m", "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template(template).render(
        title=title,
        summary=summary,
        style=_source("style.css") + styles() + Markup(style),
        script=_source("page.js"),
        scripts=scripts(),
        sortable=LOOK,
        sortable_script=sortable_script(),
        **content,
    )


def _source(name: str) -> Markup:
    return Markup(Path(__file__).with_name(name).read_text(encoding="utf-8"))
