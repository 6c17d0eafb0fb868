"""Tests of the library for notebooks."""
