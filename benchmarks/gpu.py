"""`KERAS_BACKEND=jax python -m benchmarks.gpu`: steps of the largest models on one accelerator.

The layers are Keras layers, so JAX runs the same models where TensorFlow has no build for the GPU.
A step does what our training step does: uint8 input, forward, backward, gradient clipping, Adam.
"""

import json
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median

try:
    import jax
    import jax.numpy as jnp
except ModuleNotFoundError:
    raise SystemExit("JAX is missing: pip install 'jax[cuda13]'") from None

import click
import numpy as np
import yaml

from benchmarks.videos import write_videos
from yt8m.config.model import OWN_WORDS
from yt8m.data.order import batches, epoch_order
from yt8m.data.records import Records
from yt8m.data.schema import Schema
from yt8m.models.assemble import build_model
from yt8m.recipes import read_recipe
from yt8m.training.losses import cross_entropy

CONFIG = Path(__file__).parent.parent / "config" / "yt8m.yaml"
MODELS = ("netvlad1", "nextvlad", "dbof1", "rnn2")
BETA_1, BETA_2, EPSILON, RATE, NORM = 0.9, 0.999, 1e-8, 2e-4, 1.0
CALLS = 10


@click.command()
@click.argument("models", nargs=-1)
@click.option("--batch", default=160, show_default=True, help="Videos per step.")
@click.option("--frames", default=300, show_default=True, help="Frames of each video.")
@click.option("--rounds", default=3, show_default=True, help=f"Times that {CALLS} steps are timed.")
@click.option("--small", is_flag=True, help="Models of a few units, as a smoke test.")
@click.option("--out", default="gpu.json", show_default=True, type=click.Path(path_type=Path))
def main(models, batch: int, frames: int, rounds: int, small: bool, out: Path) -> None:
    """Time training steps and predictions of MODELS of config/yt8m.yaml, in both precisions."""
    size = 256 if small else 8192
    peaks = {name: matmul_flops(dtype, size) for name, dtype in PRECISIONS.items()}
    document = {"device": jax.devices()[0].device_kind, "matmul_flops": peaks, "rows": []}
    click.echo(json.dumps(document))
    data = random_batch(batch, frames)
    for name in models or MODELS:
        for precision in PRECISIONS:
            for work in (training, predicting):
                row = timed(*work(entry(name, small), precision, data), rounds)
                row["videos_per_second"] = batch / row["seconds"]
                row["share_of_matmul"] = row["flops"] / row["seconds"] / peaks[precision]
                document["rows"].append(
                    {"model": name, "precision": precision, "work": work.__name__, **row}
                )
                click.echo(json.dumps(document["rows"][-1]))
                out.write_text(json.dumps(document, indent=1) + "\n")
    recipe = entry("netvlad1", small)
    document["fed"] = fed(recipe, batch, frames, videos=batch * (4 if small else 24))
    click.echo(json.dumps(document["fed"]))
    out.write_text(json.dumps(document, indent=1) + "\n")


PRECISIONS = {"float32": jnp.float32, "bfloat16": jnp.bfloat16}
"""float32 products are JAX's default: TensorFloat-32 on recent GPUs."""


def matmul_flops(dtype, size: int) -> float:
    """Operations per second of a square matrix product, the best of ten."""
    left, right = jax.random.normal(jax.random.key(0), (2, size, size), dtype)
    product = jax.jit(jnp.matmul)
    jax.block_until_ready(product(left, right))
    return 2 * size**3 / min(_seconds(lambda: product(left, right)) for _ in range(10))


def entry(name: str, small: bool) -> dict:
    """A model's entry in the config. small: the same kind with few units."""
    found = yaml.safe_load(CONFIG.read_text())["models"][name]
    kept = {word: v for word, v in found.items() if word not in OWN_WORDS}
    units = {"clusters": 16, "hidden": 16, "cells": 8} if small else {}
    return kept | {word: v for word, v in units.items() if word in kept}


def random_batch(videos: int, frames: int):
    """Bytes [B, T, 1152], lengths [B] and labels float32 [B, 3862], on the device."""
    random = np.random.default_rng(0)
    schema = Schema()
    values = random.integers(0, 256, (videos, frames, schema.feature_size), dtype=np.uint8)
    labels = random.random((videos, schema.classes)) < 0.001
    lengths = np.full(videos, frames, np.int32)
    return jax.device_put((values, lengths, labels.astype(np.float32)))


def training(recipe: dict, precision: str, data):
    """A step and its state: (state, *data) -> (loss, state)."""
    model = build_model(read_recipe("yt8m.models", recipe, "benchmark"), Schema(), precision)

    def loss_of(weights, moving, frames, lengths, labels):
        predictions, moving, penalties = model.stateless_call(
            weights, moving, [frames, lengths], training=True, return_losses=True
        )
        return cross_entropy(predictions, labels) + sum(penalties), moving

    def step(state, *batch):
        weights, moving, first, second, count = state
        found = jax.value_and_grad(loss_of, has_aux=True)(weights, moving, *batch)
        (loss, moving), gradients = found
        gradients = [g * (NORM / jnp.maximum(jnp.linalg.norm(g), NORM)) for g in gradients]
        count = count + 1
        first = [BETA_1 * m + (1 - BETA_1) * g for m, g in zip(first, gradients, strict=True)]
        second = [BETA_2 * v + (1 - BETA_2) * g * g for v, g in zip(second, gradients, strict=True)]
        rate = RATE * jnp.sqrt(1 - BETA_2**count) / (1 - BETA_1**count)
        moved = zip(weights, first, second, strict=True)
        weights = [w - rate * m / (jnp.sqrt(v) + EPSILON) for w, m, v in moved]
        return loss, (weights, moving, first, second, count)

    weights = [v.value for v in model.trainable_variables]
    moving = [v.value for v in model.non_trainable_variables]
    moments = [[jnp.zeros_like(w) for w in weights] for _ in range(2)]
    return step, (weights, moving, *moments, jnp.zeros(())), data


def predicting(recipe: dict, precision: str, data):
    """Prediction of a batch, and the weights as its state: (state, *data) -> (result, state)."""
    model = build_model(read_recipe("yt8m.models", recipe, "benchmark"), Schema(), precision)

    def predict(state, frames, lengths):
        probabilities, _ = model.stateless_call(*state, [frames, lengths], training=False)
        return probabilities, state

    state = [v.value for v in model.trainable_variables]
    return predict, (state, [v.value for v in model.non_trainable_variables]), data[:2]


def timed(function: Callable, state, data, rounds: int) -> dict:
    """Compile it once, then call it `CALLS` times per round; the state is donated to each call.

    Returns seconds per call (median of the rounds), seconds of compiling, FLOPs of a call as
    written (a loop over frames counts as one frame), and bytes on the device.
    """
    lowered = jax.jit(function, donate_argnums=0).lower(state, *data)
    start = time.perf_counter()
    compiled = lowered.compile()
    compiling = time.perf_counter() - start
    memory = compiled.memory_analysis()

    def calls():
        nonlocal state
        for _ in range(CALLS):
            result, state = compiled(state, *data)
        return result

    jax.block_until_ready(calls())
    seconds = median(_seconds(calls) for _ in range(rounds)) / CALLS
    return {
        "seconds": seconds,
        "seconds_to_compile": compiling,
        "flops": flops_as_written(function, state, data),
        "bytes": memory.argument_size_in_bytes + memory.temp_size_in_bytes,
    }


def flops_as_written(function: Callable, *arguments) -> float:
    """FLOPs before any compiler optimisation; JAX counts them on CPUs only."""
    shapes = jax.tree.map(lambda a: jax.ShapeDtypeStruct(a.shape, a.dtype), arguments)
    with jax.default_device(jax.devices("cpu")[0]):
        return jax.jit(function).lower(shapes[0], *shapes[1]).cost_analysis()["flops"]


def fed(recipe: dict, batch: int, frames: int, videos: int) -> dict:
    """Videos per second of an epoch in bfloat16: only read, only trained on, and both at once."""
    step, state, data = training(recipe, "bfloat16", random_batch(batch, frames))
    compiled = jax.jit(step, donate_argnums=0)
    _, state = jax.block_until_ready(compiled(state, *data))

    def train(epoch):
        nonlocal state
        for arrays in epoch:
            loss, state = compiled(state, *arrays)
        return loss

    with tempfile.TemporaryDirectory() as folder:
        manifest = write_videos(Path(folder), videos, Schema(), frames)

        def read(number: int) -> Iterator:
            order = epoch_order(manifest.shard_sizes, 0, number, window=512)
            for found in batches(Records(manifest), batch, order):
                yield found.frames, found.num_frames, found.labels.astype(np.float32)

        sum(1 for _ in read(0))
        seconds = {
            "read": _seconds(lambda: sum(1 for _ in read(1))),
            "trained_on": _seconds(lambda: train([data] * (videos // batch))),
            "both": _seconds(lambda: train(read(2))),
        }
    return {f"videos_{name}_per_second": videos / value for name, value in seconds.items()}


def _seconds(work: Callable) -> float:
    start = time.perf_counter()
    jax.block_until_ready(work())
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
