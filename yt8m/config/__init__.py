"""The config: settings, defaults and checks. Importing it is cheap; no TensorFlow."""

from yt8m.config.experiment import Experiment, Model, model_entry, read_experiment

__all__ = ["Experiment", "Model", "model_entry", "read_experiment"]
