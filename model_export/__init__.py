"""Makes the model folders that lsp_writer runs. Never imported by it: its libraries are large and slow to load."""
