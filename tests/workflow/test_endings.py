"""The final message of a run, and the content of its logs."""

import re

STARTUP = re.compile("oneDNN|absl::InitializeLog|cuda drivers|cuInit|CPU instructions")


def last_words(output):
    """The lines with the headline and the report, if there are any."""
    return re.findall(r"^(?:final: GAP .*|Report: .*)$", output, re.M)


def test_a_finished_run_prints_the_headline_and_the_path_of_the_report(done):
    (done.folder / "results/report.html").unlink()
    done.run()
    headline, place = last_words(done.output)
    assert re.fullmatch(r"final: GAP \d\.\d{4} on validate; [\d,]+ of 10,000,000 bytes", headline)
    assert place == "Report: results/report.html"
    done.run()
    assert last_words(done.output) == []


def test_a_partial_run_without_the_report_prints_nothing(done):
    done.remove("predictions/final/validate.csv")
    done.run("submission")
    assert last_words(done.output) == []


def test_logs_report_outcomes_and_no_startup_lines_of_tensorflow(built):
    logs = {log: log.read_text() for log in built.path("logs").rglob("*.log")}
    assert len(logs) > 20
    silent = [log.name for log, text in logs.items() if not text and "manifest" not in str(log)]
    assert not silent
    assert not [log.name for log, text in logs.items() if STARTUP.search(text)]
