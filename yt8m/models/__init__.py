"""Models: how frames become one vector a video, and what classifies it. A file here is a `kind`."""
