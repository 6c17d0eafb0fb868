"""What a user sees of a run: messages, logs, reports, stale results, and a clean stop."""

import html
import itertools
import os
import re
import signal
import time
import zipfile

import pytest

from tests.workflow.parsed import parsed_jobs, parsed_rules
from tests.workflow.project import ROOT, TARGETS
from tests.workflow.promises import FIRST
from yt8m.weights import load_weights


def test_every_rule_has_a_message_a_log_a_benchmark_and_a_software_environment(rules, every_rule):
    assert set(rules["small"]) - TARGETS == {*FIRST, "bench", "comparison"}
    assert {"sources", "import_ensemble", "distil_rest", "learn_weights", "plan"} < set(every_rule)
    assert "choose" in every_rule
    assert {"fit_projections", "labels", "left_out"} < set(every_rule)
    for name in set(every_rule) - TARGETS:
        rule = every_rule[name]
        words = ("message", "log", "benchmark", "software")
        assert not [word for word in words if not rule[word]], name
        assert rule["script"] or "> {log:q} 2>&1" in rule["shell"], name


@pytest.mark.parametrize("run", ["built", "planned", "learned", "chosen", "imported"])
def test_every_job_behind_an_ensemble_waits_for_its_fingerprint(run, request):
    """The fingerprint of an ensemble implies those of its members' teachers."""
    project = request.getfixturevalue(run)
    models = project.settings()["models"]
    ensembles = project.settings()["ensembles"]
    members = {
        name: entry["best"]["of"] if "best" in entry else entry.get("members", ())
        for name, entry in ensembles.items()
    }

    def known(ensembles):
        """The same ensembles, and all teachers behind them."""
        teachers = {models[m].get("teacher") for e in ensembles for m in members[e]} - {None}
        return {*ensembles, *(known(teachers) if teachers else ())}

    jobs = [job for job in parsed_jobs(project) if job["behind"]]
    assert len(jobs) > 20 and {job["rule"] for job in jobs} >= BEHIND[run]
    for job in jobs:
        # Others wait for a fingerprint; it waits only for the job of its own ensemble.
        waits_for = job["waits_for"] + [job["ensemble"]] * (job["rule"] == "fingerprint")
        assert set(job["behind"]) <= known(waits_for), job


BEHIND = {
    "built": {"distil", "train", "evaluate", "report"},
    "planned": {"plan", "compress", "sweep"},
    "learned": {"ensemble"},
    "chosen": {"choose", "ensemble"},
    "imported": {"distil_rest", "learn_weights"},
}
"""Rules behind an ensemble that each of these runs has, among others."""


def test_until_is_refused_for_rules_whose_jobs_are_all_planned_later(built, rules):
    """Rules are refused by their inputs; this compares with the jobs of runs that have them."""
    jobs = parsed_jobs(built)
    at_once = {job["rule"] for job in jobs if not job["behind"]}
    later = {job["rule"] for job in jobs} - at_once - {"fingerprint", "all"}
    until = {name: rule["until"] for name, rule in rules["options"].items() if rule["until"]}
    more = {"distil_rest", "frontier", "comparison", "plan", "compress", "sweep", "choose"}
    assert set(until) == later | more
    assert until["frontier"] == "frontier" and until["comparison"] == "comparison"
    assert until["distil"] == until["distil_rest"] == "distillation"
    assert until["archive"] == until["size"] == "final" and until["submit"] == "submission"
    assert until["report"] == "results/report.html"


@pytest.mark.parametrize("run", ["planned", "chosen"])
def test_until_is_refused_for_compression_and_choices_behind_a_teacher(run, request):
    project = request.getfixturevalue(run)
    jobs = parsed_jobs(project)
    at_once = {job["rule"] for job in jobs if not job["behind"]}
    until = {name for name, rule in parsed_rules(project).items() if rule["until"]}
    assert {job["rule"] for job in jobs} - at_once - TARGETS - {"fingerprint"} <= until
    assert not until & at_once


def test_a_dry_run_says_what_would_run_and_why(done):
    def change(c):
        c["models"] = {**c["models"], "student": {**c["models"]["student"], "teacher_weight": 0.9}}

    done.write_config(change)
    done.remove("models/bag/ema/metrics.validate.json")
    words = " ".join(done.snakemake("--dry-run", "--quiet", "rules").split())
    assert re.search(r"params have changed[^:]*: model_config", words), words
    assert re.search(r"output files have to be generated: evaluate", words), words
    assert "model_config 3" in words and "train 1" in words


def test_the_status_lists_what_is_ready_what_is_stale_and_why(done):
    done.write_config(lambda c: c["quantise"].update(min_elements=50))
    done.remove("models/bag/ema/weights.safetensors")
    status = done.status()
    assert status["results/models/vlad/ema"] == "6 0 0"
    assert status["results/models/vlad"].startswith("0 1 0 model_config: its settings or library")
    why = "another output of its job, or one of its inputs, is made again"
    assert status["results/models/vlad/quantised"] == f"0 5 0 evaluate: {why}; quantise: {why}"
    assert status["results/models/bag/ema"] == f"1 4 1 ema: {why}; evaluate: {why}"
    assert "one of its inputs, is made again" in status["results/ensembles/teacher"]
    assert "files that depend on" in done.output


def edges(text):
    """The arrows of a mermaid flowchart."""
    chains = [line.strip().split(" --> ") for line in text.splitlines()]
    return {pair for chain in chains for pair in itertools.pairwise(chain)}


def real_edges(project):
    """Edges between rules of a finished run that read each other's files."""
    output = project.snakemake("--rulegraph", "mermaid-js")
    names = dict(re.findall(r"(id\d+)\[(\w+)\]", output))
    return {*names.values()}, {(names[a], names[b]) for a, b in edges(output)}


def shown_edges():
    """The arrows of the picture of the rules, which Graphviz titles `a->b`."""
    picture = (ROOT / "docs/assets/rules.svg").read_text()
    titles = re.findall(r"<title>(.+?)</title>", picture)
    return {tuple(title.split("->")) for title in map(html.unescape, titles) if "->" in title}


def test_the_picture_of_the_rules_is_that_of_its_source():
    source = (ROOT / "docs/assets/rules.dot").read_text()
    lines = [line.strip().split(" -> ") for line in source.splitlines() if "->" in line]
    assert shown_edges() == {pair for line in lines for pair in itertools.pairwise(line)}


def test_the_picture_of_the_rules_shows_every_rule_and_only_real_arrows(built, rules):
    """Runs with optional rules check their arrows; `distil_rest` is drawn as `distil`."""
    names, real = real_edges(built)
    optional = set(rules["options"]) - set(rules["small"]) - {"distil_rest"}
    shown = shown_edges()
    assert {edge for edge in shown if not optional & set(edge)} <= real
    assert {rule for edge in shown for rule in edge} == (names | optional) - {"all"}


@pytest.mark.parametrize("name", ["report.html", "report.zip"])
def test_snakemakes_own_report_includes_ours(done, name):
    done.snakemake("--report", name)
    path = done.folder / name
    if name.endswith(".zip"):
        with zipfile.ZipFile(path) as archive:
            (page,) = [n for n in archive.namelist() if "/raw/" in n]
            assert archive.read(page) == done.path("report.html").read_bytes()
    else:
        assert "all results" in path.read_text()


def test_ctrl_c_saves_the_training_and_the_next_run_resumes(done):
    target = "models/bag/trained/weights.safetensors"
    done.remove(target)
    done.pause = 2  # so that twelve steps take a while, and those that are left do not
    process = done.start(f"results/{target}")
    saved = wait_for(lambda: list(done.path("state/train/bag").glob("*/state.safetensors")))
    os.killpg(process.pid, signal.SIGINT)  # what a terminal does on Ctrl-C
    output, _ = process.communicate(timeout=120)
    assert process.returncode != 0, output
    position = load_weights(saved[0])[1]["position"]
    assert not done.path(target).exists() and position > 0

    # No lock is left, and the steps that were done are not done again.
    done.pause = 0
    assert done.run(f"results/{target}") == {"train": 1}
    log = done.path("logs/train/bag.log").read_text().split("--- tried again")[-1]
    steps = re.findall(r"^step (\d+)/", log, re.M)
    assert int(steps[0]) > position
    assert not done.path("state/train/bag").exists()


def wait_for(found, seconds=180):
    """The result of a function, once it is not empty."""
    end = time.monotonic() + seconds
    while not (result := found()):
        assert time.monotonic() < end, "nothing came"
        time.sleep(0.2)
    return result
