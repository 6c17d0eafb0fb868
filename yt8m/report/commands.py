"""Commands that use the final ensemble, for the kind of data that it was made from."""

import posixpath
import shlex
from dataclasses import dataclass

from yt8m.report.content import Content
from yt8m.workflow.layout import Layout


@dataclass(frozen=True)
class Command:
    """A command for the folder of the page. about: what it does, and what to replace."""

    about: str
    text: str


def commands(content: Content, results: Layout) -> list[Command]:
    """How to predict, export and share. results: as seen from the page."""
    final = content.final.name
    archive = shlex.quote(posixpath.normpath(results.archive(final)))
    export = Command(
        "Convert it for ONNX Runtime, or for devices with the format litert.",
        f"yt8m export {archive} --format onnx --out {final}.onnx",
    )
    return [_predict(content, archive), export, _share(content, archive)]


def _predict(content: Content, archive: str) -> Command:
    """The command for new data like that of training."""
    decide = " --decide" if content.calibration else ""
    match content.source:
        case "videos":
            return Command(
                "Label a video of your own, here clip.mp4.",
                f"yt8m label {archive} clip.mp4{decide} --out labels.csv",
            )
        case "features":
            return Command(
                "Label videos by their features: here in the folder new, with a subfolder for each "
                "feature.",
                f"yt8m label {archive} new/{decide} --out labels.csv",
            )
        case _:
            return Command(
                "Predict the classes of other videos: here the shards in the folder new.",
                f"yt8m predict {archive} new/ --out predictions.csv",
            )


def _share(content: Content, archive: str) -> Command:
    if content.source == "videos":
        return Command(
            "Try it in the browser: a page on which to drop videos.", f"yt8m demo {archive}"
        )
    return Command(
        "Write a folder for the Hugging Face hub.",
        f"yt8m archive {archive} --layout hub --out {content.final.name}-hub",
    )
