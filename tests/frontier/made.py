"""Points of invented models."""

from yt8m.frontier.points import FLOAT32, ModelPoints, Point

KMEANS = {"kind": "kmeans", "bits": 4, "codebooks": "variable", "group": 1}
COMPRESS = {
    "quantisers": [{"kind": "kmeans", "bits": 2}, {"kind": "kmeans", "bits": 4}],
    "stage": "ema",
    "min_elements": 2000,
    "split": "train",
    "guide": "predictions",
    "videos": 500,
    "recovery": {"epochs": 0},
    "sweep": [],
}


def settings(seed=1, **recipe):
    recipe = {"kind": "netvlad", "clusters": 8, "light": False, **recipe}
    return {"recipe": recipe, "training": {"seed": seed, "epochs": 5}, "ema": {"epochs": 1}}


def model(name, gaps, entry=None, **words):
    """A model with points of the usual three encodings. gaps: of them, in thousandths."""
    encodings = {FLOAT32: None, "kmeans bits=4": KMEANS, "planned 900,000": None}
    sizes = (8_000_000, 1_100_000, 900_000)
    points = [
        Point(encoding, quantiser, size if "planned" in encoding else None, size, gap / 1000, 5.0)
        for (encoding, quantiser), size, gap in zip(encodings.items(), sizes, gaps, strict=False)
    ]
    head = {"stage": "ema", "weights": "w", "split": "validate", "records": "r", "top_k": 20}
    head |= {"model": name, "settings": entry or settings(), "compress": COMPRESS, **words}
    return ModelPoints(points=tuple(points), **head)


def three_seeds():
    return [
        model("vlad", (640, 630, 600), settings(1)),
        model("vlad_seed2", (642, 633, 604), settings(2)),
        model("vlad_seed3", (644, 633, 605), settings(3)),
    ]
