from yt8m.report.drawing.svg import element


def test_an_element_escapes_what_it_is_given():
    assert (
        element("text", "a < b", x=1.0, class_='"') == '<text x="1" class="&#34;">a &lt; b</text>'
    )
    assert element("g", element("line", x1=0.25)) == '<g><line x1="0.2"/></g>'
