"""Token ids and logits: the model, its caches, decoding and scheduling. Knows neither prose nor LSP."""
