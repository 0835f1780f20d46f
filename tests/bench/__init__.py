"""Measurements: `make bench` prints them. Never part of the tests: a machine's mood is not a fault."""
