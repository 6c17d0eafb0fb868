"""A local page to try a graph: drop a video, and see its labels, when they are in it, and frames.

Nothing leaves the machine: no analytics, no share link, and fonts of the system. Uploads are
deleted an hour after they came, and when the server ends.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from yt8m.errors import ArtefactError, ConfigError, RecordError
from yt8m.extras import optional_module
from yt8m.labelling.choice import Choice
from yt8m.labelling.label import label_video
from yt8m.labelling.labelled import Labelled
from yt8m.labelling.labeller import Labeller
from yt8m.labelling.timeline import timeline_section, timeline_style
from yt8m.labelling.windows import Windows

if TYPE_CHECKING:
    from gradio import Blocks

PURPOSE = "the page"

LABELS = 10
"""Labels that are shown at once."""

UPLOADS = {"every": 600, "older_than": 3600}
"""Seconds between deletions of uploads, and the age from which they are deleted."""

FITTING = "<style>#timeline .timeline { --paper: var(--body-background-fill); }</style>"
"""The timeline's background as that of the page."""


def labels_of(labeller: Labeller, found: Labelled) -> dict[str, float]:
    """Name -> probability in the whole video, the most probable first."""
    best = Choice(top_k=LABELS).of(found.predictions)
    return {labeller.names[label.index]: label.probability for label in best}


def timeline_of(labeller: Labeller, found: Labelled, threshold: float) -> str:
    """HTML of the labels over time that reach a threshold."""
    section = timeline_section(found, Choice(threshold, LABELS), labeller.names)
    return f"<style>{timeline_style()}</style>{FITTING}{section}"


def demo_page(labeller: Labeller) -> "Blocks":
    """The page, which `serve` shows. Raises ConfigError for a graph that does not take videos."""
    if labeller.cannot_read_videos:
        raise ConfigError(f"{labeller.place}: {labeller.cannot_read_videos}")
    gradio = _gradio()
    name, classes = labeller.graph.name, labeller.graph.schema.classes
    with gradio.Blocks(
        title=name, analytics_enabled=False, delete_cache=tuple(UPLOADS.values())
    ) as page:
        found = gradio.State()
        gradio.HTML(
            f"<h1>{escape(name)}</h1>"
            f"<p>Drop a video to see which of {classes:,} labels it has, and when.</p>"
        )
        with gradio.Row():
            video = gradio.Video(label="Video", sources=["upload"], elem_id="video")
            labels = gradio.Label(
                NO_LABELS, label="In the whole video", num_top_classes=LABELS, elem_id="labels"
            )
        timeline = gradio.HTML(label="Over time", elem_id="timeline")
        with gradio.Row():
            every = gradio.Slider(1, 30, 2, step=1, label="A window every (seconds)")
            length = gradio.Slider(1, 60, 4, step=1, label="Length of a window (seconds)")
            threshold = gradio.Slider(0, 1, 0.3, step=0.01, label="Least probability over time")
        shown, answers = [found, labels, timeline], Answers(labeller, gradio.Error)
        gradio.on(
            [video.upload, every.release, length.release],
            answers.label,
            [video, every, length, threshold],
            shown,
        )
        threshold.release(answers.show, [found, threshold], shown)
        video.clear(lambda: NOTHING, None, shown)
    return page


Shown = tuple[Labelled | None, dict[str, float] | str, str]
"""A labelled video, its labels, and its timeline."""

NO_LABELS = "—"
"""In the place of labels while there are none."""

NOTHING: Shown = (None, NO_LABELS, "")


@dataclass(frozen=True)
class Answers:
    """What the page does when something is changed. error: how the page shows a problem."""

    labeller: Labeller
    error: Callable[..., Exception]

    def label(self, path: str | None, every: int, length: int, threshold: float) -> Shown:
        """Of a video's file, None without any. every, length: of windows, in seconds."""
        if not path:
            return NOTHING
        try:
            found = label_video(
                self.labeller, path, Windows(int(every), int(length)), thumbnails=int(every)
            )
        except (ArtefactError, ConfigError, RecordError) as problem:
            text = str(problem).replace(str(path), Path(path).name)
            raise self.error(escape(text), duration=None, print_exception=False) from None
        return self.show(found, threshold)

    def show(self, found: Labelled | None, threshold: float) -> Shown:
        """Of a video that is labelled already."""
        if found is None:
            return NOTHING
        return found, labels_of(self.labeller, found), timeline_of(self.labeller, found, threshold)


def serve(
    page: "Blocks",
    host: str,
    port: int | None,
    browser: bool,
    announce: Callable[[str], None],
) -> None:
    """Show the page until Ctrl-C.

    port: None takes the first that is free from 7860. browser: opens the page in one.
    announce: is told the address.
    Raises ConfigError for a port that is in use.
    """
    gradio = _gradio()
    fonts = {"font": ["system-ui", "sans-serif"], "font_mono": ["ui-monospace", "monospace"]}
    try:
        page.launch(
            server_name=host,
            server_port=port,
            inbrowser=browser,
            share=False,
            quiet=True,
            footer_links=[],
            theme=gradio.themes.Default(**fonts),
            prevent_thread_lock=True,
        )
    except OSError:
        raise ConfigError(
            f"cannot listen at {host}, port {port or 'from 7860'}: it is in use, or no address of "
            "this machine; give another --port or --host"
        ) from None
    announce(f"{page.local_url}  (Ctrl-C ends it)")
    page.block_thread()


def _gradio():
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"  # is read when it is imported
    return optional_module("gradio", "demo", PURPOSE)
