"""One training loop for models, averaging runs and students."""
