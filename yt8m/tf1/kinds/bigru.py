"""A bidirectional GRU under a second GRU, gated or not."""

from typing import Any

from yt8m.data.schema import Schema
from yt8m.models.bigru import Recipe
from yt8m.tf1.classifiers import classifier_originals
from yt8m.tf1.original import Original, same
from yt8m.tf1.recurrent import gru_on_two_directions
from yt8m.tf1.shapes import Shapes

MODELS = ("GRUbidirect",)


def entry(shapes: Shapes) -> dict[str, Any]:
    """Settings of `yt8m.models.bigru`."""
    return {
        "cells": shapes.columns("tower/rnn/multi_rnn_cell/cell_0/gru_cell/candidate/kernel"),
        "gating": "tower/gating_weights_2" in shapes,
        "classifier": shapes.classifier(),
    }


def originals(recipe: Recipe, schema: Schema) -> list[Original]:
    """The variables of `yt8m.models.bigru`."""
    found = gru_on_two_directions("tower", "bidirectional", "upper")
    if recipe.gating:
        found.append(same("tower/gating_weights_2", "gating/kernel"))
        found.append(same("tower/gating_biases", "gating/bias"))
    return found + classifier_originals(recipe.classifier)
