"""The learning rate schedule."""


def staircase(step: int, *, initial: float, decay: float, videos_per_step: int, decay_videos: int):
    """Learning rate of step `step`, from 0: multiplied by `decay` every `decay_videos` videos."""
    return initial * decay ** (step * videos_per_step // decay_videos)
