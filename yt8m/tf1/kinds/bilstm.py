"""A bidirectional LSTM under a second LSTM."""

from typing import Any

from yt8m.tf1.shapes import Shapes

MODELS = ("Lstmbidirect",)


def entry(shapes: Shapes) -> dict[str, Any]:
    """Settings of `yt8m.models.bilstm`."""
    gates = shapes.columns("tower/rnn/multi_rnn_cell/cell_0/basic_lstm_cell/kernel")
    return {"cells": gates // 4, "classifier": shapes.classifier()}
