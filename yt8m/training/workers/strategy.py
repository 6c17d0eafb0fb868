"""TensorFlow's strategy for the devices of all workers."""

import json
import os

import tensorflow as tf

from yt8m.errors import TrainingError
from yt8m.training.workers.links import NEWS, Links


def connected_strategy(links: Links) -> tf.distribute.Strategy:
    """The devices of all workers, mirrored. Call it before TensorFlow computes anything.

    Waits until the others have called it, too; the process is killed if one of them is gone.
    Replicas are numbered worker by worker. Raises TrainingError if TensorFlow cannot connect them.
    """
    place = links.place
    addresses = [str(address) for address in place.addresses]
    task = {"type": "worker", "index": place.number}
    os.environ["TF_CONFIG"] = json.dumps({"cluster": {"worker": addresses}, "task": task})
    try:
        with links.watched():
            return tf.distribute.MultiWorkerMirroredStrategy()
    except tf.errors.OpError as error:
        text = f"TensorFlow cannot connect the workers: {error.message.splitlines()[0]}"
        raise TrainingError(links.find_loss(NEWS) or text) from error
