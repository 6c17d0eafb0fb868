"""Which recipes count in the digest of a step's code, besides the modules that it lists."""

import pytest

from tests.workflow.test_plan import plan_of, validating
from yt8m.workflow import code
from yt8m.workflow.code import Code


@pytest.fixture
def of(monkeypatch):
    """The code of the small experiment, with sets of modules in place of their digests."""
    monkeypatch.setattr(code, "digest_of", lambda *modules: set(modules))

    def quantised(c):
        c["models"]["vlad"] = {**c["models"]["vlad"], "quantise": {"quantiser": {"kind": "kmeans"}}}
        c["ensembles"]["teacher"] = {"members": {"vlad": 0.5, "bag": 0.5}}
        c["ensembles"]["final"]["compress"] = {"quantisers": [{"kind": "float16"}]}

    return Code(plan_of(quantised))


VLAD = {"yt8m.models.netvlad", "yt8m.classifiers.moe"}
KMEANS = {"yt8m.compression.quantisers.kmeans"}


def test_a_source_counts_with_its_recipe(of):
    assert "yt8m.data.sources.generated" in of.of_source()


def test_training_counts_the_recipe_and_no_quantiser(of):
    assert of.of_training("vlad") == {"yt8m.training.run"} | VLAD


def test_only_a_model_that_is_validated_counts_what_measures_it(monkeypatch):
    monkeypatch.setattr(code, "digest_of", lambda *modules: set(modules))
    of = Code(plan_of(validating))
    assert of.of_training("bag") - of.of_training("vlad") >= {"yt8m.training.sample"}


def test_a_quantised_model_counts_its_quantiser_too(of):
    assert of.of_stored_model(["a"], "vlad") == {"a"} | VLAD | KMEANS


def test_quantising_counts_the_quantiser_and_no_model(of):
    assert of.of_quantiser(["a"], "vlad") == {"a"} | KMEANS


def test_an_ensemble_counts_its_members_and_the_quantisers_it_may_use(of):
    uniform = {"yt8m.compression.quantisers.uniform"}
    teacher = of.of_ensemble(["a"], "teacher")
    assert {"a"} | VLAD | KMEANS | {"yt8m.models.gated_dbof"} | uniform <= teacher
    assert "yt8m.models.bilstm" not in teacher
    final = of.of_ensemble(["a"], "final")
    assert {"yt8m.compression.quantisers.float16", *VLAD} <= final and not KMEANS & final
