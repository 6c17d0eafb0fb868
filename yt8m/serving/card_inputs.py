"""The part of a model card that says how a graph's inputs are made: extractors and projections."""

from collections.abc import Mapping
from typing import Any

from yt8m.serving.preprocessing import Preprocessing
from yt8m.video.description import read_description

RAW = """\
`raw` takes the extractors' values themselves and makes the bytes of records from them:

{inputs}

and `num_frames`, int32 `[B]`. It returns `predictions`, float32 `[B, {classes}]`: those of the same
video's records, or NaN for a video with a value that is not finite. For a feature that a video
lacks, such as sound, give the projection's mean in every frame (`<feature>/mean` in
`preprocessing/projections.safetensors`; the middle of the range if it has none).

```python
import numpy as np
import tensorflow as tf

graph = tf.saved_model.load("{name}/graph")
video = {{  # [frames, values], a frame per second
{loads}
}}
inputs = {{feature: tf.constant(values[None]) for feature, values in video.items()}}
num_frames = tf.constant([len(video["{first}"])], tf.int32)
found = graph.signatures["raw"](**inputs, num_frames=num_frames)
print(found["predictions"].numpy()[0])
```"""

PAGE = """\
## Preprocessing

{extraction}

Their values became the bytes of records by these projections, which are in
`preprocessing/projections.safetensors`:

| feature | extractor's values | projection | values of a record | range of the bytes | rounding |
|---|---|---|---|---|---|
{rows}"""


def raw_signature(described: Mapping[str, Any], preprocessing: Preprocessing | None) -> str:
    """The paragraph on the signature `raw`, with an example; empty if the graph has none."""
    if preprocessing is None or described.get("raw_bytes") is None:
        return ""
    widths = {name: each.width for name, each in preprocessing.projections.items()}
    return RAW.format(
        name=described["name"],
        classes=described["schema"]["classes"],
        inputs="\n".join(f"- `{n}`, float32 `[B, T, {width}]`" for n, width in widths.items()),
        loads="\n".join(f'    "{n}": np.load("{n}.npy").astype("float32"),' for n in widths),
        first=next(iter(widths)),
    )


def preprocessing_section(preprocessing: Preprocessing | None) -> str:
    """The section on extractors and projections; empty if there are none."""
    if preprocessing is None:
        return ""
    rows = (
        f"| {name} | {each.width:,} | {each.kind} | {each.size:,} "
        f"| {each.levels.low:g} to {each.levels.high:g} | {each.levels.rounding} |"
        for name, each in preprocessing.projections.items()
    )
    return PAGE.format(extraction=_extraction(preprocessing), rows="\n".join(rows))


def _extraction(preprocessing: Preprocessing) -> str:
    """Which extractors there were."""
    if preprocessing.extraction_file is None:
        return "The features were given as arrays; which extractor made them is not recorded."
    about = read_description(preprocessing.extraction_file)
    lines = [
        f"- {title}: `{about[word]['kind']}`, digest of its weights and settings "
        f"`{about[f'{word}_digest']}`"
        for word, title in (("images", "Pictures"), ("sound", "Sound"))
        if about[word]
    ]
    sampling = (
        f"A frame per second (rule `{about['frame_rule']}`), at most {about['max_frames']:,}. "
        "`preprocessing/extraction.json` has all settings."
    )
    return "\n".join(["The features come from videos:", "", *lines, "", sampling])
