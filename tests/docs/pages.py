"""All pages with commands, and where the commands of each are run."""

from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[2]
ABOVE = ("README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md")
ABOVE += ("config/README.md", "profiles/slurm/README.md")
PATHS = sorted(ROOT.glob("docs/**/*.md")) + [p for n in ABOVE if (p := ROOT / n).exists()]
TEXTS = {str(path.relative_to(ROOT)): path.read_text(encoding="utf-8") for path in PATHS}
"""Page -> its content."""


@dataclass(frozen=True)
class Place:
    """Where the commands of a page are run.

    folder: what the page finds: `checkout`, `demo` after `make demo`, or what another page makes.
    files: name that the page gives to a file of its reader -> what stands for it.
    makes: name of what the page leaves behind, for other pages to find.
    """

    folder: str
    files: dict[str, str] = field(default_factory=dict)
    makes: str | None = None


SHARDS = ("train0000", "train0001", "validate0000", "validate0800", "validate1000", "test0000")
FRAMES = {
    f"yt8m/2/frame/{name}.tfrecord": "results/data/test/test-00000-of-00001.tfrecord"
    for name in SHARDS
}
"""Some shards of YouTube-8M."""

VIDEOS = {"videos.csv": "demo-videos/videos.csv", "clips": "demo-videos/clips"}
"""A table of a reader's videos."""

DEMO = Place("demo")
PLACES = {
    "docs/explanation/confidence.md": DEMO,
    "docs/explanation/full-size.md": Place("demo", FRAMES),
    "docs/explanation/recipe-of-2018.md": DEMO,
    "docs/how-to/add-a-model.md": DEMO,
    "docs/how-to/add-a-quantiser.md": DEMO,
    "docs/how-to/add-an-extractor.md": Place("videos"),
    "docs/how-to/choose-a-size.md": DEMO,
    "docs/how-to/choose-members.md": DEMO,
    "docs/how-to/choose-thresholds.md": DEMO,
    "docs/how-to/compare-runs.md": DEMO,
    "docs/how-to/deploy-litert.md": Place("videos"),
    "docs/how-to/deploy-onnx.md": Place("videos"),
    "docs/how-to/deploy-tensorflow-serving.md": DEMO,
    "docs/how-to/fit-a-budget.md": DEMO,
    "docs/how-to/label-videos.md": Place("videos"),
    "docs/how-to/look-at-errors.md": DEMO,
    "docs/how-to/publish-to-hugging-face.md": DEMO,
    "docs/how-to/run-step-by-step.md": DEMO,
    "docs/how-to/try-settings.md": DEMO,
    "docs/how-to/use-as-a-module.md": Place("checkout"),
    "docs/how-to/watch-for-overfitting.md": DEMO,
    "docs/quick-start.md": DEMO,
    "docs/reference/extractors.md": Place("videos"),
    "docs/reference/library/errors.md": Place("checkout"),
    "docs/reference/library/index.md": DEMO,
    "docs/reference/settings.md": DEMO,
    "docs/reference/tables-and-features.md": Place("features"),
    "docs/tutorials/own-features.md": Place("checkout", makes="features"),
    "docs/tutorials/own-videos.md": Place("checkout", VIDEOS, makes="videos"),
    "docs/tutorials/youtube8m-on-slurm.md": Place("demo", FRAMES),
}
