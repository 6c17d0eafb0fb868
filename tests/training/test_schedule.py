"""The staircase of the learning rate."""

import numpy as np

from yt8m.training.schedule import staircase


def test_the_staircase_matches_the_original(golden):
    stored = np.load(golden("lr_decay.npz"))
    found = [
        staircase(
            int(step),
            initial=float(stored["base_learning_rate"]),
            decay=float(stored["learning_rate_decay"]),
            videos_per_step=int(stored["batch_size"]) * int(stored["num_towers"]),
            decay_videos=int(stored["learning_rate_decay_examples"]),
        )
        for step in stored["steps"]
    ]
    np.testing.assert_allclose(found, stored["lr"], rtol=1e-6)


def test_the_rate_drops_at_the_first_step_after_the_period():
    rates = [
        staircase(s, initial=1.0, decay=0.5, videos_per_step=10, decay_videos=20) for s in range(5)
    ]
    assert rates == [1.0, 1.0, 0.5, 0.5, 0.25]
