"""The features of all videos of a shard."""

from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from yt8m.data.identity import identity_of
from yt8m.errors import RecordError
from yt8m.files import content_digest
from yt8m.own_data.left_out import LeftOut
from yt8m.own_data.rows import Row
from yt8m.video.description import Extraction
from yt8m.video.extraction import IMAGES, SOUND, Extractors, extract
from yt8m.video.findings import Findings

VIDEO = "video"
"""Name of a video's file among a row's locations."""


class ShardExtraction:
    """Extracts the features of videos, as far as the store beside `out` does not have them.

    threads: of each network; 0 for one per core. left_out: receives the videos that cannot be
    decoded.
    """

    def __init__(self, extraction: Extraction, out: Path, threads: int, left_out: LeftOut):
        self.extraction, self.threads, self.left_out = extraction, threads, left_out
        self.findings = Findings(out, extraction.key)
        self.extracted = 0

    def run(self, rows: Sequence[Row], advance: Callable[[], None] = lambda: None) -> str:
        """Write the findings atomically, and return a report.

        advance: is called after each video. Raises RecordError if most videos are not valid.
        """
        videos = self.findings.videos
        for row in rows:
            try:
                videos[row.id] = self._found(row.locations[VIDEO])
            except RecordError as error:
                problem = str(error).removesuffix(".")
                self.left_out.add(row, problem)
                videos[row.id] = {"problem": problem}
            advance()
        self.left_out.check(len(rows), self.findings.path.name)
        self.findings.write()
        known = len(rows) - self.extracted - len(self.left_out.found)
        lines = [f"{self.extracted:,} videos extracted, {known:,} known already"]
        return "\n".join([*lines, self.left_out.report(len(rows))]).rstrip()

    def _found(self, path: str) -> dict[str, Any]:
        """What is found in one video, whose features are in the store afterwards."""
        before = identity_of(path)
        try:
            content = content_digest(path)
        except OSError as error:
            raise RecordError(f"{path}: cannot be read ({error.strerror or error})") from None
        arrays = self.findings.store.find(content)
        if arrays is None:
            arrays = self._extracted(path)
            if identity_of(path) != before:
                raise RecordError(f"{path}: has changed while it was read; run again")
            self.findings.store.add(content, arrays)
            self.extracted += 1
        wanted = (IMAGES, SOUND) if self.extraction.sound else (IMAGES,)
        absent = [name for name in wanted if name not in arrays]
        return {"content": content, "frames": len(arrays[IMAGES]), "absent": absent}

    def _extracted(self, path: str) -> dict[str, np.ndarray]:
        """float16 [T, R] of each feature that the video has."""
        features = extract(
            path, self._extractors, self.extraction.max_frames, self.extraction.rule
        ).features
        return {name: array for name, array in features.items() if array is not None}

    @cached_property
    def _extractors(self) -> Extractors:
        """The networks, which are loaded only if a video needs them."""
        return Extractors.load(self.extraction.images, self.extraction.sound, self.threads)
