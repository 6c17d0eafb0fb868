"""The command line with a pause before each batch, or each video that is extracted, to leave time
to interrupt a command.

    python slowly.py SECONDS train ...

Prints "a batch" for each, and predicts in parts of few videos.
"""

import sys
import time


def slow_down(seconds: float) -> None:
    """Apply the pauses in this process from now on."""
    if sys.orig_argv[3:5] == ["records", "extract"]:
        slow_extraction(seconds)
        return
    import yt8m.outputs.graph_predictions
    import yt8m.training.loop
    from yt8m.data import order
    from yt8m.outputs import split_predictions

    original = order.batches

    def slow_batches(*arguments, **options):
        for batch in original(*arguments, **options):
            print("a batch", file=sys.stderr, flush=True)
            time.sleep(seconds)
            yield batch

    # They have names of their own for it.
    yt8m.outputs.graph_predictions.batches = yt8m.training.loop.batches = slow_batches
    split_predictions.VIDEOS_A_PIECE = 10


def slow_extraction(seconds: float) -> None:
    """Pause before each video; without the imports of other steps, which take longer."""
    from yt8m.video import shards

    extract = shards.extract

    def slow_extract(*arguments):
        time.sleep(seconds)
        return extract(*arguments)

    shards.extract = slow_extract


if __name__ == "__main__":
    from yt8m.cli import main

    slow_down(float(sys.argv.pop(1)))
    main()
