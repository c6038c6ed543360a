# SPDX-License-Identifier: Apache-2.0
"""The packed rows of this folder, and what a model is asked of them."""

import bisect
from pathlib import Path

import torch
from safetensors import safe_open

IGNORED = -100
HERE = Path(__file__).resolve().parent


class Rows:
    """The rows of a phase, by number, in as many files as there are."""

    def __init__(self, shards):
        self.shards, self.starts, self.open = shards, [shard["first_row"] for shard in shards], {}

    def read(self, first, count):
        """Tokens (count, T) and labels of the same shape, each for its own place; IGNORED is none."""
        parts = {"input_ids": [], "labels": []}
        while count > 0:
            index = bisect.bisect_right(self.starts, first) - 1
            begin = first - self.starts[index]
            taken = min(count, self.shards[index]["rows"] - begin)
            for name, list_ in parts.items():
                list_.append(self.part(index, name)[begin:begin + taken])
            first, count = first + taken, count - taken
        return tuple(torch.cat(list_).long() for list_ in parts.values())

    def part(self, index, name):
        if index not in self.open:
            self.open = {index: safe_open(HERE / self.shards[index]["file"], framework="pt")}
        file = self.open[index]
        # Where every token is to be predicted there are no labels of their own.
        return file.get_slice(name if name in file.keys() else "input_ids")


def targets(tokens, labels, phase, marks):
    """What each place predicts, and the number of its document in the row, both (B, T).

    The next token, if it is of the same document; or for hidden tokens what stood in their place."""
    original = torch.where(labels == IGNORED, tokens, labels)
    begins = torch.ones_like(tokens)
    begin, end = marks["begin_token"], marks["end_token"]
    begins[:, 1:] = original[:, 1:] == begin if begin is not None else original[:, :-1] == end
    documents = begins.cumsum(1)
    if phase["cross_documents"]:
        documents = torch.ones_like(documents)
    if phase["objective"] != "causal":
        return labels, documents
    wanted = torch.full_like(labels, IGNORED)
    same = documents[:, 1:] == documents[:, :-1]
    wanted[:, :-1] = torch.where(same, labels[:, 1:], IGNORED)
    return wanted, documents


def inputs(tokens, documents, phase, dtype):
    """What the model gets: a token sees its own document only, and positions count from its start."""
    place = torch.arange(tokens.shape[1], device=tokens.device).expand_as(tokens)
    if phase["objective"] == "causal" and phase["cross_documents"]:
        return {"input_ids": tokens, "position_ids": place}
    starts = torch.ones_like(documents, dtype=torch.bool)
    starts[:, 1:] = documents[:, 1:] != documents[:, :-1]
    start = torch.where(starts, place, 0).cummax(1).values
    seen = documents[:, :, None] == documents[:, None, :]
    if phase["objective"] == "causal":
        seen &= place[:, :, None] >= place[:, None, :]
    mask = torch.zeros(seen.shape, dtype=dtype, device=tokens.device)
    mask.masked_fill_(~seen, torch.finfo(dtype).min)
    return {"input_ids": tokens, "position_ids": place - start, "attention_mask": mask[:, None]}
