"""The library for notebooks and scripts, whose names `import yt8m` offers.

It wraps what the commands use: arrays in memory take the place of files.
"""
