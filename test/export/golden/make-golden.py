"""Loads what write-exports.ts has written and writes what Python makes of it, to python.json beside this.

    pip install model2vec==0.8.0 sentence-transformers==6.2.0
    node write-exports.ts /tmp/exports && python make-golden.py /tmp/exports
"""

import hashlib
import json
import sys
from importlib.metadata import version
from pathlib import Path

import numpy as np
from model2vec import StaticModel
from sentence_transformers import SentenceTransformer

folder = Path(sys.argv[1])
texts = json.loads((folder / "texts.json").read_text(encoding="utf-8"))


def without_nan(vectors: np.ndarray) -> list:
    """In half precision, normalizing the zeros of a text without tokens gives NaN: null in the file."""
    rounded = np.round(vectors.astype(np.float64), 7)
    return [None if np.isnan(vector).any() else vector.tolist() for vector in rounded]


golden = {
    "model2vec": version("model2vec"),
    "sentence-transformers": version("sentence-transformers"),
    "texts": texts,
    "exports": {},
}
for export in sorted(path for path in folder.iterdir() if path.is_dir()):
    static = StaticModel.from_pretrained(export)
    transformer = SentenceTransformer(str(export), device="cpu")
    tables = sorted(export.rglob("model.safetensors"))
    golden["exports"][export.name] = {
        "sha256": hashlib.sha256(tables[0].read_bytes()).hexdigest(),
        "normalize": static.normalize,
        "model2vec": np.round(np.asarray(static.encode(texts), dtype=np.float64), 7).tolist(),
        "sentenceTransformers": without_nan(transformer.encode(texts)),
    }

out = Path(__file__).parent / "python.json"
out.write_text(json.dumps(golden, allow_nan=False) + "\n", encoding="utf-8")
