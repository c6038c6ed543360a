// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Foundation
import Training

extension TrainCommand {
    /// A reference run, repeated.
    struct Verify: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Repeat a reference run and print the largest differences.",
            discussion: """
                The directory has config.json, model.safetensors and the folders full, masked, lora \
                and packing; for an encoder that labels tokens, which config.json says, full alone. \
                Exit code 70 when a difference is too large.
                """)

        @Option(help: ArgumentHelp("The reference run.", valueName: "directory"))
        var reference: String

        @OptionGroup var common: CommonOptions

        func run() throws {
            let folder = URL(filePath: reference)
            if try EncoderReferenceRun.isEncoder(folder) {
                let found = EncoderVerification(
                    full: try EncoderReferenceRun(folder).repeatRun())
                if common.json { try printJSON(found) } else { found.printTable() }
                return try Self.demand(found.isRight)
            }
            let reference = try ReferenceRun(folder)
            let result = VerificationResult(
                full: try reference.repeatRun("full"), masked: try reference.repeatRun("masked"),
                lora: try reference.repeatLoRA(), packing: try reference.repeatPacking())
            if common.json { try printJSON(result) } else { result.printTable() }
            try Self.demand(result.isRight)
        }

        private static func demand(_ isRight: Bool) throws {
            guard isRight else {
                throw CommandFailure(
                    .software,
                    "training computes something else than the reference on this machine")
            }
        }
    }
}

/// The differences of an encoder's reference run.
private struct EncoderVerification: Encodable {
    let full: ReferenceRun.Differences

    /// Whether all lie within the tolerances that the reference states.
    var isRight: Bool {
        full.loss < 2e-5 && full.gradient < 1e-5 && (full.weight ?? 0) < 2e-4
            && (full.weightsApart ?? 0) < 1e-3
    }

    func printTable() {
        func number(_ value: Double?) -> String { value.map { String(format: "%.1e", $0) } ?? "" }
        TextTable(
            columns: ["run", "loss", "gradient", "weight"],
            rows: [["full", number(full.loss), number(full.gradient), number(full.weight)]]
        ).print()
    }
}

/// The differences of a reference run, as `verify` prints them.
private struct VerificationResult: Encodable {
    let full: ReferenceRun.Differences
    let masked: ReferenceRun.Differences
    let lora: ReferenceRun.Differences
    let packing: ReferenceRun.Differences

    private var all: [(String, ReferenceRun.Differences)] {
        [("full", full), ("masked", masked), ("lora", lora), ("packing", packing)]
    }

    /// Whether all lie within the tolerances that the reference states.
    var isRight: Bool {
        all.allSatisfy { _, found in
            found.loss < 2e-5 && found.gradient < 1e-5 && (found.weight ?? 0) < 2e-4
                && (found.weightsApart ?? 0) < 1e-3 && (found.logits ?? 0) < 1e-4
        } && (lora.weight ?? 0) < 1e-5
    }

    func printTable() {
        func number(_ value: Double?) -> String { value.map { String(format: "%.1e", $0) } ?? "" }
        TextTable(
            columns: ["run", "loss", "gradient", "weight", "logits"],
            rows: all.map { name, found in
                [
                    name, number(found.loss), number(found.gradient), number(found.weight),
                    number(found.logits),
                ]
            }
        ).print()
    }
}
