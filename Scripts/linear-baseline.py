#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Plain linear classifiers on character n-grams, cross-validated on the folds of the training rows.

What a model must clearly beat to be worth running. Needs scikit-learn. Choice tasks: TF-IDF of
character runs 1 to 5 and logistic regression, whose probabilities are divided by how frequent each
answer was in training, because the benchmark's answers are balanced; nothing else is known to it, no
rules, no dictionaries. Entity tasks: one label a character (begin, inside, outside) by logistic
regression on the runs of characters around it.

Prints JSON with the same measures as `shokenctl evaluate folds`: kappa (linear-weighted for crade
and jcsts), accuracy, both also balanced over the right answers; for entities exact F1 of string
sets, and strict and overlap F1 of places.

Usage: linear-baseline.py --data DIR [--task NAME ...]     DIR holds jmed-llm/train/*.jsonl
"""
import argparse
import json
import sys
from collections import defaultdict
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction import FeatureHasher
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression, SGDClassifier

CHOICE_TASKS = ["crade", "rrtnm", "smdis", "jcsts"]
ENTITY_TASKS = ["mrner_disease", "mrner_medicine", "nrner"]
FOLDS = range(5)


def rows_of(data, task):
    path = Path(data) / "jmed-llm" / "train" / (task + ".jsonl")
    with open(path, encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


# ---------------------------------------------------------------- measures


def agreement(gold, predicted, linear):
    """Accuracy and kappa, as they are and balanced over the right answers."""
    size = max(gold + predicted) + 1
    table = np.zeros((size, size))
    for right, answer in zip(gold, predicted):
        table[right, answer] += 1
    places = np.arange(size)
    distance = np.abs(places[:, None] - places[None, :]).astype(float)
    if not linear:
        distance = (distance > 0).astype(float)

    def both(table):
        total = table.sum()
        expected = np.outer(table.sum(1), table.sum(0)) / total
        chance = (distance * expected).sum()
        kappa = 1 - (distance * table).sum() / chance if chance else 0.0
        return np.trace(table) / total, kappa

    sums = table.sum(1, keepdims=True)
    accuracy, kappa = both(table)
    balanced_accuracy, balanced_kappa = both(np.divide(table, sums, where=sums > 0, out=table * 0))
    return {
        "rows": len(gold), "kappa": round(kappa, 4), "accuracy": round(accuracy, 4),
        "balancedKappa": round(balanced_kappa, 4),
        "balancedAccuracy": round(balanced_accuracy, 4),
    }


def f1(hits, predicted, gold):
    return 1.0 if predicted + gold == 0 else 2 * hits / (predicted + gold)


# ---------------------------------------------------------------- choices


def vectorizer():
    return TfidfVectorizer(analyzer="char", ngram_range=(1, 5), sublinear_tf=True, min_df=2)


def blocks(task, rows):
    """The texts that become blocks of features, one list of texts a block."""
    if task == "crade":
        around = []
        for row in rows:
            start, end = row["spans"][0] if row["spans"] else (0, 0)
            around.append(row["doc"][max(0, start - 30):start] + "\u0002" + row["doc"][end:end + 30])
        return [[row["entity"] for row in rows], around]
    if task == "jcsts":
        # A linear model sees no overlap between two texts unless it is shown what differs.
        def runs(text):
            return {text[i:i + n] for n in (1, 2, 3) for i in range(len(text) - n + 1)}

        only, common = [], []
        for row in rows:
            first, second = runs(row["s1"]), runs(row["s2"])
            only.append("\u0001".join(sorted(first ^ second)))
            common.append("\u0001".join(sorted(first & second)))
        return [only, common]
    return [[row["doc"] for row in rows]]


def block_vectorizers(task, count):
    if task == "jcsts":
        return [
            TfidfVectorizer(analyzer=lambda text: text.split("\u0001"), min_df=2)
            for _ in range(count)
        ]
    return [vectorizer() for _ in range(count)]


def choice_task(data, task):
    rows = rows_of(data, task)
    # One model a subtask where subtasks ask different things of the same text.
    groups = defaultdict(list)
    for row in rows:
        groups[row["tag"] if task in ("rrtnm", "smdis") else ""].append(row)
    gold, predicted = [], []
    for group in groups.values():
        for fold in FOLDS:
            train = [row for row in group if row["fold"] != fold]
            test = [row for row in group if row["fold"] == fold]
            if not test:
                continue
            train_blocks, test_blocks = blocks(task, train), blocks(task, test)
            makers = block_vectorizers(task, len(train_blocks))
            seen = hstack([m.fit_transform(b) for m, b in zip(makers, train_blocks)]).tocsr()
            new = hstack([m.transform(b) for m, b in zip(makers, test_blocks)]).tocsr()
            if task in ("crade", "jcsts"):
                seen, new = (hstack([x, extra(task, r)]).tocsr() for x, r in
                             ((seen, train), (new, test)))
            labels = ["ABCDEF".index(row["answer"]) for row in train]
            model = LogisticRegression(C=5, max_iter=1000).fit(seen, labels)
            gold += ["ABCDEF".index(row["answer"]) for row in test]
            predicted += decide(model, new, labels, ordered=task in ("crade", "jcsts"))
    return agreement(gold, predicted, linear=task in ("crade", "jcsts"))


def decide(model, new, labels, ordered):
    """Answers as if all were equally frequent; on an ordered scale the median."""
    prior = np.bincount(labels)[model.classes_] / len(labels)
    probabilities = model.predict_proba(new) / prior
    probabilities /= probabilities.sum(1, keepdims=True)
    if ordered:
        places = (probabilities.cumsum(1) >= 0.5).argmax(1)
    else:
        places = probabilities.argmax(1)
    return model.classes_[places].tolist()


def extra(task, rows):
    """Which of the two questions of crade; the shares of common runs of jcsts."""
    if task == "crade":
        return csr_matrix([[float(row["tag"] == "medicine")] for row in rows])

    def share(first, second, n):
        a = {first[i:i + n] for i in range(len(first) - n + 1)}
        b = {second[i:i + n] for i in range(len(second) - n + 1)}
        return len(a & b) / max(1, len(a | b))

    return csr_matrix(
        [[share(row["s1"], row["s2"], n) for n in (1, 2, 3)] for row in rows])


# ---------------------------------------------------------------- entities


def gold_labels(row):
    """O, B or I for each character; of overlapping answers the longest."""
    labels = ["O"] * len(row["doc"])
    spans = [tuple(pair) for answer in row["spans"] for pair in answer["offsets"]]
    for start, end in sorted(spans, key=lambda pair: pair[0] - pair[1]):
        if all(label == "O" for label in labels[start:end]):
            labels[start:end] = ["B"] + ["I"] * (end - start - 1)
    return labels


def kind(character):
    code = ord(character)
    if 0x3041 <= code <= 0x309F:
        return "h"
    if 0x30A0 <= code <= 0x30FF:
        return "k"
    if 0x4E00 <= code <= 0x9FFF:
        return "c"
    if character.isdigit():
        return "d"
    if character.isalpha():
        return "l"
    return "s"


def character_features(text):
    """Runs of up to three characters within four characters on either side, with their places."""
    padded = "\u0002" * 4 + text + "\u0003" * 4
    kinds = "".join(kind(c) for c in padded)
    result = []
    for center in range(4, 4 + len(text)):
        found = []
        for length in (1, 2, 3):
            for start in range(center - 4, center + 5 - length + 1):
                place = start - center
                found.append(f"{length}{place}{padded[start:start + length]}")
        for length in (1, 2, 3):
            found.append(f"t{length}{kinds[center - length + 1:center + 1]}")
            found.append(f"u{length}{kinds[center:center + length]}")
        result.append(found)
    return result


def decode(labels):
    """Places of entities in a row of labels; an inside without a beginning begins one."""
    spans, start = [], None
    for place, label in enumerate(list(labels) + ["O"]):
        if start is not None and label != "I":
            spans.append((start, place))
            start = None
        if label == "B" or (label == "I" and start is None):
            start = place
    return spans


def entity_task(data, task):
    rows = rows_of(data, task)
    hasher = FeatureHasher(n_features=2 ** 20, input_type="string", alternate_sign=False)
    total = {"exact": 0.0, "rows": 0, "strict": [0, 0, 0, 0], "overlap": [0, 0, 0, 0]}
    for tag in sorted({row["tag"] for row in rows}):
        for fold in FOLDS:
            train = [row for row in rows if row["tag"] == tag and row["fold"] != fold]
            test = [row for row in rows if row["tag"] == tag and row["fold"] == fold]
            if not test or not train:
                continue
            seen = hasher.transform(f for row in train for f in character_features(row["doc"]))
            # Logistic regression by stochastic descent: the characters are several hundred thousand.
            model = SGDClassifier(
                loss="log_loss", alpha=1e-6, max_iter=15, tol=None, random_state=0)
            model.fit(seen, [label for row in train for label in gold_labels(row)])
            for row in test:
                labels = model.predict(hasher.transform(character_features(row["doc"])))
                count(row, decode(labels), total)
    scores = {"rows": total["rows"], "exactF1": round(total["exact"] / max(1, total["rows"]), 4)}
    for name in ("strict", "overlap"):
        right, predicted, found, gold = total[name]
        precision, recall = right / max(1, predicted), found / max(1, gold)
        scores[name + "F1"] = round(2 * precision * recall / max(1e-12, precision + recall), 4)
    return scores


def count(row, predicted, total):
    """An answer counts as found by any of its places; a place that is any answer's is right."""
    gold = [[tuple(pair) for pair in answer["offsets"]] for answer in row["spans"]]
    strings = {row["doc"][start:end] for start, end in predicted}
    wanted = set(row["answer"])
    total["exact"] += f1(len(strings & wanted), len(strings), len(wanted))
    total["rows"] += 1
    places = [place for answer in gold for place in answer]

    def touches(a, b):
        return a[0] < b[1] and b[0] < a[1]

    for name, same in (("strict", lambda a, b: a == b), ("overlap", touches)):
        sums = total[name]
        sums[0] += sum(any(same(p, g) for g in places) for p in predicted)
        sums[1] += len(predicted)
        sums[2] += sum(any(same(p, g) for p in predicted for g in answer) for answer in gold)
        sums[3] += len(gold)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--data", required=True)
    parser.add_argument("--task", action="append", choices=CHOICE_TASKS + ENTITY_TASKS)
    options = parser.parse_args()
    scores = {}
    for task in options.task or CHOICE_TASKS + ENTITY_TASKS:
        print(task, "...", file=sys.stderr)
        run = choice_task if task in CHOICE_TASKS else entity_task
        scores[task] = run(options.data, task)
    print(json.dumps(scores, indent=2, sort_keys=True))


if __name__ == "__main__":
    main()
