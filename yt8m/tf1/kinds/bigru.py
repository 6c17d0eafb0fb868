"""A bidirectional GRU under a second GRU, gated or not."""

from typing import Any

from yt8m.tf1.shapes import Shapes

MODELS = ("GRUbidirect",)


def entry(shapes: Shapes) -> dict[str, Any]:
    """Settings of `yt8m.models.bigru`."""
    return {
        "cells": shapes.columns("tower/rnn/multi_rnn_cell/cell_0/gru_cell/candidate/kernel"),
        "gating": "tower/gating_weights_2" in shapes,
        "classifier": shapes.classifier(),
    }
