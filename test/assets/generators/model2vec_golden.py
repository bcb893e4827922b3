"""Writes what Python's model2vec makes of texts with the fixture models, to ../golden/model2vec.json.

    pip install model2vec==0.8.0 && python model2vec_golden.py ASSETS/static/model2vec-rs
"""

import json
import sys
from importlib.metadata import version
from pathlib import Path

import numpy as np
from model2vec import StaticModel

TEXTS = [
    "hello world",
    "hello",
    " ".join(["hello"] * 1000),
    "",
    "   ",
    "The quick brown fox jumps over the lazy dog.",
    "Café naïve résumé, ÅNGSTRÖM!",
    "北京大学 is in 中国 and 한국어",
    "emoji 😀 and 👨‍👩‍👧‍👦 families",
    "[CLS] special [SEP] tokens [MASK] here",
    "pneumonoultramicroscopicsilicovolcanoconiosis",
    "x" * 101 + " after a word too long",
    "one two three four five six seven eight nine ten " * 80,
]
MODELS = [
    "test-model-float32",
    "test-model-float16",
    "test-model-int8",
    "test-model-sentence-transformers",
    "test-model-vocab-quantized",
]
WITH_IDS = ["test-model-float32", "test-model-vocab-quantized"]

folder = Path(sys.argv[1])
golden = {"model2vec": version("model2vec"), "texts": TEXTS, "models": {}}
for name in MODELS:
    model = StaticModel.from_pretrained(folder / name)
    golden["models"][name] = {
        "normalize": model.normalize,
        "medianTokenLength": model.median_token_length,
        "unkTokenId": model.unk_token_id,
        "vectors": np.asarray(model.encode(TEXTS), dtype=np.float64).tolist(),
        "ids": model.tokenize(TEXTS, max_length=512),
        "maxLength3": np.asarray(model.encode(TEXTS, max_length=3), dtype=np.float64).tolist(),
        "sequence": [np.asarray(rows, dtype=np.float64).tolist() for rows in model.encode_as_sequence(TEXTS[5:7])],
    }
    if name not in WITH_IDS:
        del golden["models"][name]["ids"]

out = Path(__file__).parent.parent / "golden" / "model2vec.json"
out.write_text(json.dumps(golden, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
