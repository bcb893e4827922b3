"""Writes what model2vec's quantization of a vocabulary comes to on noise, to quantize-vocabulary.json beside this.

    pip install "model2vec[quantization]==0.8.0" && python quantize_vocabulary.py
"""

import json
from importlib.metadata import version
from pathlib import Path

import numpy as np
from model2vec.vocabulary_quantization import quantize_vocabulary

TOKENS, DIMENSIONS, CLUSTERS = 1500, 12, 120


def fixed_noise(count: int, seed: int) -> np.ndarray:
    """As test/support/tiny-model.ts has it."""
    values = np.empty(count, dtype=np.float32)
    state = seed
    for i in range(count):
        state = (state * 1664525 + 1013904223) % 2**32
        values[i] = np.float32(state / 2**31 - 1)
    return values


def outcome(table: np.ndarray, weights: np.ndarray | None) -> dict:
    rows, mapping, weights_after = quantize_vocabulary(CLUSTERS, weights, table)
    clustered = table if weights is not None else table / weights_after[:, None]
    return {
        "inertia": float(((clustered - rows[mapping]) ** 2).sum()),
        "error": float((((clustered - rows[mapping]) * weights_after[:, None]) ** 2).sum()),
        "weights": [round(float(weight), 6) for weight in weights_after[:20]],
    }


noise = fixed_noise(TOKENS * DIMENSIONS, 7).reshape(TOKENS, DIMENSIONS)
table = noise / (1 + np.arange(TOKENS) % 10)[:, None].astype(np.float32)
golden = {
    "model2vec": version("model2vec"),
    "scikit-learn": version("scikit-learn"),
    "tokens": TOKENS,
    "dimensions": DIMENSIONS,
    "clusters": CLUSTERS,
    "withoutWeights": outcome(table, None),
    "withWeights": outcome(table, 1 / (np.arange(TOKENS) + 2.0)),
}
out = Path(__file__).parent / "quantize-vocabulary.json"
out.write_text(json.dumps(golden, indent=1) + "\n", encoding="utf-8")
