"""Ensembles whose members are chosen, in the config."""

import copy

import pytest

from tests.small import config
from yt8m.config.best import Best
from yt8m.config.experiment import read_experiment
from yt8m.errors import ConfigError
from yt8m.recipes import read_settings


def read(teacher, **run):
    """The small experiment with another entry of the teacher, and other settings of `run`."""
    words = copy.deepcopy(config())
    words["ensembles"]["teacher"] = teacher
    words["run"].update(run)
    return read_experiment(words)


def test_one_candidate_needs_no_list():
    assert read_settings(Best, {"of": "vlad", "count": 1}, "best") == Best(("vlad",), count=1)


def test_all_candidates_are_made_and_their_teachers():
    experiment = read({"best": {"of": ["vlad", "bag"], "count": 1}})
    assert sorted(experiment.made_models()) == ["bag", "student", "vlad"]
    words = copy.deepcopy(config())
    words["ensembles"]["final"] = {"best": {"of": ["student", "memory"], "count": 1}}
    experiment = read_experiment(words)
    assert sorted(experiment.made_models()) == ["bag", "memory", "student", "vlad"]
    assert experiment.teachers() == ["teacher"]


TWO = {"of": ["vlad", "bag"], "count": 2}


@pytest.mark.parametrize(
    ("teacher", "run", "says"),
    [
        ({"best": {**TWO, "count": 3}}, {}, ".best.count: is 3, but `of` names only 2: bag, vlad"),
        ({"best": {**TWO, "count": 0}}, {}, ".best.count: is 0; 1 or more"),
        ({"best": {"count": 1}}, {}, ".best.of: is missing"),
        ({"best": {"of": [], "count": 1}}, {}, ".best.count: is 1, but `of` names only 0: none"),
        ({"best": {"of": ["vlad", "vlad"], "count": 1}}, {}, ".best.of: names vlad more than once"),
        ({"best": {"of": ["vlda"], "count": 1}}, {}, ".best.of: there is no model 'vlda', did you"),
        ({"best": {"of": 3, "count": 1}}, {}, ".best.of: is 3; expected a list"),
        ({"best": {**TWO, "by": "size"}}, {}, ".best.by: is 'size'; expected one of 'gap', 'map'"),
        ({"best": {**TWO, "split": "train"}}, {}, ".best.split: is 'train', which candidates were"),
        (
            {"best": {**TWO, "split": "test"}},
            {},
            ".best.split: is 'test'; name one of run.evaluate",
        ),
        ({"best": TWO}, {"evaluate": ["train"], "predict": []}, ".best: needs a split in run.eval"),
        ({"best": TWO, "members": {"vlad": 1.0}}, {}, ": give either `members`"),
        ({"best": TWO, "folder": "theirs"}, {}, ": give either `members`"),
        ({}, {}, ": give either `members`"),
    ],
)
def test_what_cannot_be_chosen_is_refused(teacher, run, says):
    with pytest.raises(ConfigError) as error:
        read(teacher, **run)
    assert f"ensembles.teacher{says}" in str(error.value)


def test_an_ensemble_cannot_choose_among_its_own_students():
    says = "ensembles.teacher: is its own teacher: teacher <- teacher"
    with pytest.raises(ConfigError, match=says):
        read({"best": {"of": ["vlad", "student"], "count": 1}})


GRID = {"of": "vlad", "grid": {"clusters": [4, 8]}, "seeds": 2}


def read_variants(best, variants=GRID):
    words = copy.deepcopy(config()) | {"variants": variants}
    words["ensembles"]["teacher"] = {"best": best}
    return read_experiment(words)


def test_a_model_with_variants_stands_for_all_of_them_each_once():
    experiment = read_variants({"of": ["vlad", "bag"], "count": 5})
    names = experiment.variants["vlad"]
    assert len(names) == 4 and experiment.ensembles["teacher"].best.of == (*names, "bag")
    again = read_variants({"of": ["vlad", names[-1]], "count": 1})
    assert sorted(again.ensembles["teacher"].candidates) == sorted(names)


@pytest.mark.parametrize(
    ("best", "says"),
    [
        ({"of": "vlad", "count": 5}, "best.count: is 5, but `of` names only 4: vlad"),
        ({"of": "vladd", "count": 1}, "best.of: there is no model 'vladd', did you mean 'vlad"),
    ],
)
def test_mistakes_count_variants_too(best, says):
    with pytest.raises(ConfigError) as error:
        read_variants(best)
    assert f"ensembles.teacher.{says}" in str(error.value)


def test_candidates_with_equal_settings_are_refused():
    words = copy.deepcopy(config())
    words["models"]["same"] = words["models"]["vlad"]
    words["ensembles"]["teacher"] = {"best": {"of": ["vlad", "same"], "count": 1}}
    with pytest.raises(ConfigError, match=r"teacher\.best\.of: has both vlad and same, w"):
        read_experiment(words)


def test_a_variant_that_the_ensemble_would_teach_is_no_candidate():
    taught = {"of": "student", "grid": {"clusters": [2, 8]}}
    with pytest.raises(ConfigError, match="teacher: is its own teacher: teacher <- teacher"):
        read_variants({"of": "student", "count": 1}, taught)
