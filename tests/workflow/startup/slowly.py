"""The command line with a pause before each batch, or each video that is extracted, to leave time
to interrupt a command.

    python slowly.py SECONDS train ...

Prints "a batch" for each, and predicts in parts of few videos.
"""

import sys
import time


def slow_down(seconds: float) -> None:
    """Apply the pauses in this process from now on."""
    import yt8m.outputs.graph_predictions
    import yt8m.training.loop
    import yt8m.video.shards
    from yt8m.data import order
    from yt8m.outputs import split_predictions

    original = order.batches

    def slow_batches(*arguments, **options):
        for batch in original(*arguments, **options):
            print("a batch", file=sys.stderr, flush=True)
            time.sleep(seconds)
            yield batch

    extract = yt8m.video.shards.extract

    def slow_extract(*arguments):
        time.sleep(seconds)
        return extract(*arguments)

    yt8m.video.shards.extract = slow_extract
    # They have names of their own for it.
    yt8m.outputs.graph_predictions.batches = yt8m.training.loop.batches = slow_batches
    split_predictions.VIDEOS_A_PART = 10


if __name__ == "__main__":
    from yt8m.cli import main

    slow_down(float(sys.argv.pop(1)))
    main()
