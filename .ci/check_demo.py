"""Check that the demo made what it promises: jobs by rule, outputs, and plausible metrics."""

import json
import re
import sys
from collections import Counter
from pathlib import Path

JOBS = {
    "make_shard": 18,
    "manifest": 3,
    "find_duplicates": 1,
    "model_config": 21,
    "train": 7,
    "ema": 7,
    "quantise": 7,
    "learn_weights": 1,
    "plan": 1,
    "compress": 2,
    "sweep": 1,
    "ensemble": 2,
    "fingerprint": 2,
    "distil": 1,
    "distilled_manifest": 1,
    "evaluate": 21,
    "evaluate_ensemble": 2,
    "thresholds": 1,
    "size": 2,
    "archive": 1,
    "predict": 1,
    "submit": 1,
    "provenance": 1,
    "confidence": 1,
    "report": 1,
    "all": 1,
}


def check(log: Path, results: Path) -> None:
    """Print a summary of the demo; AssertionError if it lacks anything.

    log: what Snakemake printed.
    """
    done = Counter(re.findall(r"^Finished jobid: \d+ \(Rule: (\w+)\)", log.read_text(), re.M))
    assert done == JOBS, f"jobs by rule: {dict(done)}; expected {JOBS}"

    size = json.loads((results / "ensembles/final/size.json").read_text())
    assert size["size_bytes"] <= size["budget_bytes"]
    metrics = json.loads((results / "ensembles/final/metrics.validate.json").read_text())
    assert metrics["gap"] > 0.5, metrics
    assert (results / "ensembles/final/final.tar.gz").stat().st_size > 0
    lines = (results / "predictions/final/test.csv").read_text().splitlines()
    assert lines[0] == "VideoId,LabelConfidencePairs" and len(lines) == 601
    report = (results / "report.html").read_text()
    figures = re.findall(r'role="figure" aria-label="([^"]*)"', report)
    assert report.rstrip().endswith("</html>") and len(figures) == 11, figures
    jobs, size_bytes = sum(done.values()), size["size_bytes"]
    print(f"demo: {jobs} jobs, final GAP {metrics['gap']:.4f}, {size_bytes:,} bytes")


if __name__ == "__main__":
    check(Path(sys.argv[1]), Path("results"))
