"""Errors whose message is meant for the writer: what happened, and what to do next.

    WriterError
    ├── ModelUnavailable    no model folder, or one that is damaged, unknown or too new
    │   ├── ModelNotMade    the default model was not made yet
    │   └── OutOfMemory     the model does not fit into the memory there is
    ├── DeviceUnavailable   the wanted execution provider is missing or gives wrong answers
    ├── StorageError        no space left, or a folder that cannot be written
    ├── InvalidRequest      a position, range or name that the document or the catalogue does not have
    ├── RevisionRejected    the model's rewrite failed its checks and was not offered
    └── ExportFailed        a model could not be fetched, converted or verified

Anything that is not a WriterError is a defect: it is logged with its traceback and fails only its own request.
"""


class WriterError(Exception):
    """An error the writer can act on. `str(error)` is one or two sentences, the last saying what to do."""


class ModelUnavailable(WriterError):
    """There is no model to run: the folder is missing, damaged, or of a version this program cannot read."""


class ModelNotMade(ModelUnavailable):
    """The default model is not there, and nothing is in its place: it can be made."""


class OutOfMemory(ModelUnavailable):
    """The model, or what it works on, does not fit into the memory there is."""


class DeviceUnavailable(WriterError):
    """The wanted execution provider is not in this ONNX Runtime, or its answers do not match the manifest's probe."""


class StorageError(WriterError):
    """A file could not be written: the disk is full or the folder is read-only."""


class InvalidRequest(WriterError):
    """The request names something that does not exist: a line past the end, an unknown rewrite or document."""


class RevisionRejected(WriterError):
    """A rewrite was made and failed its checks, so it is not offered."""


class ExportFailed(WriterError):
    """A model could not be fetched, converted or verified; what was installed before is untouched."""
