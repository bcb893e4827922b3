"""Reads what write-embedded-files.ts has written and writes what Python makes of it, to python.json beside this.

    pip install numpy safetensors
    node write-embedded-files.ts /tmp/embedded && python read-embedded-files.py /tmp/embedded
"""

import hashlib
import json
import sys
from importlib.metadata import version
from pathlib import Path

import numpy as np
from safetensors import safe_open

files = {}
for path in sorted(Path(sys.argv[1]).iterdir()):
    if path.suffix == ".npy":
        array = np.load(path)
        metadata = None
    elif path.suffix == ".safetensors":
        with safe_open(path, "numpy") as file:
            assert list(file.keys()) == ["embeddings"]
            array = file.get_tensor("embeddings")
            metadata = file.metadata()
    else:
        continue
    files[path.name] = {
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        "dtype": str(array.dtype),
        "shape": list(array.shape),
        "metadata": metadata,
        "rows": array.tolist(),
    }

golden = {"numpy": version("numpy"), "safetensors": version("safetensors"), "files": files}
(Path(__file__).parent / "python.json").write_text(json.dumps(golden) + "\n")
