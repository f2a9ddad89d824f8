"""Reading the packed weights: a small file of our own in the same format, and what a broken one says."""

import struct
from pathlib import Path

import numpy as np
import pytest

from news.embed import packed

PIECES = ["<s>", "<pad>", "</s>", "<unk>", "▁", "芯片"]


def write(path: Path, *, magic: bytes = b"E5S1") -> Path:
    """A model of one tensor of two rows in 4-bit blocks and one in float32."""
    blob = "".join(PIECES).encode()
    ends = np.cumsum([0, *(len(piece.encode()) for piece in PIECES)]).astype("<u4")
    head = struct.pack("<4sI7ifi", magic, 1, 32, 1, 2, 64, len(PIECES), 8, 2, 0.5, 32)
    words = struct.pack("<5iQ", len(PIECES), 0, 2, 1, 3, len(blob)) + ends.tobytes()
    words += np.arange(len(PIECES), dtype="<f4").tobytes() + blob + struct.pack("<iI", 1, 9) + bytes(9)
    rows = b"".join(np.float16(scale).tobytes() + bytes(range(16)) for scale in (1.0, 0.5))
    flat = np.array([1.5, -2.0], dtype="<f4").tobytes()
    names = [(b"emb.word", 1, 64, rows), (b"emb.ln.b", 0, 2, flat)]
    directory_size = 4 + sum(2 + len(name) + 21 for name, *_ in names)
    offset = len(head) + len(words) + directory_size
    directory = struct.pack("<i", len(names))
    for name, kind, count, data in names:
        directory += struct.pack("<H", len(name)) + name + struct.pack("<BIQQ", kind, count, offset, len(data))
        offset += len(data)
    path.write_bytes(head + words + directory + rows + flat)
    return path


def test_shape_vocabulary_and_tensors(tmp_path: Path) -> None:
    model = packed.PackedModel(write(tmp_path / "small.bin"))
    assert model.shape == packed.Shape(32, 1, 2, 64, 6, 8, 2, 0.5)
    assert model.pieces == PIECES
    assert model.scores.tolist() == [0, 1, 2, 3, 4, 5]
    assert model.vector("emb.ln.b").tolist() == [1.5, -2.0]
    # byte j holds weight j in its low half and weight j + 16 in its high half, each less 8
    assert model.matrix("emb.word", 32)[0].tolist() == [float(j - 8) for j in range(16)] + [-8.0] * 16


def test_only_the_rows_that_are_asked_for(tmp_path: Path) -> None:
    model = packed.PackedModel(write(tmp_path / "small.bin"))
    assert np.array_equal(model.matrix("emb.word", 32, np.array([1])), model.matrix("emb.word", 32)[1:])


def test_another_format_is_refused(tmp_path: Path) -> None:
    with pytest.raises(packed.BrokenModel, match=r"small\.bin: not an E5S1 file of version 1"):
        packed.PackedModel(write(tmp_path / "small.bin", magic=b"GGUF"))


def test_a_file_cut_short_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "small.bin")
    path.write_bytes(path.read_bytes()[:90])
    with pytest.raises(packed.BrokenModel):
        packed.PackedModel(path)
