"""What a backend does faster than through Keras' operations: a file a kernel."""
