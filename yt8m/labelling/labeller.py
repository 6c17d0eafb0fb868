"""A graph with all that turns a file into its predictions: extractors, projections, names."""

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from yt8m.artefacts import THRESHOLDS
from yt8m.calibration.threshold_files import read_thresholds
from yt8m.data.label_names import default_names, read_label_names
from yt8m.labelling.extractor_files import moved
from yt8m.outputs.array_kinds import ArrayKinds
from yt8m.projections.projection import Projection
from yt8m.runtime.c_library import loading_ahead
from yt8m.serving.archive_reader import as_folder
from yt8m.serving.graph import Graph, load_graph
from yt8m.serving.preprocessing import read_names, read_preprocessing
from yt8m.video.description import Extraction, read_extraction, refuse_outside_code
from yt8m.video.extraction import Extractors


@dataclass(frozen=True)
class Labeller:
    """A loaded graph. place: its archive or folder, for messages.

    names: of the C classes; `has_names`: whether they are known, not invented. thresholds:
    float32 [C], the probability from which a class is given; None if none are known. projections:
    from raw values; None for a graph of given records. extraction: how videos become raw values;
    None if the graph was not made from videos, or no videos were announced. threads: of extractors,
    0 for one per core.
    """

    place: Path
    graph: Graph
    names: Sequence[str]
    has_names: bool
    thresholds: np.ndarray | None = None
    projections: Mapping[str, Projection] | None = None
    extraction: Extraction | None = None
    threads: int = 0

    @cached_property
    def extractors(self) -> Extractors:
        """The networks, loaded at the first use. Only for a graph with an extraction."""
        return Extractors.load(self.extraction.images, self.extraction.sound, self.threads)

    @property
    def cannot_read_videos(self) -> str:
        """Why, and what would do; "" if it can."""
        if self.extraction is not None:
            return ""
        if self.projections is not None:
            widths = {n: self.projections[n].width for n in self.graph.schema.features}
            shown = ", ".join(f"{name} [frames, {width}]" for name, width in widths.items())
            return (
                "was made from feature files, and does not know their extractor; give files of its "
                f"features: {shown}"
            )
        return (
            "was made from records, and knows no extractor; give frames as in records, "
            f"[frames, {self.graph.schema.feature_size}]: bytes, or floats, "
            f"{self.graph.schema.dequantisation}"
        )

    def kinds(self, features: str = "auto") -> ArrayKinds:
        """What arrays may hold. features: one of `array_kinds.FEATURES`."""
        return ArrayKinds(self.graph.schema, self.projections, features)


def open_labeller(
    path: Path,
    videos: bool = True,
    extractor_files: Mapping[str, str] | None = None,
    label_names: Path | None = None,
    threads: int = 0,
    outside: bool = False,
) -> Labeller:
    """A graph from a stage's or ensemble's folder, or an archive (.tar.gz), ready to label.

    videos: whether videos will be labelled; their extractor must then be here. extractor_files:
    where its files lie here, see `extractor_files.moved`. label_names: instead of the graph's own.
    outside: whether an extractor may be a module outside of this package, whose code then runs.
    Raises ArtefactError for a graph that is damaged; ConfigError for an extractor that is missing
    or another one than in training, with what to install.
    """
    with ExitStack() as stack:
        with loading_ahead():
            folder = stack.enter_context(as_folder(path))
        found = read_preprocessing(folder)
        extraction = None
        if videos and found is not None and found.extraction_file is not None:
            if not outside:
                refuse_outside_code(found.extraction_file)
            changed = moved(found.extraction_file, extractor_files or {})
            extraction = read_extraction(found.extraction_file, changed)
        graph = load_graph(folder)
        classes = graph.schema.classes
        names = read_label_names(label_names, classes) if label_names else read_names(folder)
        calibrated = folder / THRESHOLDS
        return Labeller(
            path,
            graph,
            names or default_names(classes),
            names is not None,
            read_thresholds(calibrated, classes) if calibrated.is_file() else None,
            found.projections if found is not None else None,
            extraction,
            threads,
        )
