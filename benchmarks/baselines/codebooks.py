"""Codebooks with scikit-learn."""

import numpy as np
from sklearn.cluster import KMeans


def centres(
    values: np.ndarray, clusters: int, tolerance: float = 1e-4, restarts: int = 1
) -> np.ndarray:
    """values: float32 [N]. Returns float32 ascending [clusters].

    tolerance: scikit-learn's `tol`, which ends the iteration; 0 iterates to convergence.
    restarts: random starts, of which the best is taken; scikit-learn's default was 10 before 1.4.
    """
    settings = {"n_init": restarts, "algorithm": "lloyd", "random_state": 0, "tol": tolerance}
    fitted = KMeans(clusters, **settings).fit(values[:, None])
    return np.sort(fitted.cluster_centers_[:, 0])
