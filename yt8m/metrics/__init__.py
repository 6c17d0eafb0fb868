"""How well predictions agree with labels: GAP, MAP, PERR and Hit@1.

The definitions are those of the YouTube-8M challenge (Abu-El-Haija et al., 2016, section 5, and the
2nd challenge's evaluation). `accumulate.Metrics` computes all of them over a stream of batches; the
other files hold the formulae on arrays.

Ties are broken consistently, independent of the order of the videos. Within a video, the lower
class ranks first. Between videos, the misses rank first among entries of equal probability, so a
model that predicts the same probability for everything gains nothing by it.
"""
