"""Networks built from the weights that are given for them."""
