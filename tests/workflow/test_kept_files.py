"""The files that an ensemble of one's own features or videos takes over from its records."""

from types import SimpleNamespace

import pytest

from tests.own_data import features
from tests.video import table
from tests.workflow.test_plan import plan_of
from yt8m.artefacts import BESIDE, LABELS, PROJECTIONS
from yt8m.workflow.flags import Flags

FROM_ARRAYS = "--projections r/data/projections.safetensors"
NAMED = "--label-names r/data/labels.csv"


@pytest.fixture(params=["features", "videos"])
def made(request, tmp_path, monkeypatch):
    """The kind of a source, and a change of the config to it."""
    monkeypatch.chdir(tmp_path)
    if request.param == "features":
        features.write_features(tmp_path, videos=10)
        settings = {"source": features.SOURCE, "classes": 5, "features": features.SIZES}
    else:
        table.write_videos(tmp_path, videos=6)
        settings = {"source": table.SOURCE, "classes": 3, "features": table.SIZES}
    return request.param, settings


def flags_of(plan):
    kept = {"projections": plan.projections(), "extraction": plan.extraction()}
    return Flags(plan).preprocessing(SimpleNamespace(**kept, names=plan.own_names))


def test_an_ensemble_keeps_projections_names_and_for_videos_the_extractors(made):
    kind, settings = made

    def change(c):
        c["dataset"].update(settings)
        c["training"]["batch_size"] = 2

    plan = plan_of(change)
    files = BESIDE if kind == "videos" else (LABELS, PROJECTIONS)
    assert plan.beside("e") == [f"e/{file}" for file in files]
    extraction = "--extraction r/data/extracted/extraction.json" if kind == "videos" else ""
    assert flags_of(plan).split() == f"{FROM_ARRAYS} {extraction} {NAMED}".split()
    assert plan.projections_in("final") == plan.projections()
    assert plan.experiment.dataset.raw_bytes > 0


def test_without_raw_the_projections_are_kept_but_not_in_the_graph(made):
    def change(c):
        c["dataset"].update(made[1])
        c["training"]["batch_size"] = 2
        c["ensembles"]["final"]["raw"] = False

    plan = plan_of(change)
    assert plan.projections_in("final") == [] and plan.projections_in("teacher") != []
    assert Flags(plan).raw("final") == "--no-raw" and Flags(plan).raw("teacher") == ""
    assert FROM_ARRAYS in flags_of(plan)


def test_ensembles_of_given_records_keep_nothing():
    plan = plan_of(lambda c: c["ensembles"]["final"].update(raw=False))
    assert plan.beside("e") == [] and flags_of(plan) == ""
    assert Flags(plan).raw("final") == "" and plan.experiment.dataset.raw_bytes == 0
