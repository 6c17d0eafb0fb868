"""How well scored videos agree with their labels: GAP, MAP, PERR and Hit@1.

The definitions are those of the YouTube-8M challenge (Abu-El-Haija et al., 2016, section 5, and the
2nd challenge's evaluation). `accumulate.Metrics` computes all of them over a stream of batches; the
other files hold the formulae on arrays.

Ties are broken the same way everywhere, whatever the order of the videos. Within a video, the lower
class counts as the higher ranked. Between videos, entries of equal score are taken with the misses
first, so a model that gives everything the same score gains nothing by it.
"""
