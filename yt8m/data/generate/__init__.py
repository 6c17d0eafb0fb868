"""The embedded dataset: videos with the statistics of YouTube-8M, made from a seed."""
