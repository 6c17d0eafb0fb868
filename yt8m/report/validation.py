"""What the page says about validation while training: what was kept, who stopped early."""

from collections.abc import Iterator

from yt8m.printable import listed
from yt8m.report.content import Content, Model
from yt8m.workflow.layout import FITTED


def validated(content: Content) -> str:
    """Sentences below the learning curves; "" if no model was validated."""
    models = [model for model in content.models.values() if model.config.training.validate]
    if not models:
        return ""
    text = (
        "Validation is on videos that are not trained on, with all their frames; a diamond marks "
        "the weights that were kept. A model overfits from where its validation loss rises while "
        "its loss still falls."
    )
    early = [words for model in models for words in _stopped_early(model)]
    return f"{text} Stopped early, out of patience: {listed(early)}." if early else text


def _stopped_early(model: Model) -> Iterator[str]:
    """Such as "after 3.5 of 10 epochs: student (ema)"."""
    if model.config.training.validate.patience is None:
        return
    planned = {"trained": model.config.training.epochs, "ema": model.config.ema.epochs}
    for stage in FITTED:
        epochs = model.histories[stage].epochs
        if epochs < planned[stage]:
            yield f"after {epochs:.3g} of {planned[stage]} epochs: {model.name} ({stage})"
