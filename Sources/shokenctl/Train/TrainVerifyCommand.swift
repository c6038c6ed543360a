import ArgumentParser
import Foundation
import Training

extension TrainCommand {
    /// A reference run, repeated.
    struct Verify: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Repeat a reference run and print the largest differences.",
            discussion: """
                The directory has config.json, model.safetensors and the folders full, masked and \
                packing. LoRA is not trained by this version: a folder lora is not read, and the \
                result names it under "omitted". Exit code 70 when a difference is too large.
                """)

        @Option(help: ArgumentHelp("The reference run.", valueName: "directory"))
        var reference: String

        @OptionGroup var common: CommonOptions

        func run() throws {
            let reference = try ReferenceRun(URL(filePath: reference))
            let result = VerificationResult(
                full: try reference.repeatRun("full"), masked: try reference.repeatRun("masked"),
                packing: try reference.repeatPacking())
            if common.json { try printJSON(result) } else { result.printTable() }
            guard result.isRight else {
                throw CommandFailure(
                    CommandFailure.Code.software,
                    "training computes something else than the reference on this machine")
            }
        }
    }
}

/// The differences of a reference run, as `verify` prints them.
private struct VerificationResult: Encodable {
    let full: ReferenceRun.Differences
    let masked: ReferenceRun.Differences
    let packing: ReferenceRun.Differences
    let omitted = ["lora"]

    private var all: [(String, ReferenceRun.Differences)] {
        [("full", full), ("masked", masked), ("packing", packing)]
    }

    /// Whether all lie within the tolerances that the reference states.
    var isRight: Bool {
        all.allSatisfy { _, found in
            found.loss < 2e-5 && found.gradient < 1e-5 && (found.weight ?? 0) < 2e-4
                && (found.weightsApart ?? 0) < 1e-3 && (found.logits ?? 0) < 1e-4
        }
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
        print("lora is not trained by this version and was left out")
    }
}
