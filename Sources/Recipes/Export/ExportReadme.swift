// SPDX-License-Identifier: Apache-2.0
import LanguageModel
import Training

/// `README.md` of an export: what is there, and the command lines.
struct ExportReadme {
    let training: ExportedTraining
    let configuration: DecoderConfiguration
    let hasModules: Bool

    var text: String {
        """
        # \(training.recipe), to be trained elsewhere

        Written by `shokenctl train export`: a \(configuration.architecture.rawValue) decoder of \
        \(training.parameters) parameters, the rows that it learns from in their order, and the
        settings. Nothing here needs a network.

        ## Train

        Needs Python 3.11 or newer with `torch` (2.5 or newer), `transformers` (4.48 or newer) and
        `safetensors`. Compare the files with the manifest first:

            python3 train.py --check

        One process, on a GPU or on a CPU:

            python3 train.py --output trained

        One machine with 8 GPUs, the whole model on each:

            torchrun --nproc-per-node 8 train.py --output trained

        The same on 4 machines that see this folder and the output under the same names, on each:

            torchrun --nnodes 4 --nproc-per-node 8 --rdzv-backend c10d --rdzv-endpoint HOST:29500 \\
                train.py --output trained

        With DeepSpeed ZeRO-2, which spreads gradients and optimizer states over all GPUs:

            deepspeed train.py --output trained --deepspeed deepspeed.json
            deepspeed --hostfile HOSTS train.py --output trained --deepspeed deepspeed.json

        `--rows N` says how many rows a process takes at a time; what is left of a step is accumulated.
        The number of processes times N must divide the rows of a step. `--steps N` stops early, for a
        trial; `--precision f32|bf16` overrides `training.json`; `--save-every N` sets the steps between
        checkpoints. The same command again goes on from the newest checkpoint in `trained/checkpoints`.

        ## Take the result back

        `trained/` holds the model as Transformers writes it and `train.log.jsonl`, a line a step:

            shokenctl model import --from trained --name \(training.recipe)
            shokenctl train heads --trunk \(training.recipe) --recipe heads.toml --data DIR --output DIR

        ## What is trained

        | phase | objective | documents of a row | steps | rows a step | tokens a row | peak rate | warm-up | decay | dropout | products |
        |---|---|---|---|---|---|---|---|---|---|---|
        \(training.phases.map(row).joined(separator: "\n"))

        AdamW (betas \(adam.beta1) and \(adam.beta2), epsilon \(adam.epsilon)) starts anew in each phase; \
        matrices decay, norm gains do not. The
        rate of step s, from 0, is peak·(s + 1)/warm-up at first, then peak·½·(1 + cos(π·(s − warm-up)/(steps −
        warm-up))). The gradient of the mean loss over all targets of a step is clipped to a norm of
        \(training.phases.first?.clipNorm ?? 1). Dropout falls on attention probabilities and on what a \
        block adds to the residual stream. Weights
        and moments are kept in 32 bits, whatever products are computed in.

        ## Files

        | file | what it is |
        |---|---|
        | `data/PHASE-NNNNN.safetensors` | rows of a phase in the order in which they are read: `input_ids` \
        (rows, T), int32, and where tokens are hidden `labels`, −100 where nothing is predicted |
        | `manifest.json` | size and SHA-256 of every file, and the first row and number of rows of each shard |
        | `config.json`, `model.safetensors`, `tokenizer.json` | the model before the first step |
        | `training.json`, `deepspeed.json` | the settings |
        | `train.py`, `rows.py`\(hasModules ? ", `modeling_ncvc.py`, `configuration_ncvc.py`" : "") | the script\(hasModules ? " and the model" : "") |
        | `recipe.toml`, `shoken-origin.json` | the recipe, and what the bundle will say of its making |

        A document \(training.beginToken.map { "begins with token \($0) and " } ?? "")ends with token \
        \(training.endToken). Where documents of a row are kept apart, a token \
        sees its own document
        only, positions begin anew in each, and the first token of a document is not predicted.

        """
    }

    private var adam: ExportedTraining.Adam {
        training.phases.first?.adam ?? .init(beta1: 0.9, beta2: 0.95, epsilon: 1e-8)
    }

    private func row(_ phase: ExportedTraining.Phase) -> String {
        let cells: [String] = [
            phase.name, phase.objective, phase.crossDocuments ? "see each other" : "kept apart",
            String(phase.steps), String(phase.rowsPerStep), String(phase.context),
            "\(phase.learningRate)", String(phase.warmupSteps), "\(phase.weightDecay)",
            "\(phase.dropout)", phase.precision,
        ]
        return "| " + cells.joined(separator: " | ") + " |"
    }
}
