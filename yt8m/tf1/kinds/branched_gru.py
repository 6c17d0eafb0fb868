"""A pair of GRUs per feature."""

from typing import Any

from yt8m.data.schema import Schema
from yt8m.models.branched_gru import Recipe
from yt8m.tf1 import parts
from yt8m.tf1.classifiers import classifier_originals
from yt8m.tf1.original import Original, batch_norm, same
from yt8m.tf1.recurrent import gru_on_two_directions
from yt8m.tf1.shapes import Shapes

MODELS = ("GRUbidirect_branchedBN",)


def entry(shapes: Shapes) -> dict[str, Any]:
    """Settings of `yt8m.models.branched_gru`, whose sizes are those of the features."""
    return {"classifier": shapes.classifier()}


def originals(recipe: Recipe, schema: Schema) -> list[Original]:
    """The variables of `yt8m.models.branched_gru`."""
    found = []
    for i, name in enumerate(schema.features):
        found += batch_norm(parts.branch(name, "input_bn"), f"{name}_input_normalisation")
        found.append(same(f"{parts.fully_connected(i)}/weights", f"{name}_hidden/kernel"))
        found += batch_norm(parts.branch(name, "cluster_bn"), f"{name}_hidden/normalisation")
        theirs = f"tower/{parts.FEATURES[name]}"
        found += gru_on_two_directions(theirs, f"{name}_bidirectional", f"{name}_upper")
    return found + parts.after_fully_connected(
        len(schema.features), classifier_originals(recipe.classifier)
    )
