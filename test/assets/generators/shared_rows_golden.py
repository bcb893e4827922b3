"""Writes what Python's model2vec makes of token ids with the vocabulary-quantized fixture, to ../golden/shared-rows.json.

    pip install model2vec==0.8.0 && python shared_rows_golden.py ASSETS/static/model2vec-rs
"""

import json
import sys
from importlib.metadata import version
from pathlib import Path

import numpy as np
from model2vec import StaticModel

TEXTS = [
    "hello world",
    "The quick brown fox jumps over the lazy dog.",
    "pneumonoultramicroscopicsilicovolcanoconiosis",
    "one two three four five six seven eight nine ten " * 20,
]

model = StaticModel.from_pretrained(Path(sys.argv[1]) / "test-model-vocab-quantized")
golden = {
    "model2vec": version("model2vec"),
    "ids": model.tokenize(TEXTS, max_length=512),
    "vectors": np.round(np.asarray(model.encode(TEXTS), dtype=np.float64), 8).tolist(),
    "sequence": np.round(np.asarray(model.encode_as_sequence(TEXTS[1]), dtype=np.float64), 8).tolist(),
}
out = Path(__file__).parent.parent / "golden" / "shared-rows.json"
out.write_text(json.dumps(golden) + "\n", encoding="utf-8")
