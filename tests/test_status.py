"""The status of a run, as a table."""

from yt8m.status import read_summary, status_table

SUMMARY = """Building DAG of jobs...
output_file\tdate\trule\tlog-file(s)\tstatus\tplan
r/ensembles/t/graph/variables/v.index\tMon\tensemble\tlog\tok\tupdate pending
r/ensembles/t/fingerprint.json\t-\tfingerprint\tlog\tmissing\tupdate pending
r/models/a/w\tMon\ttrain\tlog\tparams changed\tupdate pending
r/models/a/h\tMon\ttrain\tlog\tparams changed\tupdate pending
r/models/b/w\tMon\ttrain\tlog\tok\tno update
r/models/b/h\tMon\ttrain\tlog\tupdated input files\tno update
"""


def test_a_folder_has_one_line_with_each_reason_once():
    lines = [line.split() for line in status_table(read_summary(SUMMARY)).splitlines()]
    assert lines[0] == ["folder", "ready", "stale", "missing", "why"]
    assert lines[1][:4] == ["r/ensembles/t", "0", "1", "1"] and lines[1][4] == "ensemble:"
    assert " ".join(lines[2]) == "r/models/a 0 2 0 train: its settings or library code have changed"
    assert lines[3] == ["r/models/b", "2", "0", "0"]
    assert lines[4] == ["all", "2", "3", "1"]


def test_files_that_depend_on_a_missing_fingerprint_are_mentioned_as_left_out():
    table = status_table(read_summary(SUMMARY))
    assert table.splitlines()[-1].startswith("Not listed: files that depend on r/ens")
    assert "Not listed" not in status_table(
        read_summary(SUMMARY.replace("fingerprint\t", "size\t"))
    )


def test_files_that_depend_on_an_outdated_manifest_are_mentioned_as_left_out():
    line = "r/data/train.json\tMon\tmanifest\tlog\tparams changed\tupdate pending\n"
    table = status_table(read_summary(SUMMARY.replace("fingerprint\t", "size\t") + line))
    assert table.splitlines()[-1].startswith(
        "Not listed: files that depend on r/data/train.json, which"
    )
    first = line.replace("params changed", "missing")
    assert "train.json" not in status_table(read_summary(SUMMARY + first)).splitlines()[-1]


def test_jobs_are_counted_by_their_logs_and_done_once_all_their_files_are_ready():
    logs = SUMMARY.replace("\tfingerprint\tlog", "\tsize\tlog")
    for model in "ab":
        logs = logs.replace(
            f"models/{model}/w\tMon\ttrain\tlog", f"m/{model}/w\tMon\ttrain\t{model}"
        )
        logs = logs.replace(
            f"models/{model}/h\tMon\ttrain\tlog", f"m/{model}/h\tMon\ttrain\t{model}"
        )
    last = status_table(read_summary(logs)).splitlines()[-1]
    assert last == "Jobs: 1 done, 3 to run or running."
    *_, last, _ = status_table(read_summary(SUMMARY)).splitlines()
    assert last == "Jobs: 0 done, at least 3 to run or running."
