"""NetFV, its centres coupled to the assignment or not."""

from typing import Any

from yt8m.data.schema import Schema
from yt8m.models.netfv import Recipe
from yt8m.tf1 import parts
from yt8m.tf1.classifiers import classifier_originals
from yt8m.tf1.original import Original, batch_norm, same, without_first_axis
from yt8m.tf1.shapes import Shapes

MODELS = ("NetFVModelLF",)


def entry(shapes: Shapes) -> dict[str, Any]:
    """Settings of `yt8m.models.netfv`."""
    return {
        "clusters": shapes.columns("tower/video_FV/cluster_weights"),
        "hidden": shapes.columns("tower/hidden1_weights"),
        "relu": "tower/hidden1_bn/gamma" in shapes,
        "coupled": "tower/video_FV/cluster_weights2" not in shapes,
        "gating": "tower/gating_weights_2" in shapes,
        "classifier": shapes.classifier(),
    }


def originals(recipe: Recipe, schema: Schema) -> list[Original]:
    """The variables of `yt8m.models.netfv`."""
    found = batch_norm("tower/input_bn", "input_normalisation")
    for feature in schema.features:
        theirs, ours = parts.branch(feature, "FV"), f"{feature}_fv"
        found.append(same(f"{theirs}/cluster_weights", f"{ours}/assignment/kernel"))
        found += batch_norm(f"{theirs}/cluster_bn", f"{ours}/assignment/normalisation")
        found.append(same(f"{theirs}/covar_weights", f"{ours}/deviation_roots"))
        if not recipe.coupled:
            found.append(without_first_axis(f"{theirs}/cluster_weights2", f"{ours}/centres"))
    found += parts.hidden(recipe.relu)
    if recipe.gating:
        found += parts.hidden_gating()
    return found + classifier_originals(recipe.classifier)
