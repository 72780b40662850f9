"""Shared by all tests: property tests that find the same thing on every machine, however slow."""

from hypothesis import settings

settings.register_profile("steady", deadline=None, derandomize=True, database=None)
settings.load_profile("steady")
