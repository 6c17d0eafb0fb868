"""The message at the end of a run whose jobs failed or were stopped."""

from dataclasses import replace

from yt8m.activity import Activity, activity_file, this_process, write_activity
from yt8m.report.failure_message import failure_message

DOING = Activity("train a", "step", 120, 360, 2.0, "", "", 1000.0, 1010.0, 1.0)
GONE = replace(this_process(), started="1")


def write(folder, name, activity=DOING, process=GONE, log="one\ntwo\n\nthree\nfour\n"):
    path = folder / f"logs/{name}.log"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(log)
    write_activity(activity_file(path), activity, process)


def test_a_job_is_named_with_how_far_it_was_and_the_end_and_path_of_its_log(tmp_path):
    write(tmp_path, "train/a")
    write(tmp_path, "quantise/b", Activity(error="no room", began=1000.0), log="\x1b[31mred")
    assert failure_message(tmp_path, 999.0).splitlines() == [
        "quantise/b: failed: no room",
        "    \\x1b[31mred",
        f"    {tmp_path}/logs/quantise/b.log",
        "train/a at step 120 of 360: stopped",
        "    two",
        "    three",
        "    four",
        f"    {tmp_path}/logs/train/a.log",
        "Rerun the same command to resume, once you have done what the errors ask for.",
    ]


def test_jobs_that_were_only_stopped_ask_for_nothing_else(tmp_path):
    write(tmp_path, "train/a")
    assert failure_message(tmp_path, 999.0).endswith("\nRerun the same command to resume.")


def test_jobs_that_run_and_those_of_earlier_runs_are_left_out(tmp_path):
    write(tmp_path, "train/a", process=this_process())
    write(tmp_path, "train/b", replace(DOING, began=900.0))
    assert failure_message(tmp_path, 999.0) == ""


def test_of_many_jobs_the_first_are_named_and_the_rest_counted(tmp_path):
    for number in range(8):
        write(tmp_path, f"train/a{number}", log="")
    (tmp_path / "logs/train/a0.log").unlink()
    lines = failure_message(tmp_path, 0.0).splitlines()
    assert len(lines) == 12
    assert lines[-2] == f"and 3 more; see: yt8m status --results {tmp_path}"
