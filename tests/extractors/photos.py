"""Photos inside the package scikit-image, which is not imported."""

from importlib.util import find_spec
from pathlib import Path

import av
import numpy as np


def photo(name: str, height: int = 224, width: int = 224) -> np.ndarray:
    """uint8 [height, width, 3], scaled as the frames of videos are."""
    (folder,) = find_spec("skimage").submodule_search_locations
    with av.open(str(Path(folder, "data", name))) as container:
        frame = next(container.decode(video=0))
    return frame.reformat(width, height, "rgb24").to_ndarray()


def noise(count: int, height: int = 224, width: int = 224) -> np.ndarray:
    """uint8 [count, height, width, 3]"""
    return np.random.default_rng(0).integers(0, 256, (count, height, width, 3), np.uint8)
