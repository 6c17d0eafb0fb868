"""How encoded variables lie in arrays; the word in a weights file is the name of the file here.

Each defines `PARTS`, the names of its arrays; `decode(arrays, shape) -> float32`, of the variable's
shape; `check(arrays, shape)`, which raises ValueError unless they can be decoded so; and
`about(arrays) -> str`, what a table of sizes says of them.
"""
