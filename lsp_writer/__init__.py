"""A language server for people who write prose; its language model runs on the writer's own machine."""

__version__ = "0.1.0"
