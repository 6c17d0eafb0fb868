"""Why jobs would run, in plain words."""

import pytest

from yt8m.reasons import read_jobs, reasons_table

CHANGED = "Params have changed since last execution: Union of params: before: {} now: {} "
REASONS = [
    ("Missing output files: a, b, c", "missing: a and 2 more"),
    ("Missing output files: a; Input files updated by another job: b", "missing: a"),
    ("Incomplete output files: a", "was stopped halfway"),
    ("Updated input files: a", "newer than its outcome: a"),
    ("Set of input files has changed since last execution", "is made from other files now"),
    ("Code has changed since last execution", "the rule itself changed"),
    ("Forced execution", "forced"),
    (CHANGED.format("'0123456789abcdef'", "'fedcba9876543210'"), "the library's code"),
    (
        CHANGED.format("""'{"as_of": "1"}'""", """'{"as_of": "2"}'"""),
        "files that are given are others",
    ),
    (CHANGED.format("16,'a'", "'a',32"), "16 a -> 32 a"),
    (CHANGED.format("<nothing exclusive>", "['--x 1', '--y']"), "nothing -> --x 1 --y"),
    (
        CHANGED.format("""'{"a": {"b": 1, "c": 2}}'""", """'{"a": {"b": 1, "c": 3}, "d": "; "}'"""),
        "a.c: 2 -> 3; d: nothing -> ; ",
    ),
]


def plan(*reasons):
    return "".join(f"[date]\nJob {i}: Do {i}.\nReason: {r}\n" for i, r in enumerate(reasons))


@pytest.mark.parametrize(("reason", "expected"), REASONS)
def test_a_reason_becomes_a_cause_in_plain_words(reason, expected):
    (job,) = read_jobs(plan(reason))
    assert job.step == "Do 0." and "; ".join(job.causes).startswith(expected)


def test_jobs_that_only_follow_are_counted():
    jobs = read_jobs(plan("Forced execution", *["Input files updated by another job: a"] * 2))
    table = reasons_table(jobs)
    assert "Do 0.      forced" in table and "Do 1." not in table and "2 more jobs" in table


def test_a_finished_run_has_nothing_to_do():
    assert reasons_table(read_jobs("Nothing to be done")) == "Nothing would run."
