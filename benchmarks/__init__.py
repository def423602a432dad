"""Measurements, each ending in one JSON line."""
