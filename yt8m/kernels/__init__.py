"""Operations that run faster in a backend than through Keras: one kernel per file."""
