"""What a writer gets: continuations, words, critiques, rewrites. Reaches the model through `generation` alone."""
