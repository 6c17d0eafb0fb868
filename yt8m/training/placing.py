"""Batches on the devices of a step, each put there while the step still works with the last one."""

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

import numpy as np
import tensorflow as tf

from yt8m.ahead import results_ahead

Item = TypeVar("Item")
Placed = TypeVar("Placed")


def placed(array: np.ndarray, strategy: tf.distribute.Strategy):
    """An array [B, ...] on the only device, or an even slice of it on each device of this process.

    Returns a tensor, or a value of the strategy with one tensor for each replica.
    """
    if strategy.num_replicas_in_sync == 1:
        return tf.convert_to_tensor(array)
    devices = strategy.extended.worker_devices
    share = len(array) // len(devices)

    def slice_of(context):
        number = context.replica_id_in_sync_group % len(devices)
        with tf.device(devices[number]):
            return tf.convert_to_tensor(array[number * share : (number + 1) * share])

    return strategy.experimental_distribute_values_from_function(slice_of)


def with_next_placed(
    items: Iterable[Item], place: Callable[[Item], Placed]
) -> Iterator[tuple[Item, Placed]]:
    """Each item with what `place` returns for it, which a thread calls for one item ahead.

    Raises the errors of `items` and of `place` in their turn, after what came before.
    """

    def calls() -> Iterator[Callable[[], tuple[Item, Placed]]]:
        for item in items:
            yield lambda item=item: (item, place(item))

    return results_ahead(calls(), depth=1)
