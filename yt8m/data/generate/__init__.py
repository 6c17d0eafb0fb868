"""The embedded dataset: videos with the statistics of YouTube-8M, generated from a seed."""
