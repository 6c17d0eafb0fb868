"""The videos of the second demo: short mp4 files, generated from a seed, and a table of labels.

Some labels are told by pictures, some only by sound, some only by how pictures change over time.
"""
