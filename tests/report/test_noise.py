import re
from dataclasses import replace

import pytest

from yt8m.report.noise import NOISE, caveat, look
from yt8m.report.page import render

MEASURES = dict.fromkeys(("map", "perr", "hit_at_one", "loss"), 0.5)


@pytest.mark.parametrize("sign", [1, -1])
def test_a_difference_has_a_colour_from_the_noise_on_as_it_is_shown(sign):
    colour = "gain" if sign > 0 else "drop"
    assert look(sign * NOISE) == look(sign * (NOISE - 0.00004)) == colour
    assert look(sign * (NOISE - 0.00006)) == look(0.0) == "noise"
    assert caveat(sign * NOISE) == "" and caveat(sign * 0.001) == ", within noise"


def nearly_equal(model):
    """A model that quantisation changes by less than noise."""
    gap = model.stages["ema"].measures["validate"]["gap"] + NOISE / 2
    quantised = replace(model.stages["quantised"], measures={"validate": {**MEASURES, "gap": gap}})
    return replace(model, stages={**model.stages, "quantised": quantised})


def test_no_difference_within_noise_is_coloured_on_the_page(content):
    models = {name: nearly_equal(model) for name, model in content.models.items()}
    html = render(replace(content, models=models))
    cells = re.findall(r'<td class="number  (\w*)"[^>]*>([+±\N{MINUS SIGN}][\d.]+)</td>', html)
    assert {mark for mark, _ in cells} == {"", "noise", "gain", "drop"}
    for mark, text in cells:
        if mark:  # differences of AP have no colour at all
            value = float(text.replace("\N{MINUS SIGN}", "-").replace("±", ""))
            assert mark == look(value)
    assert f'<span class="noise">grey</span> below {NOISE}' in html
