"""What lies behind the rules, in plain Python: where results lie, what is made of what, and flags.

Nothing here imports Snakemake; the rules hand over names, and get paths and texts back.
"""
