"""Conversion of the original program's checkpoints (TensorFlow 1) to model folders.

    checkpoint -> variables of each model -> recipe -> our arrays -> folders

Everything is read as data: names, shapes and values. No stored graph is ever run.
"""
