"""Running networks with TensorFlow: threads, compiled calls, frozen graphs."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from yt8m.errors import ArtefactError
from yt8m.files import open_regular
from yt8m.printable import error_line
from yt8m.runtime.devices import import_tensorflow

if TYPE_CHECKING:
    import tensorflow as tf


def limit_threads(threads: int) -> None:
    """Let TensorFlow use that many threads, unless it has started already; 0 changes nothing."""
    tf = import_tensorflow()

    if threads:
        try:
            tf.config.threading.set_intra_op_parallelism_threads(threads)
            tf.config.threading.set_inter_op_parallelism_threads(1)
        except RuntimeError:  # the number is fixed once TensorFlow has started
            return


def compiled(
    network: Callable, shape: tuple[int | None, ...], dtype: str
) -> Callable[[np.ndarray], np.ndarray]:
    """A network as a TensorFlow graph, traced once for all sizes of batches.

    shape, dtype: of its input. The result's numbers are float32 arrays.
    """
    tf = import_tensorflow()

    graph = tf.function(network, input_signature=[tf.TensorSpec(shape, dtype)])
    return lambda batch: graph(tf.constant(batch)).numpy()


def frozen_graph(path: str | Path, source: str, result: str) -> Callable:
    """A frozen graph (GraphDef) as a function of the tensor `source`, that returns `result`.

    Raises ArtefactError for a file that is no such graph or has no such tensors.
    """
    tf = import_tensorflow()

    try:
        with open_regular(path) as file:
            definition = tf.compat.v1.GraphDef.FromString(file.read())
    except OSError as error:
        raise ArtefactError(f"{path}: cannot be read ({error.strerror or error}).") from None
    except Exception as error:  # protobuf's DecodeError, which has moved between versions
        raise ArtefactError(f"{path}: is not a frozen graph ({error_line(error)}).") from None
    missing = {source.split(":")[0], result.split(":")[0]} - {n.name for n in definition.node}
    if missing:
        raise ArtefactError(f"{path}: has no tensor {', '.join(sorted(missing))}:0.")

    def run(value: "tf.Tensor") -> "tf.Tensor":
        (found,) = tf.graph_util.import_graph_def(
            definition, input_map={source: value}, return_elements=[result], name=""
        )
        return found

    return run
