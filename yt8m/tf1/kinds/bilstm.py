"""A bidirectional LSTM under a second LSTM."""

from typing import Any

from yt8m.data.schema import Schema
from yt8m.models.bilstm import Recipe
from yt8m.tf1.classifiers import classifier_originals
from yt8m.tf1.original import Original
from yt8m.tf1.recurrent import lstm
from yt8m.tf1.shapes import Shapes

MODELS = ("Lstmbidirect",)


def entry(shapes: Shapes) -> dict[str, Any]:
    """Settings of `yt8m.models.bilstm`."""
    gates = shapes.columns("tower/rnn/multi_rnn_cell/cell_0/basic_lstm_cell/kernel")
    return {"cells": gates // 4, "classifier": shapes.classifier()}


def originals(recipe: Recipe, schema: Schema) -> list[Original]:
    """The variables of `yt8m.models.bilstm`."""
    both, cell = "tower/bidirectional_rnn", "multi_rnn_cell/cell_0/basic_lstm_cell"
    return [
        *lstm(f"{both}/fw/{cell}", "bidirectional/forward"),
        *lstm(f"{both}/bw/{cell}", "bidirectional/backward"),
        *lstm(f"tower/rnn/{cell}", "upper/lstm"),
        *classifier_originals(recipe.classifier),
    ]
