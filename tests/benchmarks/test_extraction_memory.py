"""The memory of extraction is measured in real processes."""

from click.testing import CliRunner

from benchmarks.extraction_memory import main


def test_each_work_has_its_rate_and_its_memory():
    done = CliRunner().invoke(main, ["--seconds", "1"], catch_exceptions=False)
    lines = [line.split() for line in done.stdout.splitlines()]
    assert [line[:-2] for line in lines[-3:]] == [
        ["one", "video", "of", "1", "s"],
        ["10", "videos", "of", "1", "s"],
        ["one", "video", "of", "10", "s"],
    ]
    for line in lines[-3:]:
        assert float(line[-2]) > 0 and float(line[-1]) > 100  # TensorFlow alone needs more
