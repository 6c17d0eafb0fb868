"""What the models of a config would cost, without making them: bytes, arithmetic, memory."""
