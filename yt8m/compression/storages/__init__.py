"""How encoded variables lie in arrays; the word in a weights file is the name of the file here.

Each defines `PARTS`, the names of its arrays, and `decode(arrays) -> float32`, of the variable's
shape or flat.
"""
