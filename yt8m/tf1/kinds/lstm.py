"""A stack of LSTMs."""

from typing import Any

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
