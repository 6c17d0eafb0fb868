"""What a graph gets wrong: videos, confused classes, and what each stage gains per class."""
