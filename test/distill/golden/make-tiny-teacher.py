"""Makes test/distill/golden/tiny-teacher: a transformer-shaped ONNX file of a few KB with its tokenizer.

    pip install onnx numpy && python test/distill/golden/make-tiny-teacher.py

hidden = layer_norm(word[ids] + position[0..length) + mean of the row's unmasked word vectors), 8 dimensions;
pooler_output = tanh(hidden[:, 0] @ pooler). The mean makes a token's vector depend on its neighbours and on
the attention mask, as attention does.
"""

import json
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

FIXTURE = Path(__file__).resolve().parent / "tiny-teacher"
DIMENSIONS = 8
POSITIONS = 16
WORDS = "the a of horse rain run walks in on green blue house tree river stone bird sings slowly fast , . !".split()
PIECES = "##s ##ing ##ed ##ly un re 中 国 café 1999 7".split()
VOCABULARY = ["[PAD]", "[unused0]", "[unused1]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *WORDS, *PIECES, "[unused2]x"]


def tokenizer_json() -> dict:
    ids = {token: i for i, token in enumerate(VOCABULARY)}
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    piece = lambda token: {"SpecialToken": {"id": token, "type_id": 0}}
    text = lambda name: {"Sequence": {"id": name, "type_id": 0}}
    flags = {"single_word": False, "lstrip": False, "rstrip": False, "normalized": False, "special": True}
    return {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": [{"id": ids[token], "content": token, **flags} for token in special],
        "normalizer": {
            "type": "BertNormalizer",
            "clean_text": True,
            "handle_chinese_chars": True,
            "strip_accents": None,
            "lowercase": True,
        },
        "pre_tokenizer": {"type": "BertPreTokenizer"},
        "post_processor": {
            "type": "TemplateProcessing",
            "single": [piece("[CLS]"), text("A"), piece("[SEP]")],
            "pair": [piece("[CLS]"), text("A"), piece("[SEP]"), text("B"), piece("[SEP]")],
            "special_tokens": {t: {"id": t, "ids": [ids[t]], "tokens": [t]} for t in ("[CLS]", "[SEP]")},
        },
        "decoder": {"type": "WordPiece", "prefix": "##", "cleanup": True},
        "model": {
            "type": "WordPiece",
            "unk_token": "[UNK]",
            "continuing_subword_prefix": "##",
            "max_input_chars_per_word": 100,
            "vocab": ids,
        },
    }


def graph() -> onnx.ModelProto:
    random = np.random.default_rng(7)
    weights = {
        "word": random.normal(size=(len(VOCABULARY), DIMENSIONS)).astype(np.float32),
        "position": (0.1 * random.normal(size=(POSITIONS, DIMENSIONS))).astype(np.float32),
        "pooler": random.normal(size=(DIMENSIONS, DIMENSIONS)).astype(np.float32),
        "gain": np.linspace(3, 0.2, DIMENSIONS).astype(np.float32),
        "epsilon": np.float32(1e-5),
        "zero": np.int64(0),
        "one": np.int64(1),
        "second": np.array([1], dtype=np.int64),
        "last_axis": np.array([-1], dtype=np.int64),
    }
    node = helper.make_node
    nodes = [
        node("Gather", ["word", "input_ids"], ["words"]),
        node("Shape", ["input_ids"], ["shape"]),
        node("Gather", ["shape", "one"], ["length"]),
        node("Range", ["zero", "length", "one"], ["range"]),
        node("Gather", ["position", "range"], ["positions"]),
        node("Cast", ["attention_mask"], ["mask"], to=TensorProto.FLOAT),
        node("Unsqueeze", ["mask", "last_axis"], ["mask3"]),
        node("Mul", ["words", "mask3"], ["masked"]),
        node("ReduceSum", ["masked", "second"], ["sum"], keepdims=1),
        node("ReduceSum", ["mask3", "second"], ["count"], keepdims=1),
        node("Div", ["sum", "count"], ["context"]),
        node("Add", ["words", "positions"], ["placed"]),
        node("Add", ["placed", "context"], ["mixed"]),
        node("ReduceMean", ["mixed", "last_axis"], ["mean"], keepdims=1),
        node("Sub", ["mixed", "mean"], ["centred"]),
        node("Mul", ["centred", "centred"], ["squares"]),
        node("ReduceMean", ["squares", "last_axis"], ["variance"], keepdims=1),
        node("Add", ["variance", "epsilon"], ["padded_variance"]),
        node("Sqrt", ["padded_variance"], ["deviation"]),
        node("Div", ["centred", "deviation"], ["normal"]),
        node("Mul", ["normal", "gain"], ["last_hidden_state"]),
        node("Gather", ["last_hidden_state", "zero"], ["cls"], axis=1),
        node("MatMul", ["cls", "pooler"], ["pooled"]),
        node("Tanh", ["pooled"], ["pooler_output"]),
    ]
    ids = lambda name: helper.make_tensor_value_info(name, TensorProto.INT64, ["batch", "length"])
    floats = lambda name, shape: helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)
    made = helper.make_graph(
        nodes,
        "tiny-teacher",
        [ids("input_ids"), ids("attention_mask")],
        [
            floats("last_hidden_state", ["batch", "length", DIMENSIONS]),
            floats("pooler_output", ["batch", DIMENSIONS]),
        ],
        [numpy_helper.from_array(np.asarray(value), name) for name, value in weights.items()],
    )
    model = helper.make_model(made, opset_imports=[helper.make_opsetid("", 18)], ir_version=9)
    onnx.checker.check_model(model)
    return model


(FIXTURE / "onnx").mkdir(parents=True, exist_ok=True)
(FIXTURE / "tokenizer.json").write_text(json.dumps(tokenizer_json(), ensure_ascii=False, indent=1) + "\n")
(FIXTURE / "tokenizer_config.json").write_text('{ "tokenizer_class": "BertTokenizer", "pad_token": "[PAD]" }\n')
(FIXTURE / "onnx" / "model.onnx").write_bytes(graph().SerializeToString())


def with_sentence_embedding(model: onnx.ModelProto) -> onnx.ModelProto:
    """The same teacher, exported with its pooling: what it called pooler_output is its sentence_embedding."""
    model.graph.node[-1].output[0] = "sentence_embedding"
    model.graph.output[1].name = "sentence_embedding"
    onnx.checker.check_model(model)
    return model


(FIXTURE.parent / "tiny-teacher-sentence.onnx").write_bytes(with_sentence_embedding(graph()).SerializeToString())


def save_external(model: onnx.ModelProto, directory: Path) -> None:
    """The same teacher, with its larger weights in a file beside the graph, as those over 2 GiB must be."""
    directory.mkdir(parents=True, exist_ok=True)
    (directory / "model.onnx_data").unlink(missing_ok=True)
    options = {"save_as_external_data": True, "location": "model.onnx_data", "size_threshold": 256}
    onnx.save_model(model, directory / "model.onnx", **options)


save_external(graph(), FIXTURE.parent / "tiny-teacher-external")
