"""The reference of all settings and the JSON schema, both written from the settings classes."""

import copy
import re
from pathlib import Path

import jsonschema
import pytest
import yaml
from click.testing import CliRunner

from tests.config.full import VARIANTS, full_config
from tests.small import config
from yt8m.cli import main
from yt8m.config.describe import MARK, describe
from yt8m.config.experiment import read_experiment
from yt8m.config.model import COMMON
from yt8m.config.schema import config_schema, schema_text
from yt8m.config.sections import sections
from yt8m.recipes import as_entry, kinds
from yt8m.strict import fields_of

ROOT = Path(__file__).parents[2]
CONFIGS = sorted((ROOT / "config").glob("*.yaml"))
SCHEMA = config_schema()
WRITE = "run `python -m yt8m settings --write .`"


def mistakes(content) -> list[str]:
    return [e.message for e in jsonschema.Draft202012Validator(SCHEMA).iter_errors(content)]


def test_the_readme_lists_the_settings_as_they_are():
    assert (ROOT / "config/README.md").read_text().partition(MARK)[2] == f"\n{describe()}", WRITE


def test_the_schema_file_is_that_of_the_settings():
    assert (ROOT / "workflow/schemas/config.schema.yaml").read_text() == schema_text(), WRITE


def test_every_setting_of_every_kind_has_a_meaning_and_a_row():
    text, described = describe(), 0
    for section in sections():
        for word, info in section.fields().items():
            assert info.description, (section, word)
            assert f"| `{word}` |" in text, (section, word)
            described += 1
    assert described > 120
    assert not re.findall(r"^\|[^|]*\|[^|]*\|[^|]*\|\s*\|$", text, re.M)


WITH_DEFAULTS = [s for s in sections() if s.default is not None and "<name>" not in s.word]


@pytest.mark.parametrize("section", WITH_DEFAULTS, ids=lambda section: section.word)
def test_a_section_with_one_setting_gets_the_documented_defaults_for_the_others(section):
    content = copy.deepcopy(config())
    *above, last = section.word.split(".")
    at = content
    for word in above:
        at = at.setdefault(word, {})
    first = next(iter(section.fields()))
    at[last] = {first: as_entry(section.default)[first]}
    found = read_experiment(content)
    found = found.models["vlad"] if section.word.split(".")[0] in COMMON else found
    for word in section.word.split("."):
        found = getattr(found, word)
    assert found == section.default


def test_sections_reach_every_settings_class():
    found = {section.cls for section in sections()}
    names = {cls.__name__ for cls in found}
    assert {"Training", "FrameSampling", "Recovery", "TrainingJob", "Checks", "Card"} <= names
    packages = ("yt8m.models", "yt8m.classifiers", "yt8m.compression.quantisers")
    for package in (*packages, "yt8m.data.sources"):
        assert {f"{package}.{k}" for k in kinds(package)} <= {cls.__module__ for cls in found}


def test_the_schema_is_one_and_is_not_the_same_for_all():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    assert mistakes({}) == [] and mistakes(5)


@pytest.mark.parametrize("path", CONFIGS, ids=lambda path: path.name)
def test_configs_fit_the_schema_and_tell_editors_of_it(path):
    text = path.read_text()
    told = re.match(r"# yaml-language-server: \$schema=(\S+)\n", text)
    assert (path.parent / told[1]).resolve() == ROOT / "workflow/schemas/config.schema.yaml"
    assert mistakes(yaml.safe_load(text)) == []


def test_a_config_with_every_setting_written_out_fits_the_schema():
    assert mistakes({**full_config(), "variants": VARIANTS}) == []
    assert mistakes({"variants": VARIANTS[0]}) == []


@pytest.mark.parametrize(
    ("place", "value"),
    [
        ("modles", {}),
        ("models.vlad.clutsers", 3),
        ("models.vlad.clusters", 1),
        ("models.vlad.kind", "netvald"),
        ("models.vlad.classifier", {"kind": "moe", "l3": 1}),
        ("models.bag.light", True),
        ("models.vlad.training", {"epochs": 0}),
        ("models.vlad.name", "x"),
        ("dataset.source.kind", "records"),
        ("dataset.classes", True),
        ("training.loss", "mse"),
        ("variants", {"of": "vlad", "gird": {}}),
        ("variants", [{"of": "vlad", "grid": {"clusters": 8}}]),
        ("models.vlad.seeds", 0),
        ("ensembles.final.budget_bytes", "5 potatoes"),
        ("resources", {"train": {"gpu": -1}}),
    ],
)
def test_the_schema_refuses_what_the_workflow_refuses(place, value):
    content = yaml.safe_load(yaml.safe_dump(config()))
    assert mistakes(content) == []
    *above, last = place.split(".")
    at = content
    for word in above:
        at = at[word]
    at[last] = value
    assert mistakes(content)


@pytest.mark.parametrize(
    "more",
    [
        {"models!": {"a": {"kind": "logistic"}}},
        {"training": {"frames!": {"kind": "all"}}},
        {"models": {"a": {"kind": "my_package.my_model", "whatever": 3}}},
        {"models": {"bag": {"clusters": 512}}},
        {"dataset": {"source": {"kind": "features", "projections": {"a": {"kind": "scale"}}}}},
        {"ensembles": {"final": {"budget_bytes": "1.5 GB"}}},
    ],
)
def test_the_schema_lets_pass_what_the_workflow_takes(more):
    assert mistakes(more) == []


def test_the_schema_reaches_recipes_by_name():
    source = {"kind": "features", "projections": {"a": {"kind": "scale", "lo": 1}}}
    assert mistakes({"dataset": {"source": source}})


def test_limits_and_defaults_reach_editors():
    epochs = SCHEMA["$defs"]["Training"]["properties"]["epochs"]
    assert (epochs["minimum"], epochs["maximum"], epochs["default"]) == (1, 10**6, 10)
    assert epochs["description"] == fields_of(_class("training"))["epochs"].description


def _class(word: str) -> type:
    return next(section.cls for section in sections() if section.word == word)


def test_one_command_prints_and_writes_both(tmp_path):
    run = CliRunner().invoke
    assert run(main, ["settings"]).output == describe()
    assert run(main, ["settings", "--schema"]).output == schema_text()
    for name in ("config/README.md", "workflow/schemas/config.schema.yaml"):
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).write_text(f"# Above\n\n{MARK}\nold")
    assert run(main, ["settings", "--write", str(tmp_path)]).exit_code == 0
    assert (tmp_path / "config/README.md").read_text() == f"# Above\n\n{MARK}\n{describe()}"
    assert (tmp_path / "workflow/schemas/config.schema.yaml").read_text() == schema_text()
