"""A stack of LSTMs."""

from typing import Any

from yt8m.data.schema import Schema
from yt8m.models.lstm import Recipe
from yt8m.tf1.classifiers import classifier_originals
from yt8m.tf1.original import Original
from yt8m.tf1.recurrent import lstm
from yt8m.tf1.shapes import Shapes

MODELS = ("LstmModel",)
CELL = "tower/rnn/multi_rnn_cell/cell_{}/basic_lstm_cell/kernel"


def entry(shapes: Shapes) -> dict[str, Any]:
    """Settings of `yt8m.models.lstm`."""
    return {
        "cells": shapes.columns(CELL.format(0)) // 4,
        "layers": max(shapes.count(CELL.format(r"\d+")), 1),
        "classifier": shapes.classifier(),
    }


def originals(recipe: Recipe, schema: Schema) -> list[Original]:
    """The variables of `yt8m.models.lstm`."""
    cells = [
        lstm(f"tower/rnn/multi_rnn_cell/cell_{i}/basic_lstm_cell", f"stack/lstm_{i}")
        for i in range(recipe.layers)
    ]
    return [*(o for cell in cells for o in cell), *classifier_originals(recipe.classifier)]
