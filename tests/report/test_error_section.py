"""The section of errors: its tables, and what happens without the files that it shows."""

import re
import shutil

import numpy as np
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from tests.report.fabricated import other_facts
from yt8m.calibration.score_counts import ScoreCounts
from yt8m.cli import main
from yt8m.error_analysis.confusions import ConfusedClasses
from yt8m.error_analysis.mistakes import MistakenVideos
from yt8m.errors import ArtefactError
from yt8m.report.classes import positives_needed
from yt8m.report.error_section import error_section
from yt8m.report.error_tables import (
    confused_classes,
    false_predictions,
    largest_losses,
    missed_labels,
)
from yt8m.report.number_format import metric, signed
from yt8m.report.page import render
from yt8m.report.reading import read_content
from yt8m.workflow.layout import Layout


def section_of(html: str) -> str:
    return html.split('<section id="errors">')[1].split("</section>")[0]


def folds_of(content) -> dict[str, list[list[str]]]:
    """Title -> the texts of its rows."""
    found = error_section(content, Layout("."), None).folds
    return {f.title: [[cell.text for cell in row.cells] for row in f.table.rows] for f in found}


def test_the_tables_are_of_the_final_ensembles_files(content):
    folds, errors = folds_of(content), content.errors
    assert len(folds) == 5 and all(0 < len(rows) <= 50 for rows in folds.values())
    worst = errors.mistakes.found["false_prediction"][0]
    name = content.classes["final"].names[worst.wrong.index]
    first = folds["Most confident false predictions"][0]
    assert first[:3] == [worst.video.id, name, f"{worst.wrong.probability:.3f}"]
    label = worst.video.labels[0]
    assert first[3].startswith(f"{errors.mistakes.names[label.index]} {label.probability:.3f}")
    pair = folds["Labels, and what is predicted in their place"][0]
    assert pair[:2] == [errors.confusions.label_names[0], errors.confusions.predicted_names[0]]
    lost = [float(row[1]) for row in folds["Videos with the largest loss"]]
    assert lost == sorted(lost, reverse=True) and len(lost) == 20


def test_gains_are_differences_of_the_tables_of_classes(fabricated, content):
    """The classes with the largest gains, and those with losses: here quantisation has both."""
    folder, _ = fabricated
    ema, quantised = (
        pq.read_table(folder / f"models/vlad_student/{stage}/classes.validate.parquet")
        for stage in ("ema", "quantised")
    )
    before, after = (t["average_precision"].to_numpy() for t in (ema, quantised))
    enough = [c for c in range(40) if ema["positives"][c].as_py() >= 10]
    assert positives_needed(content.classes["final"]) == 10
    ordered = sorted(enough, key=lambda c: -(after - before)[c])
    ends = [c for c in ordered[:5] if after[c] > before[c]]
    ends += [c for c in ordered[-5:] if after[c] < before[c]]
    rows = folds_of(content)["What each step changed, class by class"]
    rows = [row[1:] for row in rows if row[0] == "vlad_student, ema to quantised"]
    names = content.classes["final"].names
    numbers = [(metric(before[c]), metric(after[c]), signed(after[c] - before[c])) for c in ends]
    assert len(rows) >= 5 and [row[0] for row in rows] == [names[c] for c in ends]
    assert [tuple(row[2:]) for row in rows] == numbers


def test_the_command_writes_the_gains_and_links_to_them(fabricated, tmp_path):
    folder, _ = fabricated
    gains = tmp_path / "gains.parquet"
    line = ["report", str(folder), "--out", str(tmp_path / "page.html")]
    done = CliRunner().invoke(main, [*line, "--class-gains-out", str(gains)])
    assert done.exit_code == 0, done.output
    rows = pq.read_table(gains).to_pylist()
    stages = list(dict.fromkeys((row["graph"], row["stage"]) for row in rows))
    models = [(m, s) for m in ("vlad", "words") for s in ("trained", "ema", "quantised")]
    assert stages[:7] == [*models, ("teacher", "ensemble")] and stages[-1] == ("final", "ensemble")
    assert len(rows) == len(stages) * 40
    for row in rows:
        assert (row["gain"] is None) == (row["stage"] == "trained")
        assert row["stage"] != "quantised" or row["before_stage"] == "ema"
    links = re.findall(r'href="([^"]*)"', section_of((tmp_path / "page.html").read_text()))
    assert "gains.parquet" in links and all(
        (tmp_path / link).is_file() for link in links if "#" not in link
    )


def test_a_run_without_the_files_says_so(fabricated, tmp_path):
    folder, arguments = fabricated
    shutil.copytree(folder, tmp_path / "old")
    for word in ("mistakes", "confusions"):
        (tmp_path / f"old/ensembles/final/{word}.validate.parquet").unlink()
    content = read_content(tmp_path / "old", **arguments)
    section = error_section(content, Layout("."), None)
    missing = "Not shown, since the run has no files of them: its worst videos and its confusions."
    assert section.missing == missing and section.summary == "" and section.links == []
    assert list(folds_of(content)) == ["What each step changed, class by class"]


def test_calibration_is_drawn_unless_the_page_has_it_elsewhere(fabricated, content, tmp_path):
    folder, arguments = fabricated
    shutil.copytree(folder, tmp_path / "own")
    counts = ScoreCounts(40)
    counts.add(np.full((2, 40), 0.75, np.float32), np.eye(2, 40) > 0)
    errors, graph = content.errors, content.errors.mistakes.origin.graph
    path = tmp_path / "own/ensembles/final/scores.validate.parquet"
    counts.write(path, errors.split, graph, errors.mistakes.origin.records)
    (tmp_path / "own/ensembles/final/calibration.json").unlink()
    drawn = error_section(read_content(tmp_path / "own", **arguments), Layout("."), None)
    assert drawn.calibration and not drawn.calibration_elsewhere and drawn.missing == ""
    section = error_section(content, Layout("."), None)
    assert section.calibration is None and section.calibration_elsewhere


def test_a_run_that_evaluates_the_training_split_alone_has_no_errors(fabricated, tmp_path):
    folder, arguments = fabricated
    shutil.copytree(folder, tmp_path / "own")
    other_facts(tmp_path / "own", train="validate")
    content = read_content(tmp_path / "own", **arguments)
    assert content.errors is None and "this run evaluates none" in section_of(render(content))
    line = ["report", str(tmp_path / "own"), "--out", str(tmp_path / "page.html")]
    done = CliRunner().invoke(main, [*line, "--class-gains-out", str(tmp_path / "gains.parquet")])
    assert done.exit_code == 1 and "has not evaluated all stages" in done.output


def test_files_about_other_records_are_refused(fabricated, tmp_path):
    folder, arguments = fabricated
    shutil.copytree(folder, tmp_path / "other")
    path = tmp_path / "other/ensembles/final/confusions.validate.parquet"
    table = pq.read_table(path)
    metadata = table.schema.metadata | {b"records": b"others"}
    pq.write_table(table.replace_schema_metadata(metadata), path)
    with pytest.raises(ArtefactError, match=r"confusions\.validate\.parquet: is about other rec"):
        read_content(tmp_path / "other", **arguments)


def test_the_section_stays_small_whatever_the_run():
    """Few rows, and few labels in a cell: here 25 videos of 1,300 labels, and 2,500 pairs."""
    rng = np.random.default_rng(0)
    predictions = rng.random((25, 1400), np.float32)
    labels = np.zeros((25, 1400), bool)
    labels[:, :1300] = True
    names = [f"Entity {c}" for c in range(1400)]
    mistakes, confusions = MistakenVideos(names), ConfusedClasses(names)
    ids = [f"v{n}" for n in range(25)]
    mistakes.add(ids, rng.random(25), predictions, labels)
    confusions.add(ids[:1], rng.random(1), predictions[:1], labels[:1])
    found = mistakes.mistakes("validate", "g", "r")
    tables = [largest_losses(found), false_predictions(found), missed_labels(found)]
    tables.append(confused_classes(confusions.confusions("validate", "g", "r")))
    texts = [cell.text for table in tables for row in table.rows for cell in row.cells]
    assert [len(table.rows) for table in tables] == [20, 20, 20, 50]
    assert sum(map(len, texts)) < 20_000 and any(t.endswith(" and 1,295 more") for t in texts)
