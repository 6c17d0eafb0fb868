"""Training by several processes, on one or several machines: how they meet and keep together."""
