"""`yt8m describe`: what the models of a config will cost."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from tests.small import config
from tests.soaking import soak
from yt8m.cli import main
from yt8m.describing.budgets import LEAST_GRAPH_BYTES

ROOT = Path(__file__).parents[2]
MEASURED = """
import sys
from pathlib import Path
from yt8m.cli import main
main(["describe", sys.argv[1]], standalone_mode=False)
(line,) = [x for x in Path("/proc/self/status").read_text().splitlines() if "VmHWM" in x]
print("PEAK", int(line.split()[1]) * 1024)
"""


def describe(*arguments):
    return CliRunner().invoke(main, ["describe", *map(str, arguments)])


@pytest.fixture
def small(tmp_path):
    path = tmp_path / "small.yaml"
    path.write_text(yaml.safe_dump(json.loads(json.dumps(config()))))
    return path


def row(text, name):
    """Numbers in the row of a name, for every table that has one."""
    lines = re.findall(rf"^{name}  +(.*)$", text, re.M)
    return [[int(n.replace(",", "")) for n in re.findall(r"(?<!\S)-?\d[\d,]*", x)] for x in lines]


def test_every_model_and_ensemble_has_a_row(small):
    result = describe(small)
    assert result.exit_code == 0, result.output
    for name in ("vlad", "bag", "memory", "student"):
        sizes, work = row(result.output, name)
        assert sizes[1] == 4 * sizes[0]  # float32
        assert work[1:3] == [10, 10]  # batch, frames
    (final,) = row(result.output, "final")
    size, graph = row(result.output, "student")[0][-1], final[2]
    assert final == [1, size, graph, 10_000_000, 10_000_000 - size - graph]
    assert "assignment/kernel" not in result.output


def test_one_model_is_shown_variable_by_variable(small):
    result = describe(small, "--model", "vlad")
    assert result.exit_code == 0, result.output
    (sizes, _) = row(result.output, "vlad")
    variables = row(result.output, r"\w+(?:/\w+)+")
    # The shape comes first; then elements, bytes, bytes with 16, 8, 4 and 2 bits, stored bytes.
    assert sum(v[-len(sizes)] for v in variables) == sizes[0]
    assert sum(v[-1] for v in variables) == sizes[-1]
    assert not row(result.output, "bag") and not row(result.output, "final")
    assert "bidirectional/forward" in describe(small, "--variables").output


def test_a_second_config_file_overrides_the_first(small, tmp_path):
    above = tmp_path / "above.yaml"
    above.write_text("models: {vlad: {hidden: 16}}\ntraining: {batch_size: 20}\n")
    before, after = (
        describe(*files, "--model", "vlad").output for files in [[small], [small, above]]
    )
    (sizes, work), (new_sizes, new_work) = row(before, "vlad"), row(after, "vlad")
    assert new_sizes[0] > sizes[0]
    assert (work[1], new_work[1]) == (10, 20)


@pytest.mark.parametrize(
    ("quantisers", "column"),
    [
        (None, -1),
        ([{"kind": "uniform", "bits": 8}, {"kind": "uniform", "bits": 2}], 5),
        soak([{"kind": "float16"}], 2),
    ],
)
def test_an_impossible_budget_is_an_error_after_the_tables(tmp_path, quantisers, column):
    settings = json.loads(json.dumps(config()))
    path = tmp_path / "c.yaml"

    def with_budget(budget):
        settings["ensembles"]["final"] = {"members": {"student": 1.0}, "budget_bytes": budget}
        if quantisers:
            compress = {"quantisers": quantisers, "min_elements": 100}
            settings["ensembles"]["final"]["compress"] = compress
        path.write_text(yaml.safe_dump(settings))
        return describe(path)

    wide = with_budget(10_000_000)
    ((_, least, graph, _, _),) = row(wide.output, "final")
    assert least == row(wide.output, "student")[0][column]
    assert graph > LEAST_GRAPH_BYTES
    enough = least + graph
    assert with_budget(enough).exit_code == 0
    result = with_budget(enough - 1)
    assert result.exit_code == 1
    assert f"error: ensembles.final.budget_bytes: is {enough - 1:,}; its members" in result.output
    assert row(result.output, "final") == [[1, least, graph, enough - 1, -1]]


def test_mistakes_are_errors_of_one_line(small, tmp_path):
    result = describe(small, "--model", "vald")
    assert result.exit_code == 1
    assert "there is no model 'vald'; `models` defines bag, memory" in result.output
    broken = tmp_path / "broken.yaml"
    broken.write_text("models: {a: [")
    result = describe(broken)
    assert result.exit_code == 1 and "is not valid YAML" in result.output
    assert len(result.output.strip().splitlines()) == 1
    broken.write_text("- 1\n")
    assert "expected a mapping" in describe(broken).output


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="Linux tells its peak there")
def test_the_full_config_is_described_without_shards_in_little_memory_and_meets_its_budgets(
    monkeypatch,
):
    monkeypatch.delenv("YT8M_FRAMES", raising=False)
    done = subprocess.run(
        [sys.executable, "-c", MEASURED, ROOT / "config" / "yt8m.yaml"],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    peak = int(re.search(r"^PEAK (\d+)$", done.stdout, re.M)[1])
    assert peak < 2e9  # the weights of fvnet alone would be 1.5 GB, all of them 10
    for name, members in (("final", 4), ("final_nextvlad", 5)):
        ((count, size, graph, budget, left),) = row(done.stdout, name)
        assert (count, budget, left) == (members, 1_000_000_000, budget - size - graph)
        assert left > members * 1_000_000


@pytest.mark.parametrize("name", ["features", "own_videos"])
def test_a_config_is_described_without_the_table_of_its_videos(name):
    result = describe(ROOT / f"config/{name}.yaml")
    assert result.exit_code == 0 and "student" in result.output
