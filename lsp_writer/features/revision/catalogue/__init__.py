"""The rewrites that are shipped, one TOML file each; `features/revision/entry.py` says what stands in one."""
