"""Contracts of all layers."""

import importlib
import inspect
import pkgutil

import keras
import numpy as np
import pytest

import yt8m.layers

SETTINGS = {
    "AttentionPooling": {"units": 3},
    "BatchNorm": {"decay": 0.9, "warm_up": True, "unbiased": False},
    "BidirectionalGRU": {"cells": 4},
    "BidirectionalLSTM": {"cells": 4},
    "ContextGating": {"remove_diagonal": True},
    "DBoF": {"clusters": 3, "pooling": "average"},
    "Dropout": {"rate": 0.25},
    "FinalMemory": {"cells": 4},
    "FinalOutput": {"cells": 4, "layers": 3},
    "FinalState": {"cells": 4, "from_the_end": True},
    "FrameNorm": {"decay": 0.5},
    "FrameProjection": {"units": 3},
    "Frames": {},
    "GRU": {"cells": 4, "from_the_end": True},
    "GatedDBoF": {"clusters": 3},
    "Logistic": {"classes": 5, "l2": 0.1},
    "MeanFrame": {},
    "MixedExperts": {"classes": 5, "distillation": 0.5, "temperature": 2.0, "l2": 0.1},
    "MixtureOfExperts": {"classes": 5, "low_rank": 2, "gating": "activations"},
    "NetFV": {"clusters": 3, "coupling": 0.5},
    "NeXtVLAD": {"clusters": 3, "expansion": 1, "groups": 3},
    "NetVLAD": {"clusters": 3, "light": True},
    "PadToLength": {"length": 7},
    "Projection": {"units": 3, "relu": True, "fan": 2},
    "LSTM": {"units": 4},
    "SoftAssignment": {"clusters": 3},
    "SoftDBoF": {"clusters": 3},
    "SqueezedGating": {"reduction": 3},
    "SumMaxDBoF": {"clusters": 3},
}
"""Settings other than the defaults, by the name of the layer."""

POOLING = [
    "AttentionPooling",
    "DBoF",
    "FinalMemory",
    "FinalOutput",
    "FinalState",
    "GatedDBoF",
    "MeanFrame",
    "NeXtVLAD",
    "NetFV",
    "NetVLAD",
    "SoftDBoF",
    "SumMaxDBoF",
]
"""Layers from frames to one vector a video."""

ONE_VECTOR = [
    "ContextGating",
    "Dropout",
    "Logistic",
    "MixtureOfExperts",
    "Projection",
    "SqueezedGating",
]
"""Layers that read one vector a video."""


def layers() -> dict[str, type]:
    """Every layer that a file of `yt8m.layers` defines, by name."""
    found = {}
    for info in pkgutil.iter_modules(yt8m.layers.__path__):
        module = importlib.import_module(f"yt8m.layers.{info.name}")
        for name, value in inspect.getmembers(module, inspect.isclass):
            ours = value.__module__ == module.__name__
            if ours and issubclass(value, keras.layers.Layer) and value.__doc__:
                found[name] = value
    return {n: c for n, c in found.items() if n not in ("MaskedLayer", "VideoModel")}


def inputs_of(name):
    random = np.random.default_rng(0)
    frames = random.normal(size=(2, 5, 6)).astype("float32")
    mask = np.array([[True] * 5, [True, True, False, False, False]])
    if name == "Frames":
        return (frames, np.int32([5, 2])), {}
    if name == "FrameNorm":
        return ([frames[:, :, :4], frames[:, :, 4:]], np.float32(mask)[:, :, None]), {"mask": mask}
    if name == "MixedExperts":
        return (frames[:, :3], frames[:, 0]), {}
    if name in ONE_VECTOR:
        return (frames[:, 0],), {}
    if name == "PadToLength":
        return (frames,), {}
    return (frames,), {"mask": mask}


def built(name):
    layer = layers()[name](**SETTINGS[name], name="it")
    arguments, masks = inputs_of(name)
    return layer, layer(*arguments, **masks)


def test_every_layer_is_tested_here():
    assert sorted(layers()) == sorted(SETTINGS)


@pytest.mark.parametrize("name", SETTINGS)
def test_a_layer_can_be_rebuilt_from_its_config(name):
    layer, answer = built(name)
    config = layer.get_config()
    for setting, value in SETTINGS[name].items():
        assert config[setting] == value
    again = type(layer).from_config(config)
    arguments, masks = inputs_of(name)
    again(*arguments, **masks)
    assert [w.path for w in again.weights] == [w.path for w in layer.weights]
    again.set_weights(layer.get_weights())
    same = again(*arguments, **masks)
    keras.tree.map_structure(
        lambda a, b: np.testing.assert_allclose(np.asarray(a), np.asarray(b), atol=1e-6),
        answer,
        same,
    )


@pytest.mark.parametrize("name", SETTINGS)
def test_every_variable_has_a_unique_path(name):
    layer, _ = built(name)
    paths = [v.path for v in layer.variables]
    assert len(set(paths)) == len(paths)
    assert all(path.startswith("it/") for path in paths)


@pytest.mark.parametrize("name", POOLING)
@pytest.mark.parametrize("garbage", [0.0, 100.0])
def test_padding_does_not_change_the_answer(name, garbage):
    layer, answer = built(name)
    (frames,), masks = inputs_of(name)
    mask = masks["mask"]
    longer = np.pad(frames, ((0, 0), (0, 3), (0, 0)), constant_values=garbage)
    longer[:, :5][~mask] = garbage
    longer_mask = np.pad(mask, ((0, 0), (0, 3)))
    padded = layer(longer, mask=longer_mask)
    np.testing.assert_allclose(np.asarray(padded), np.asarray(answer), atol=1e-6)


@pytest.mark.parametrize("name", POOLING)
def test_outputs_without_frames_carry_no_mask(name):
    frames, mask = keras.Input((None, 6)), keras.Input((None,), dtype="bool")
    answer = layers()[name](**SETTINGS[name])(frames, mask=mask)
    assert len(answer.shape) == 2
    assert getattr(answer, "_keras_mask", None) is None
