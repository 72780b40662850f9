"""Figures of the built-in defaults, measured by commands that anyone can repeat."""
