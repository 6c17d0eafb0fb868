"""How many bytes a quantiser would leave of a variable that has no values yet."""

from collections.abc import Sequence

from yt8m.config.steps import Quantisation
from yt8m.describing.costs import Variable


def stored_bytes(variables: Sequence[Variable], settings: Quantisation) -> int:
    """Bytes of all variables, the large ones encoded."""
    return sum(variable_bytes(variable, settings) for variable in variables)


def variable_bytes(variable: Variable, settings: Quantisation) -> int:
    """Bytes of one variable, which is encoded if `quantise_weights` would do so."""
    if variable.dtype != "float32" or variable.elements <= settings.min_elements:
        return variable.size_bytes
    return settings.quantiser.encoded_bytes(variable.shape)
