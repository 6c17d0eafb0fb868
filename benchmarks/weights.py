"""Our models' weights, in the order in which the same models of Keras' layers create theirs."""

import numpy as np


def weights_of(model) -> list[np.ndarray]:
    """Trainable weights, then the others, of a model from `yt8m.models.assemble.build_model`.

    Layer by layer, those of an aggregation's assignment before the layer's own.
    """
    layers: dict[str, list] = {}
    for variable in (*model.trainable_variables, *model.non_trainable_variables):
        layers.setdefault(variable.path.split("/")[0], []).append(variable)
    ordered = [
        variable
        for variables in layers.values()
        for variable in sorted(variables, key=lambda v: "/assignment/" not in v.path)
    ]
    ordered.sort(key=lambda variable: not variable.trainable)
    return [variable.numpy() for variable in ordered]
