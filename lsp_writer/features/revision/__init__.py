"""Rewrites: the catalogue, the guard rails, and the proposals that wait for the writer's word."""
