"""Sizes without weights, compared with real models and with the authors' models."""

import pytest

from tests.contracts.test_models import MODELS, SCHEMA, small
from yt8m.config.steps import Quantisation
from yt8m.config.training import FrameSampling, Training
from yt8m.data.schema import Schema
from yt8m.describing.abstract import without_values
from yt8m.describing.budgets import stored_bytes
from yt8m.describing.costs import Costs, costs_of, frames_per_step
from yt8m.models.assemble import build_model
from yt8m.recipes import read_recipe, recipe_class

GATED = {"kind": "moe", "gating": "probabilities"}
THEIRS = [
    ({"kind": "netvlad", "clusters": 256, "hidden": 1024, "classifier": GATED}, 1286, 322),
    ({"kind": "netvlad", "clusters": 192, "hidden": 992, "classifier": GATED}, 971, 243),
    ({"kind": "netfv", "clusters": 96, "hidden": 1540, "classifier": GATED}, 1476, 369),
    ({"kind": "gated_dbof", "clusters": 6144, "hidden": 1536}, 237, 59),
    ({"kind": "gated_dbof", "clusters": 3684, "hidden": 920}, 132, 33),
    ({"kind": "bilstm", "cells": 1024}, 77, 19),
]
"""Entries, and MB of float32 and of 8 bits that the authors' files had."""


def costs(entry, schema=None, **training) -> Costs:
    recipe = read_recipe("yt8m.models", entry, "x")
    return costs_of(recipe, schema or Schema(), Training(**{"batch_size": 4, **training}))


@pytest.mark.parametrize(("entry", "float_mb", "coded_mb"), THEIRS, ids=lambda v: str(v)[:40])
def test_sizes_match_those_of_the_authors(entry, float_mb, coded_mb):
    found = costs(entry)
    assert found.size_bytes == pytest.approx(float_mb * 1e6, rel=0.02)
    coded = stored_bytes(found.variables, Quantisation())
    assert coded == pytest.approx(coded_mb * 1e6, rel=0.02)


@pytest.mark.parametrize("kind", MODELS)
def test_every_kind_is_described_as_it_is_built(kind):
    recipe = small(recipe_class("yt8m.models", kind, kind)())
    found = costs_of(recipe, SCHEMA, Training(batch_size=4))
    built = build_model(recipe, SCHEMA)
    assert {v.path: v.shape for v in found.variables} == {
        v.path: tuple(v.shape) for v in built.variables
    }
    assert found.size_bytes == sum(v.numpy().nbytes for v in built.variables)
    assert found.step.weights == found.size_bytes
    trained = sum(v.numpy().nbytes for v in built.trainable_variables)
    assert found.step.moments == 2 * trained
    assert found.step.tensors >= trained  # the gradients
    assert found.multiply_adds > 0


def test_nothing_is_allocated():
    recipe = small(recipe_class("yt8m.models", "logistic", "x")())
    model = without_values(lambda: build_model(recipe, SCHEMA))
    assert not any(v.value.is_initialized() for v in model.variables)
    assert all(v.value.is_initialized() for v in build_model(recipe, SCHEMA).variables)


def test_more_videos_take_more_memory_and_parts_of_a_batch_less():
    entry = {"kind": "netvlad", "clusters": 4, "hidden": 6}
    schema = Schema({"rgb": 64}, classes=5, max_frames=50)
    few, many = costs(entry, schema, batch_size=16), costs(entry, schema, batch_size=64)
    assert many.step.tensors > 3 * few.step.tensors
    parts = costs(entry, schema, batch_size=64, micro_batches=4)
    assert parts.step.tensors == few.step.tensors
    assert many.step.total > parts.step.total > few.step.total
    assert many.multiply_adds == few.multiply_adds


def test_a_step_counts_the_frames_that_are_sampled():
    def frames(layout="frame", **settings):
        training = Training(frames=FrameSampling(**settings))
        return frames_per_step(Schema(max_frames=50, layout=layout), training)

    assert frames(kind="all") == 50
    assert frames(kind="random", count=30) == 30
    assert frames("video", kind="all") == 1
