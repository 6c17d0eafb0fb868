"""The logic behind the rules in plain Python: paths of results, inputs of steps, and flags.

Nothing here imports Snakemake; rules pass names, and get paths and strings back.
"""
