"""Bytes of a file → rows of cells. Knows nothing of leads; whatever the file is, memory stays flat."""

from .letters import ENCODINGS, encoding_label
from .probing import probe, records
from .shapes import BadFile, Probe, Record, Shape

__all__ = ["ENCODINGS", "BadFile", "Probe", "Record", "Shape", "encoding_label", "probe", "records"]
