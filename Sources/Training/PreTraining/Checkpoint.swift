import DurableFiles
package import Foundation
package import Tensors
import WeightFiles

/// The whole state of a pre-training run between two steps.
///
/// There is no random state: every draw follows from the recipe's seed, the phase and the number of
/// the step or row, so a resumed run draws what the uninterrupted one would have drawn.
package struct Checkpoint: Hashable, Sendable {
    /// Phase, by place in the recipe.
    package var phase: Int
    /// Steps of the phase that are done.
    package var step: Int
    /// The weights.
    package var parameters: ParameterSet
    /// The optimizer with its moments.
    package var optimizer: AdamW
}

/// The checkpoints of one run in a directory of their own.
package struct CheckpointFolder: Sendable {
    /// A stored checkpoint: where in the run it stands, and its file.
    private struct Place: Comparable {
        let phase: Int
        let step: Int
        let path: FilePath

        static func < (a: Place, b: Place) -> Bool { (a.phase, a.step) < (b.phase, b.step) }
    }

    private let folder: FilePath
    private let fingerprint: String
    private let keep: Int
    private let files = DiskFiles()

    /// A folder for the run that `fingerprint` stands for; made if there is none.
    ///
    /// - Parameter keep: checkpoints that stay when a new one is written.
    package init(_ folder: URL, fingerprint: String, keep: Int) throws {
        self.folder = FilePath(folder)
        (self.fingerprint, self.keep) = (fingerprint, keep)
        try files.makeDirectory(self.folder)
    }

    /// Writes a checkpoint as a whole, then removes all but the newest.
    package func write(_ checkpoint: Checkpoint) throws {
        var tensors: [String: Tensor] = [:]
        for (prefix, parameters) in [
            ("weight.", checkpoint.parameters), ("mean.", checkpoint.optimizer.means),
            ("square.", checkpoint.optimizer.squares),
        ] {
            for (name, tensor) in parameters.named() { tensors[prefix + name] = tensor }
        }
        let name = "\(padded(checkpoint.phase, 2))-\(padded(checkpoint.step, 8)).safetensors"
        try SafetensorsWriter.write(
            tensors, storage: .float32,
            metadata: [
                "fingerprint": fingerprint, "phase": String(checkpoint.phase),
                "step": String(checkpoint.step),
                "optimizer_step": String(checkpoint.optimizer.step),
            ], to: URL(filePath: folder.appending(name).description))
        for old in try places().dropLast(keep) { try files.remove(old.path) }
    }

    /// The newest checkpoint, or nil when the run has none.
    ///
    /// Throws ``TrainingError/checkpoint(file:reason:)`` when it belongs to another run.
    package func newest(
        _ layout: ParameterLayout, settings: (_ phase: Int) -> AdamW.Settings?
    ) throws -> Checkpoint? {
        guard let place = try places().last else { return nil }
        let file = try SafetensorsFile(URL(filePath: place.path.description))
        func refuse(_ reason: String) -> TrainingError {
            .checkpoint(file: place.path.description, reason: reason)
        }
        guard file.metadata["fingerprint"] == fingerprint else {
            throw refuse("made by another recipe or from other data")
        }
        guard file.metadata["phase"] == String(place.phase),
            file.metadata["step"] == String(place.step),
            let taken = file.metadata["optimizer_step"].flatMap({ Int($0) }), taken >= 0,
            let settings = settings(place.phase)
        else { throw refuse("its position in the run is not stated") }
        var optimizer = AdamW(layout, settings: settings)
        optimizer.step = taken
        optimizer.means = try ParameterSet(layout) { try file.tensor("mean." + $0) }
        optimizer.squares = try ParameterSet(layout) { try file.tensor("square." + $0) }
        return Checkpoint(
            phase: place.phase, step: place.step,
            parameters: try ParameterSet(layout) { try file.tensor("weight." + $0) },
            optimizer: optimizer)
    }

    private func places() throws -> [Place] {
        try files.names(in: folder).compactMap { name in
            let parts = name.escaped.split(separator: ".")
            guard parts.count == 2, parts[1] == "safetensors" else { return nil }
            let numbers = parts[0].split(separator: "-").compactMap { Int($0) }
            guard numbers.count == 2 else { return nil }
            return Place(phase: numbers[0], step: numbers[1], path: folder.appending(name))
        }.sorted()
    }

    private func padded(_ number: Int, _ digits: Int) -> String {
        let text = String(number)
        return String(repeating: "0", count: max(0, digits - text.count)) + text
    }
}
