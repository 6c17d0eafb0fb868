"""What the page says about validation while training."""

from dataclasses import replace

import numpy as np

from tests.report.fabricated import CONFIG_ENTRIES, fabricate
from yt8m.report.files import read_history
from yt8m.report.reading import read_content
from yt8m.report.validation import validated


def content_of(folder, **validate):
    """An invented run whose students are validated like this; its stages have 4 and 2 epochs."""
    models = {name: dict(words) for name, words in CONFIG_ENTRIES["models"].items()}
    models["vlad_student"]["training"] = {"validate": {"split": "validate", **validate}}
    return read_content(folder, **fabricate(folder, {**CONFIG_ENTRIES, "models": models}))


def test_a_model_that_ran_out_of_patience_is_named(tmp_path):
    content = content_of(tmp_path, patience=2)
    assert "out of patience: after 4 of 10 epochs: vlad_student (trained)." in validated(content)
    patient = replace(content.models["vlad_student"].config.training.validate, patience=None)
    config = content.models["vlad_student"].config
    config = replace(config, training=replace(config.training, validate=patient))
    model = replace(content.models["vlad_student"], config=config)
    text = validated(replace(content, models={"vlad_student": model}))
    assert "a diamond marks" in text and "patience" not in text
    assert validated(replace(content, models={"vlad": content.models["vlad"]})) == ""


def test_rows_without_a_measurement_are_left_out(tmp_path):
    path = tmp_path / "history.csv"
    head = "epoch,videos,loss,gap,validation_loss,validation_gap\n"
    path.write_text(head + "0.5,10,3,.1,,\n1,20,2,.2,4,.15\n")
    found = read_history(path)
    assert found.epochs == 1 and len(found.batches.gap) == 2
    np.testing.assert_allclose([*found.validation.videos, *found.validation.gap], [20, 0.15])
    path.write_text("epoch,videos,loss,gap\n0.5,10,3,.1\n")
    assert read_history(path).validation is None
