"""The costs of one model, from its graphs, which are traced without values."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import tensorflow as tf

from yt8m.config.training import Training
from yt8m.data.schema import Schema
from yt8m.describing.abstract import without_values
from yt8m.describing.memory import allocated_bytes, peak_bytes
from yt8m.describing.multiply_adds import multiply_adds
from yt8m.models.assemble import build_model
from yt8m.protocols import ModelRecipe
from yt8m.training.step import Objective, TrainingStep


@dataclass(frozen=True)
class Variable:
    """One variable of a model; dtype: such as "float32"."""

    path: str
    shape: tuple[int, ...]
    dtype: str

    @property
    def elements(self) -> int:
        """Number of elements."""
        return math.prod(self.shape)

    @property
    def size_bytes(self) -> int:
        """Bytes as trained."""
        return self.elements * tf.as_dtype(self.dtype).size


@dataclass(frozen=True)
class StepMemory:
    """The memory of a training step on each device, in bytes.

    weights: all variables of the model. moments: of the optimiser. batches: frames and labels of
        the step's batch, and of the next one, which is put there meanwhile.
    tensors: gradients and other tensors at the peak, such as the copy of a variable that is updated
        while its old value is still read. sums: accumulated gradients, if there are several
        micro-batches. waste: what the allocator uses beyond that; see `yt8m.describing.allocator`.
    """

    weights: int
    moments: int
    batches: int
    tensors: int
    sums: int
    waste: int

    @property
    def others(self) -> int:
        """Everything but weights and moments, which stay from step to step."""
        return self.batches + self.tensors + self.sums + self.waste

    @property
    def total(self) -> int:
        """The total."""
        return self.weights + self.moments + self.others


@dataclass(frozen=True)
class Costs:
    """The costs of a model. multiply_adds: to predict one video of `max_frames` frames."""

    variables: tuple[Variable, ...]
    multiply_adds: int
    step: StepMemory

    @property
    def parameters(self) -> int:
        """Elements of all variables."""
        return sum(variable.elements for variable in self.variables)

    @property
    def size_bytes(self) -> int:
        """Bytes of all variables as they are trained."""
        return sum(variable.size_bytes for variable in self.variables)


def costs_of(recipe: ModelRecipe, schema: Schema, training: Training) -> Costs:
    """Trace a model and its training step, without a teacher; no weights are created.

    Raises ConfigError if the size of a tensor depends on the values of inputs.
    """
    model, step = without_values(lambda: _model_and_step(recipe, schema))
    prediction = _predicting(model, schema)
    return Costs(
        variables=_variables(model),
        multiply_adds=multiply_adds(prediction, longest_video(schema)),
        step=_step_memory(step, schema, training),
    )


def variables_of(recipe: ModelRecipe, schema: Schema) -> tuple[Variable, ...]:
    """Only the variables of a model, which takes a fraction of the time."""
    return _variables(without_values(lambda: build_model(recipe, schema)))


def _variables(model) -> tuple[Variable, ...]:
    return tuple(Variable(v.path, tuple(v.shape), v.dtype) for v in model.variables)


def longest_video(schema: Schema) -> int:
    """Frames of the longest video that a model may read."""
    return 1 if schema.layout == "video" else schema.max_frames


def frames_per_step(schema: Schema, training: Training) -> int:
    """Frames of the longest video in a training step."""
    drawn = schema.layout == "frame" and training.frames.kind != "all"
    return training.frames.count if drawn else longest_video(schema)


def _model_and_step(recipe: ModelRecipe, schema: Schema):
    model = build_model(recipe, schema)
    return model, TrainingStep(model, Objective(), clip_norm=1.0)


def _predicting(model, schema: Schema):
    """The graph that predicts one video."""

    def predict(frames, num_frames):
        return model([frames, num_frames], training=False)

    return _traced(predict, _videos(schema, 1, longest_video(schema)))


def _videos(schema: Schema, batch_size: int, frames: int) -> list[tf.TensorSpec]:
    dtype = tf.uint8 if schema.layout == "frame" else tf.float32
    shape = [batch_size, frames, schema.feature_size]
    return [tf.TensorSpec(shape, dtype), tf.TensorSpec([batch_size], tf.int32)]


def _traced(function, specs: Sequence[tf.TensorSpec]):
    return tf.function(function, autograph=False).get_concrete_function(*specs).graph


def _step_memory(step: TrainingStep, schema: Schema, training: Training) -> StepMemory:
    """With micro-batches: the step of one of them, plus the accumulated gradients."""
    part, frames = training.batch_size // training.micro_batches, frames_per_step(schema, training)
    batch = [*_videos(schema, part, frames), tf.TensorSpec([part, schema.classes], tf.bool)]
    graph = _traced(step._everywhere, [tf.TensorSpec([]), tf.TensorSpec([]), *batch])
    weights = [_size(v) for v in step.model.variables]
    moments = [_size(v) for v in [*step.adam.first, *step.adam.second]]
    inputs = 2 * [training.micro_batches * _size(spec) for spec in batch]
    sums = [_size(v) for v in step.adam.variables] if training.micro_batches > 1 else []
    kept = [*weights, *moments, *inputs, *sums]
    tensors = peak_bytes(graph, frames)
    return StepMemory(
        weights=sum(weights),
        moments=sum(moments),
        batches=sum(inputs),
        tensors=tensors,
        sums=sum(sums),
        waste=max(0, allocated_bytes(graph, frames, kept) - sum(kept) - tensors),
    )


def _size(array) -> int:
    return math.prod(array.shape) * tf.as_dtype(array.dtype).size
