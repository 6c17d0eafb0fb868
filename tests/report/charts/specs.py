"""Figures taken apart: their specification, its data, and the picture that it compiles to."""

import csv
import io
import json
import re
from xml.etree import ElementTree

import vl_convert

from yt8m.report.charts.theme import CONFIG


def spec_of(figure: str) -> dict:
    """The specification in a figure's element."""
    return json.loads(re.search(r'<script type="application/json">(.*?)</script>', figure)[1])


def layer(spec: dict, name: str) -> dict:
    """The layer of this name."""
    return next(each for each in spec["layer"] if each.get("name") == name)


def rows(spec: dict, name: str) -> list[dict]:
    """The data of a layer, read by another reader of CSV than the browser's."""
    data = layer(spec, name).get("data") or spec["data"]
    kinds = data["format"]["parse"]
    return [
        {k: float(v) if kinds[k] == "number" and v else v for k, v in row.items()}
        for row in csv.DictReader(io.StringIO(spec["datasets"][data["name"]]))
    ]


def compiled(spec: dict) -> ElementTree.Element:
    """The picture, drawn by Vega itself."""
    return ElementTree.fromstring(vl_convert.vegalite_to_svg({**spec, "config": CONFIG}))


def texts(picture: ElementTree.Element) -> list[str]:
    """All text in a picture."""
    return [text for each in picture.findall(".//{*}text") if (text := "".join(each.itertext()))]
