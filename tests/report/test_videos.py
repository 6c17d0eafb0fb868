import re
from dataclasses import replace

import pytest

from yt8m.artefacts import read_fingerprint
from yt8m.error_analysis.videos import Scored, Video
from yt8m.errors import ArtefactError
from yt8m.metrics.origin import Origin
from yt8m.outputs.shown_videos import Extremes, Shown
from yt8m.report.page import render
from yt8m.report.reading import read_content

PICTURE = "data:image/jpeg;base64,/9j/4A=="


def extremes_of(content, graph: str) -> Extremes:
    """Invented videos."""
    best = [Video("clips/<b>.mp4", 0.25, [Scored(2, 0.9)], [Scored(2, 0.9), Scored(0, 0.125)])]
    worst = [Video("lost", 12.5, [], [Scored(1, 0.625)]), *best]
    shown = {best[0].id: Shown({5: b"\xff\xd8\xff\xe0", 65: b"\xff\xd8\xff\xe0"})}
    shown["lost"] = Shown({}, "cannot be read (No such file or directory).")
    return Extremes(
        Origin("validate", graph, content.manifests["validate"].digest), best, worst, shown
    )


@pytest.fixture
def with_videos(fabricated, content):
    """The folder of the invented run, with thumbnails of the final ensemble's videos."""
    folder, _ = fabricated
    graph = read_fingerprint(folder / "ensembles/final/fingerprint.json")["digest"]
    path = folder / "ensembles/final/thumbnails.validate.json"
    extremes_of(content, graph).write(path)
    yield path
    path.unlink()


def test_the_page_shows_the_best_and_worst_videos(fabricated, content, with_videos):
    folder, arguments = fabricated
    read = read_content(folder, **arguments)
    html = render(read)
    section = html.split('<section id="videos">')[1].split("</section>")[0]
    assert section.count(PICTURE) == html.count("<img ") == 4
    assert section.count("<article") == 3 and section.index("12.500") < section.index("0.250")
    assert "clips/&lt;b&gt;.mp4 at 1:05" in section and "<b>.mp4" not in section
    assert "No pictures: cannot be read (No such file" in section and "none" in section
    names = content.classes["final"].names
    found = re.findall(r'class="label( right)?">([^&]*)&nbsp;<i>([\d.]+)', section)
    of_best = [("", names[2], "0.900"), (" right", names[2], "0.900"), ("", names[0], "0.125")]
    assert found == [("", names[1], "0.625"), *of_best, *of_best]
    assert "http" not in section and not re.search(r'src="(?!data:)', html)


def test_a_run_without_videos_has_no_section_and_other_videos_are_refused(
    fabricated, content, with_videos
):
    folder, arguments = fabricated
    assert content.extremes is None and "videos</h2>" not in render(content)
    read = read_content(folder, **arguments)
    other = replace(read.extremes.origin, records="other")
    replace(read.extremes, origin=other).write(with_videos)
    with pytest.raises(ArtefactError, match="is about other records"):
        read_content(folder, **arguments)
