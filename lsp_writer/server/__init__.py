"""The protocol: one file per LSP method. The only importer of pygls and lsprotocol."""
