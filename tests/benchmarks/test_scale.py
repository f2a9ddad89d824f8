"""What the scale benchmark makes is what it says: e5's geometry, the exact neighbours, and a table that adds up."""

import numpy as np

from benchmarks.scale.measure import Figures
from benchmarks.scale.table import table
from benchmarks.scale.vectors import Cloud, Truth
from benchmarks.scale.words import Writer


def test_vectors_lie_as_those_of_e5() -> None:
    cloud = Cloud(4_000, seed=1)
    events = cloud.events(2_000)
    one, other = cloud.tellings(events), cloud.tellings(events)
    assert np.allclose(np.linalg.norm(one, axis=1), 1, atol=1e-5)
    assert round(float(np.linalg.norm(one.mean(axis=0))), 2) == 0.92
    assert round(float(np.median(one @ other.T)), 2) == 0.85
    assert round(float(np.median((one * other).sum(axis=1))), 2) == 0.97


def test_the_truth_is_the_same_however_it_comes_in() -> None:
    cloud = Cloud(1_000, seed=2)
    vectors = cloud.tellings(cloud.events(1_000))
    queries = cloud.tellings(cloud.events(5))
    truth = Truth(queries, 10)
    for first in range(0, 1_000, 300):
        truth.add(vectors[first : first + 300], first)
    exact = np.argsort(-(queries @ vectors.T), axis=1)[:, :10]
    assert [truth.nearest(query, 10) for query in range(5)] == [set(row.tolist()) for row in exact]


def test_the_same_seed_writes_the_same() -> None:
    assert [Writer(3).text(), Writer(3).title()] == [Writer(3).text(), Writer(3).title()]
    lengths = [len(text) for writer in [Writer(4)] for text in (writer.text() for _ in range(400))]
    assert 500 < np.median(lengths) < 700


def test_a_column_a_size_and_the_growth_for_ten_times_as_many() -> None:
    small = Figures({"filing": [1.0, 1.0]}, {10: 1.0, 50: 0.99}, {"near": 2**20}, set())
    large = Figures({"filing": [4.0, 4.0]}, {10: 0.9, 50: 0.8}, {"near": 100 * 2**20}, {"news_article: SELECT 1"})
    assert table([(1_000, {"load": 1.0}, small), (100_000, {"load": 50.0}, large)]).splitlines() == [
        "| | 1,000 | 100,000 | ×10 |",
        "|---|---|---|---|",
        "| filing, ms | 1.0 / 1.0 | 4.0 / 4.0 | 2.0 |",
        "| recall@10 of the nearest | 1.000 | 0.900 | – |",
        "| recall@50 of the nearest | 0.990 | 0.800 | – |",
        "| near, MiB | 1.0 | 100.0 | 10.0 |",
        "| building load, s | 1.0 | 50.0 | 7.1 |",
        "",
        "- reads all of news_article: SELECT 1",
    ]
