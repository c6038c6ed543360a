#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Trains the model of this folder on its rows, in their order, as `training.json` says.

One process (a CPU is enough):  python3 train.py --output trained
One machine with 8 GPUs:        torchrun --nproc-per-node 8 train.py --output trained
With DeepSpeed ZeRO-2:          deepspeed train.py --output trained --deepspeed deepspeed.json

OUTPUT then holds the model as Transformers reads it, its tokenizer, and `train.log.jsonl`. Running
the same command again continues from the newest checkpoint in OUTPUT/checkpoints."""

import argparse
import hashlib
import json
import math
import os
import shutil
import sys
import time
from contextlib import nullcontext
from pathlib import Path

os.environ.setdefault("HF_HUB_OFFLINE", "1")
import torch
import torch.distributed as dist
from torch.nn import functional as F
from transformers import AutoModelForCausalLM

from rows import IGNORED, Rows, inputs, targets

HERE = Path(__file__).resolve().parent


def learning_rate(phase, step):
    """A line up to the peak, then half a cosine down to zero; steps count from 0."""
    peak, warmup, steps = phase["learning_rate"], phase["warmup_steps"], phase["steps"]
    if step < warmup:
        return peak * (step + 1) / warmup
    progress = min(1, (step - warmup) / max(1, steps - warmup))
    return peak * 0.5 * (1 + math.cos(math.pi * progress))


def set_dropout(model, share):
    """Drops attention probabilities, and what the two blocks of a layer add to the residual stream."""
    for name, module in model.named_modules():
        if hasattr(module, "attention_dropout"):
            module.attention_dropout = share
        if share > 0 and name.endswith(("o_proj", "down_proj")):
            module.register_forward_hook(lambda m, _, y: F.dropout(y, share, m.training))


def optimizer_of(model, phase, fused):
    """AdamW; matrices decay, norm gains and biases do not."""
    adam, parameters = phase["adam"], [p for p in model.parameters() if p.requires_grad]
    groups = [
        {"params": [p for p in parameters if p.dim() == 2], "weight_decay": phase["weight_decay"]},
        {"params": [p for p in parameters if p.dim() != 2], "weight_decay": 0.0},
    ]
    return torch.optim.AdamW(
        [group for group in groups if group["params"]], lr=0.0,
        betas=(adam["beta1"], adam["beta2"]), eps=adam["epsilon"], fused=fused)


class TorchRun:
    """A phase in plain PyTorch: one process, or one for each GPU with all of the model."""

    def __init__(self, run, model, phase):
        self.run, self.plain, self.clip = run, model, phase["clip_norm"]
        self.optimizer = optimizer_of(model, phase, fused=run.device.type == "cuda")
        self.model = model
        if run.world > 1:
            self.model = torch.nn.parallel.DistributedDataParallel(model)
        self.factor = run.world  # gradients are averaged over the processes

    def backward(self, loss, last):
        (loss * self.factor).backward()

    def quiet(self, last):
        """No exchange of gradients before the last part of a step."""
        return nullcontext() if last or self.run.world == 1 else self.model.no_sync()

    def step(self):
        norm = torch.nn.utils.clip_grad_norm_(self.plain.parameters(), self.clip)
        self.optimizer.step()
        self.optimizer.zero_grad(set_to_none=True)
        return float(norm)

    def save(self, folder):
        if self.run.rank == 0:
            state = {"model": self.plain.state_dict(), "optimizer": self.optimizer.state_dict()}
            torch.save(state, folder / "state.pt")

    def load(self, folder):
        state = torch.load(folder / "state.pt", map_location=self.run.device, weights_only=True)
        self.plain.load_state_dict(state["model"])
        self.optimizer.load_state_dict(state["optimizer"])

    def finished(self, _):
        return self.plain.state_dict()


class DeepSpeedRun:
    """A phase under DeepSpeed: optimizer states and gradients are spread over the processes."""

    def __init__(self, run, model, phase):
        import deepspeed

        self.run, self.plain = run, model
        settings = json.loads(Path(run.options.deepspeed).read_text())
        settings |= {
            "train_micro_batch_size_per_gpu": run.rows_of(phase),
            "gradient_accumulation_steps": run.parts_of(phase),
            "gradient_clipping": phase["clip_norm"],
        }
        settings["bf16"] = {"enabled": run.precision_of(phase) == "bf16"}
        self.model, self.optimizer, _, _ = deepspeed.initialize(
            model=model, optimizer=optimizer_of(model, phase, fused=False), config=settings)
        # The mean over processes and parts of a step is DeepSpeed's; ours is over the targets.
        self.factor = run.world * run.parts_of(phase)

    def backward(self, loss, last):
        self.model.backward(loss * self.factor)
        if not last:
            self.model.step()

    def quiet(self, last):
        return nullcontext()

    def step(self):
        self.model.step()
        return float(self.model.get_global_grad_norm())

    def save(self, folder):
        self.model.save_checkpoint(str(folder), tag="state")

    def load(self, folder):
        self.model.load_checkpoint(str(folder), tag="state")

    def finished(self, folder):
        """The weights in 32 bits, which DeepSpeed keeps in its optimizer."""
        from deepspeed.utils.zero_to_fp32 import get_fp32_state_dict_from_zero_checkpoint

        return get_fp32_state_dict_from_zero_checkpoint(str(folder), tag="state")


class Run:
    def __init__(self, options):
        self.options, self.output = options, Path(options.output or HERE)
        self.training = json.loads((HERE / "training.json").read_text())
        self.manifest = json.loads((HERE / "manifest.json").read_text())
        self.rank, self.world = int(os.environ.get("RANK", 0)), int(os.environ.get("WORLD_SIZE", 1))
        local = int(os.environ.get("LOCAL_RANK", 0))
        cuda = torch.cuda.is_available()
        self.device = torch.device("cuda", local) if cuda else torch.device("cpu")
        if cuda:
            torch.cuda.set_device(self.device)
        if options.deepspeed:
            import deepspeed

            deepspeed.init_distributed(dist_backend="nccl" if cuda else "gloo")
            self.rank, self.world = dist.get_rank(), dist.get_world_size()
        elif self.world > 1:
            dist.init_process_group("nccl" if cuda else "gloo")
        self.checkpoints = self.output / "checkpoints"
        self.records = self.output / "train.log.jsonl"

    def say(self, text):
        if self.rank == 0:
            print(text, file=sys.stderr, flush=True)

    def check(self, contents):
        """The files that the manifest lists, by size, or byte for byte."""
        for name, facts in self.manifest["files"].items():
            file = HERE / name
            if not file.is_file() or file.stat().st_size != facts["bytes"]:
                sys.exit(f"{name} is missing or of another size than manifest.json says")
            if contents:
                with open(file, "rb") as content:
                    if hashlib.file_digest(content, "sha256").hexdigest() != facts["sha256"]:
                        sys.exit(f"{name} has changed since it was exported")

    def precision_of(self, phase):
        return self.options.precision or phase["precision"]

    def rows_of(self, phase):
        """Rows that a process takes at a time."""
        share = phase["rows_per_step"] // self.world
        return min(self.options.rows or phase["rows_per_pass"], max(1, share))

    def parts_of(self, phase):
        rows, all_rows = self.rows_of(phase), phase["rows_per_step"]
        if all_rows % (rows * self.world):
            sys.exit(f"{all_rows} rows a step cannot be shared by {self.world} processes of {rows} "
                     "rows at a time: choose other --rows")
        return all_rows // (rows * self.world)

    def load_model(self, weights=None):
        model = AutoModelForCausalLM.from_pretrained(HERE, trust_remote_code=True).float()
        if weights is not None:
            model.load_state_dict(weights, strict=False)
        model.config.use_cache = False
        return model.to(self.device).train()

    def train(self):
        self.checkpoints.mkdir(parents=True, exist_ok=True)
        begun, folder = self.newest()
        self.forget(begun)
        weights, steps = None, 0
        for index, phase in enumerate(self.training["phases"]):
            if index >= begun[0]:
                model = self.load_model(weights)
                set_dropout(model, phase["dropout"])
                kind = DeepSpeedRun if self.options.deepspeed else TorchRun
                engine = kind(self, model, phase)
                first = 0
                if folder and index == begun[0]:
                    engine.load(folder)
                    first = begun[1]
                last = phase["steps"]
                if self.options.steps:
                    last = min(last, max(0, self.options.steps - steps))
                saved = self.phase(engine, index, phase, first, last) or folder
                over = bool(self.options.steps) and steps + phase["steps"] >= self.options.steps
                over = over or index + 1 == len(self.training["phases"])
                # The last weights are needed once only.
                weights = engine.finished(saved) if self.rank == 0 or not over else None
                if over:
                    break
            steps += phase["steps"]
        if self.rank == 0:
            self.write(engine.plain, weights)
        self.wait()

    def phase(self, engine, index, phase, first, last):
        """Takes the steps first ..< last; gives back the folder of the last checkpoint."""
        rows = Rows([s for s in self.manifest["shards"] if s["phase"] == phase["name"]])
        self.parts_of(phase)
        saved, clock = None, (first, time.monotonic())
        for step in range(first, last):
            rate = learning_rate(phase, step)
            for group in engine.optimizer.param_groups:
                group["lr"] = rate
            loss = self.gradients(engine, phase, rows, step)
            norm = engine.step()
            if not math.isfinite(loss) or not math.isfinite(norm):
                sys.exit(f"{phase['name']}, step {step}: the loss is no number any more; "
                         "the last checkpoint is as it was")
            tokens = phase["rows_per_step"] * phase["context"]
            speed = (step + 1 - clock[0]) * tokens / (time.monotonic() - clock[1])
            self.log({
                "phase": phase["name"], "step": step + 1, "steps": phase["steps"],
                "tokens": (step + 1) * tokens, "loss": loss, "learning_rate": rate,
                "gradient_norm": norm, "tokens_per_second": speed})
            if (step + 1) % self.options.save_every == 0 or step + 1 == last:
                saved = self.save(engine, index, step + 1)
        return saved

    def gradients(self, engine, phase, rows, step):
        """Adds up the gradients of this process's rows; the mean loss over all targets of the step."""
        count, parts = self.rows_of(phase), self.parts_of(phase)
        base = step * phase["rows_per_step"]
        wanted, _ = targets(*rows.read(base, phase["rows_per_step"]), phase, self.training)
        total = max(1, int((wanted != IGNORED).sum()))
        torch.manual_seed((phase["seed"] + step * self.world + self.rank) % 2**63)
        dtype = torch.bfloat16 if self.precision_of(phase) == "bf16" else torch.float32
        sum_ = torch.zeros((), device=self.device)
        for part in range(parts):
            first = base + (self.rank * parts + part) * count
            tokens, labels = (x.to(self.device) for x in rows.read(first, count))
            wanted, documents = targets(tokens, labels, phase, self.training)
            with engine.quiet(part + 1 == parts):
                with torch.autocast(self.device.type, dtype, enabled=dtype != torch.float32):
                    logits = engine.model(**inputs(tokens, documents, phase, dtype)).logits
                loss = F.cross_entropy(
                    logits.float().flatten(0, 1), wanted.flatten(), ignore_index=IGNORED,
                    reduction="sum") / total
                engine.backward(loss, last=part + 1 == parts)
            sum_ += loss.detach()
        if self.world > 1:
            dist.all_reduce(sum_)
        return float(sum_)

    # Files

    def newest(self):
        """Phase and step of the newest checkpoint, and its folder."""
        found = []
        for folder in self.checkpoints.glob("phase-*-step-*"):
            parts = folder.name.split("-")
            if (folder / "complete").exists():
                found.append(((int(parts[1]), int(parts[3])), folder))
        if not found:
            return (0, 0), None
        newest = max(found)
        self.say(f"going on from {newest[1].name}")
        return newest

    def forget(self, begun):
        """Takes steps that are done anew out of the log."""
        if self.rank == 0 and self.records.exists():
            places = {phase["name"]: n for n, phase in enumerate(self.training["phases"])}
            lines = [(json.loads(line), line) for line in self.records.read_text().splitlines()]
            kept = [line for at, line in lines if (places[at["phase"]], at["step"]) <= begun]
            self.records.write_text("".join(line + "\n" for line in kept))

    def save(self, engine, index, step):
        folder = self.checkpoints / f"phase-{index}-step-{step}"
        folder.mkdir(exist_ok=True)
        engine.save(folder)
        self.wait()
        if self.rank == 0:
            (folder / "complete").touch()
            done = [f for f in self.checkpoints.iterdir() if (f / "complete").exists()]
            done.sort(key=lambda f: [int(n) for n in f.name.split("-")[1::2]])
            for old in done[:-2]:
                shutil.rmtree(old)
        return folder

    def write(self, model, weights):
        model.config.use_cache = True
        model.float().save_pretrained(
            self.output, state_dict={name: value.float().cpu() for name, value in weights.items()})
        for name in self.training["companions"]:
            shutil.copyfile(HERE / name, self.output / name)
        self.say(f"the model is in {self.output}")

    def log(self, line):
        if self.rank == 0:
            with open(self.records, "a") as log:
                log.write(json.dumps(line) + "\n")
            self.say("{phase} {step}/{steps}  loss {loss:.4f}  rate {learning_rate:.1e}  norm "
                     "{gradient_norm:.2f}  {tokens_per_second:.0f} tokens/s".format(**line))

    def wait(self):
        if self.world > 1:
            dist.barrier()


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--output", help="folder for the trained model and the checkpoints")
    parser.add_argument("--rows", type=int, help="rows that a process takes at a time")
    parser.add_argument("--precision", choices=["f32", "bf16"], help="other than training.json's")
    parser.add_argument("--deepspeed", metavar="FILE", help="train under DeepSpeed as FILE says")
    parser.add_argument("--save-every", type=int, default=800, help="steps between checkpoints")
    parser.add_argument("--steps", type=int, help="stop after so many steps, for a trial")
    parser.add_argument("--threads", type=int, help="threads of a process on the CPU")
    parser.add_argument("--check", action="store_true", help="compare all files with manifest.json")
    parser.add_argument("--local_rank", type=int, help=argparse.SUPPRESS)  # DeepSpeed's launcher
    options = parser.parse_args()
    if not options.check and not options.output:
        parser.error("--output is missing")
    run = Run(options)
    run.check(options.check)
    if options.check:
        return print("all files are as they were exported")
    if options.threads:
        torch.set_num_threads(options.threads)
    run.train()
    if dist.is_initialized():
        dist.destroy_process_group()


if __name__ == "__main__":
    main()
