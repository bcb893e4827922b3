"""Writes what the reference implementations make of random data, to metrics.json beside this.

    pip install scipy==1.17.1 scikit-learn==1.9.1 pytrec_eval-terrier bm25s && python make-golden.py
"""

import json
from importlib.metadata import version
from pathlib import Path

import bm25s
import numpy as np
import pytrec_eval
from scipy.stats import spearmanr
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import v_measure_score

random = np.random.default_rng(7)


def spearman_cases() -> list:
    cases = []
    for levels in (1000, 5, 2):
        left = random.integers(0, levels, 40).tolist()
        right = (random.integers(0, levels, 40) + np.array(left) // 2).tolist()
        cases.append({"left": left, "right": right, "expected": spearmanr(left, right).statistic})
    return cases


def ranking_cases() -> list:
    cases = []
    for documents, relevant, ties in ((30, 4, False), (200, 25, False), (200, 120, True), (8, 0, False)):
        ids = [f"d{i}" for i in range(documents)]
        scores = random.integers(0, 12, documents) / 4 if ties else random.random(documents)
        judged = random.choice(documents, relevant, replace=False)
        judgements = {ids[i]: int(random.integers(1, 4)) for i in judged}
        judgements[ids[0]] = judgements.get(ids[0], 0)
        # trec_eval keeps scores in single precision.
        run = {document: float(np.float32(score)) for document, score in zip(ids, scores)}
        measures = pytrec_eval.RelevanceEvaluator({"q": judgements}, {"ndcg_cut.10", "recall.100"})
        answer = measures.evaluate({"q": run})["q"]
        cases.append(
            {
                "ids": ids,
                "scores": list(run.values()),
                "judgements": judgements,
                "ndcg10": answer["ndcg_cut_10"],
                "recall100": answer["recall_100"],
            }
        )
    return cases


def v_measure_cases() -> list:
    cases = []
    for labels, clusters in ((4, 4), (3, 9), (5, 1), (1, 5)):
        left = random.integers(0, labels, 60).tolist()
        right = [int(random.integers(0, clusters)) if random.random() < 0.5 else label % clusters for label in left]
        cases.append({"labels": left, "clusters": right, "expected": v_measure_score(left, right)})
    return cases


def logistic_case() -> dict:
    centres = random.normal(size=(4, 6))
    labels = random.integers(0, 4, 80)
    vectors = (centres[labels] + random.normal(size=(80, 6))).astype(np.float32)
    # In float32, scikit-learn would compute in it.
    model = LogisticRegression(C=1, max_iter=1000, tol=1e-10).fit(vectors.astype(np.float64), labels)
    return {
        "vectors": vectors.ravel().tolist(),
        "labels": labels.tolist(),
        "coefficients": model.coef_.tolist(),
        "intercepts": model.intercept_.tolist(),
        "predictions": model.predict(vectors).tolist(),
    }


def bm25_case() -> dict:
    words = [f"w{i}" for i in range(12)]
    documents = [random.choice(words, random.integers(1, 20)).tolist() for _ in range(15)]
    queries = [["w1", "w2"], ["w3", "w3", "w11"], ["w0", "absent"]]
    index = bm25s.BM25(method="lucene", k1=1.2, b=0.75)
    index.index(documents, show_progress=False)
    scores = [index.get_scores([word for word in query if word in words]).tolist() for query in queries]
    return {"documents": documents, "queries": queries, "scores": scores}


golden = {
    "versions": {name: version(name) for name in ("scipy", "scikit-learn", "pytrec_eval-terrier", "bm25s")},
    "spearman": spearman_cases(),
    "ranking": ranking_cases(),
    "vMeasure": v_measure_cases(),
    "logistic": logistic_case(),
    "bm25": bm25_case(),
}
out = Path(__file__).parent / "metrics.json"
out.write_text(json.dumps(golden, allow_nan=False) + "\n", encoding="utf-8")
