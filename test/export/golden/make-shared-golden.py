"""Loads what write-shared-exports.ts has written and writes what model2vec makes of it, to python-shared.json.

    pip install model2vec==0.8.0
    node write-shared-exports.ts /tmp/shared && python make-shared-golden.py /tmp/shared

Sentence Transformers is not asked: it knows no tokens that share rows.
"""

import hashlib
import json
import sys
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from model2vec import StaticModel

folder = Path(sys.argv[1])
texts = json.loads((folder / "texts.json").read_text(encoding="utf-8"))
golden = {"model2vec": version("model2vec"), "texts": texts, "exports": {}}
for export in sorted(path for path in folder.iterdir() if path.is_dir()):
    model = StaticModel.from_pretrained(export)
    with TemporaryDirectory() as saved:
        model.save_pretrained(saved)
        config = json.loads((Path(saved) / "config.json").read_text())
    golden["exports"][export.name] = {
        "sha256": hashlib.sha256(next(export.rglob("model.safetensors")).read_bytes()).hexdigest(),
        "vocabularyQuantization": model.vocabulary_quantization,
        "config": config,
        "mappingType": None if model.token_mapping is None else model.token_mapping.dtype.name,
        "weightsType": None if model.weights is None else model.weights.dtype.name,
        "vectors": np.round(np.asarray(model.encode(texts), dtype=np.float64), 7).tolist(),
    }

out = Path(__file__).parent / "python-shared.json"
out.write_text(json.dumps(golden, allow_nan=False) + "\n", encoding="utf-8")
