"""Tests of what is delivered: the wheel and the archive of the sources."""
