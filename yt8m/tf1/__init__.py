"""Checkpoints of the original program (TensorFlow 1) as model folders of ours.

    checkpoint -> variables of each model -> recipe -> our arrays -> folders

Everything is read as data: names, shapes and numbers. No stored graph is ever run.
"""
