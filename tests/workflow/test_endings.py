"""The last words of a run, and what its logs hold."""

import re

STARTUP = re.compile("oneDNN|absl::InitializeLog|cuda drivers|cuInit|CPU instructions")


def last_words(output):
    """The line with the headline and the one with the report, where there are any."""
    return re.findall(r"^(?:final: GAP .*|Report: .*)$", output, re.M)


def test_a_finished_run_says_how_good_it_is_and_where_the_report_is(done):
    (done.folder / "results/report.html").unlink()
    done.run()
    headline, place = last_words(done.output)
    assert re.fullmatch(r"final: GAP \d\.\d{4} on validate; [\d,]+ of 10,000,000 bytes", headline)
    assert place == "Report: results/report.html"
    done.run()
    assert last_words(done.output) == []


def test_a_part_of_the_way_that_leaves_the_report_alone_says_nothing(done):
    done.remove("predictions/final/validate.csv")
    done.run("submission")
    assert last_words(done.output) == []


def test_logs_hold_a_word_on_what_came_out_and_no_line_of_tensorflows_start(built):
    logs = {log: log.read_text() for log in built.path("logs").rglob("*.log")}
    assert len(logs) > 20
    silent = [log.name for log, text in logs.items() if not text and "manifest" not in str(log)]
    assert not silent
    assert not [log.name for log, text in logs.items() if STARTUP.search(text)]
