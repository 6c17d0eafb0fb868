"""How encoded variables are stored as arrays; a weights file names the module that decodes them.

Each module defines `PARTS`, the names of its arrays; `decode(arrays, shape) -> float32`, of the
variable's shape; `check(arrays, shape)`, which raises ValueError if they cannot be decoded to that
shape; and `about(arrays) -> str`, their description in a table of sizes.
"""
