"""Critiques: what is worth a look in a sentence, one kind a file; `review` puts them together."""
