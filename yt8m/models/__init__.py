"""Models: frames to one vector per video, and its classifier. A file here is a `kind`."""
