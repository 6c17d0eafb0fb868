"""Soft deep bag of frames, projected or not."""

from typing import Any

from yt8m.data.schema import Schema
from yt8m.models import gated_dbof
from yt8m.models.soft_bags import AUDIO_SHARE
from yt8m.models.soft_dbof import Recipe
from yt8m.tf1 import parts
from yt8m.tf1.classifiers import classifier_originals
from yt8m.tf1.original import Original, batch_norm, same
from yt8m.tf1.shapes import Shapes

MODELS = ("SoftDbofModelLF",)


def entry(shapes: Shapes) -> dict[str, Any]:
    """Settings of `yt8m.models.soft_dbof`, or of `gated_dbof`, which has additional variables."""
    clusters = shapes.columns("tower/video_DBOF/cluster_weights")
    project = "tower/hidden1_weights" in shapes
    found = {
        "clusters": clusters,
        "relu": "tower/hidden1_bn/gamma" in shapes,
        "max_pool": _bag_size(shapes, project) > clusters + clusters // AUDIO_SHARE,
        "project": project,
        "classifier": shapes.classifier(),
    }
    return found | ({"hidden": shapes.columns("tower/hidden1_weights")} if project else {})


def originals(recipe: Recipe | gated_dbof.Recipe, schema: Schema) -> list[Original]:
    """The variables of a soft bag; for a gated one, all but those of its gates."""
    found = batch_norm("tower/input_bn", "input_normalisation")
    for feature in schema.features:
        theirs, ours = parts.branch(feature, "DBOF"), f"{feature}_dbof"
        found.append(same(f"{theirs}/cluster_weights", f"{ours}/assignment/kernel"))
        found += batch_norm(f"{theirs}/cluster_bn", f"{ours}/assignment/normalisation")
    if recipe.project:
        found += parts.hidden(recipe.relu)
    return found + classifier_originals(recipe.classifier)


def _bag_size(shapes: Shapes, project: bool) -> int:
    """Values of all bags: one per cluster, or two with the largest shares."""
    if project:
        return shapes.rows("tower/hidden1_weights")
    return shapes.classifier_inputs()
