// SPDX-License-Identifier: Apache-2.0
import DurableFiles
package import Foundation
import JSONFiles
package import Tensors
import WeightFiles

/// The checkpoints of one run in a directory of their own.
///
/// A checkpoint is a safetensors file, `STAGE-STEP.safetensors`, that appears whole or not at all;
/// its metadata say where the run stands, what it is made from, and the sum of its bits.
package struct CheckpointFolder: Sendable {
    /// A stored checkpoint: where in the run it stands, and its file.
    private struct Place: Comparable {
        let stage: Int
        let step: Int
        let path: FilePath

        static func < (a: Place, b: Place) -> Bool { (a.stage, a.step) < (b.stage, b.step) }
    }

    /// What was found when the newest checkpoint was looked for.
    package struct Found {
        /// The newest that is whole; nil when there is none at all.
        package var checkpoint: Checkpoint?
        /// Damaged files that were put aside, by their new names.
        package var damaged: [String]
    }

    /// The folder.
    package let url: URL
    private let folder: FilePath
    private let identity: RunIdentity
    private let keep: Int
    private let files = DiskFiles()

    /// A folder for the run that `identity` stands for; made if there is none.
    ///
    /// What a process that was killed left half-written is removed. Only one process at a time may
    /// use a folder.
    /// - Parameter keep: checkpoints that stay when a new one is written, besides the best.
    package init(_ url: URL, identity: RunIdentity, keep: Int) throws {
        self.url = url
        folder = FilePath(url)
        (self.identity, self.keep) = (identity, keep)
        try files.makeDirectory(folder)
        for name in try files.names(in: folder) {
            let text = name.escaped
            if text.hasPrefix("."), text.hasSuffix(".tmp") {
                try files.remove(folder.appending(name))
            }
        }
    }

    /// In what the run of the newest checkpoint in a folder differs from another; nil where there is
    /// no checkpoint that can be read.
    ///
    /// Looks only, also while a process uses the folder. Throws `FileError`.
    package static func difference(
        at url: URL, from identity: RunIdentity
    ) throws -> (file: String, fields: [String])? {
        let folder = FilePath(url)
        guard try DiskFiles().facts(of: folder) != nil else { return nil }
        guard let place = try places(in: folder).last,
            let file = try? SafetensorsFile(URL(filePath: place.path.description)),
            let made: RunIdentity = value(file.metadata["identity"])
        else { return nil }
        return (place.path.description, made.differences(from: identity))
    }

    /// Bytes of a checkpoint of a layout.
    package static func bytes(_ layout: ParameterLayout) -> Int { bytes(parameters: layout.count) }

    /// Bytes of a checkpoint of so many numbers.
    package static func bytes(parameters: Int) -> Int {
        3 * 4 * parameters + 1 << 12
    }

    /// Writes a checkpoint as a whole, then removes all but the newest and the stage's best; the file.
    ///
    /// Throws `WeightFileError`, after which the folder is as it was, or `FileError`.
    @discardableResult
    package func write(_ checkpoint: Checkpoint) throws -> URL {
        let position = checkpoint.position
        var tensors: [String: Tensor] = [:]
        for (prefix, parameters) in [
            ("weight.", checkpoint.parameters), ("mean.", checkpoint.optimizer.means),
            ("square.", checkpoint.optimizer.squares),
        ] {
            for (name, tensor) in parameters.named() { tensors[prefix + name] = tensor }
        }
        let path = self.path(stage: position.stage, step: position.step)
        let url = URL(filePath: path.description)
        try SafetensorsWriter.write(
            tensors, storage: .float32,
            metadata: [
                "position": try text(position), "identity": try text(identity),
                "optimizer_step": String(checkpoint.optimizer.step),
                "checksum": String(checkpoint.checksum),
            ], to: url)
        try prune(best: position.best.map { self.path(stage: position.stage, step: $0.step) })
        return url
    }

    private func prune(best: FilePath?) throws {
        for old in try places().dropLast(keep) where old.path != best {
            try files.remove(old.path)
        }
    }

    /// The newest checkpoint that is whole.
    ///
    /// Damaged ones are renamed to `….damaged` and passed over. Throws
    /// ``TrainingError/otherRun(file:fields:)`` when it belongs to another run,
    /// ``TrainingError/checkpoint(file:reason:)`` when there are only damaged ones, and `FileError`.
    package func newest(
        _ layout: ParameterLayout, settings: (_ stage: Int) -> AdamW.Settings?
    ) throws -> Found {
        var damaged: [Place] = []
        var reason: TrainingError?
        for place in try places().reversed() {
            do {
                let checkpoint = try read(place, layout, settings)
                let names = try damaged.map(putAside)
                return Found(checkpoint: checkpoint, damaged: names)
            } catch WeightFileError.file(let error) {
                throw error
            } catch let error as WeightFileError {
                damaged.append(place)
                reason = reason ?? refusal(place, error.explanation)
            } catch TrainingError.checkpoint(let file, let fault) {
                damaged.append(place)
                reason = reason ?? .checkpoint(file: file, reason: fault)
            }
        }
        // To begin anew without a word could cost days.
        if let reason { throw reason }
        return Found(checkpoint: nil, damaged: [])
    }

    /// The weights of the checkpoint of a step.
    ///
    /// Throws ``TrainingError/checkpoint(file:reason:)`` when it is damaged, or `WeightFileError`.
    func parameters(
        _ layout: ParameterLayout, stage: Int, step: Int, settings: AdamW.Settings
    ) throws -> ParameterSet {
        let place = Place(stage: stage, step: step, path: path(stage: stage, step: step))
        return try read(place, layout, { _ in settings }).parameters
    }

    /// Free bytes of the file system that the folder is on.
    package func freeBytes() throws -> Int { Int(clamping: try files.freeBytes(at: folder)) }

    /// Bytes that the checkpoints still to come need at most beside those that are there.
    package func neededBytes(_ layout: ParameterLayout) throws -> Int {
        // One more than are kept, since the oldest goes after the newest has come; and the best.
        max(1, keep + 2 - (try places().count)) * Self.bytes(layout)
    }

    // MARK: Reading

    private func read(
        _ place: Place, _ layout: ParameterLayout, _ settings: (Int) -> AdamW.Settings?
    ) throws -> Checkpoint {
        let file = try SafetensorsFile(URL(filePath: place.path.description))
        guard let made: RunIdentity = Self.value(file.metadata["identity"]) else {
            throw refusal(place, "it does not say what it was made from")
        }
        let differences = made.differences(from: identity)
        guard differences.isEmpty else {
            throw TrainingError.otherRun(file: place.path.description, fields: differences)
        }
        guard let position: RunPosition = Self.value(file.metadata["position"]),
            position.stage == place.stage, position.step == place.step,
            let taken = file.metadata["optimizer_step"].flatMap({ Int($0) }), taken >= 0,
            let settings = settings(place.stage)
        else { throw refusal(place, "its position in the run is not stated") }
        var optimizer = AdamW(layout, settings: settings)
        optimizer.step = taken
        optimizer.means = try ParameterSet(layout) { try file.tensor("mean." + $0) }
        optimizer.squares = try ParameterSet(layout) { try file.tensor("square." + $0) }
        let checkpoint = Checkpoint(
            position: position,
            parameters: try ParameterSet(layout) { try file.tensor("weight." + $0) },
            optimizer: optimizer)
        guard file.metadata["checksum"] == String(checkpoint.checksum) else {
            throw refusal(place, "its content is not what was written")
        }
        return checkpoint
    }

    private func refusal(_ place: Place, _ reason: String) -> TrainingError {
        .checkpoint(file: place.path.description, reason: reason)
    }

    private func putAside(_ place: Place) throws -> String {
        let name = FilePath(bytes: place.path.bytes + Array(".damaged".utf8))
        try files.remove(name)
        try files.move(place.path, to: name)
        return name.description
    }

    private func text(_ value: some Encodable) throws -> String {
        return String(decoding: try JSONEncoder.sorted().encode(value), as: UTF8.self)
    }

    private static func value<Value: Decodable>(_ text: String?) -> Value? {
        text.flatMap { try? JSONDecoder().decode(Value.self, from: Data($0.utf8)) }
    }

    // MARK: Names

    private func path(stage: Int, step: Int) -> FilePath {
        folder.appending("\(padded(stage, 2))-\(padded(step, 8)).safetensors")
    }

    private func places() throws -> [Place] { try Self.places(in: folder) }

    private static func places(in folder: FilePath) throws -> [Place] {
        try DiskFiles().names(in: folder).compactMap { name in
            let parts = name.escaped.split(separator: ".")
            guard parts.count == 2, parts[1] == "safetensors" else { return nil }
            let numbers = parts[0].split(separator: "-").compactMap { Int($0) }
            guard numbers.count == 2 else { return nil }
            return Place(stage: numbers[0], step: numbers[1], path: folder.appending(name))
        }.sorted()
    }

    private func padded(_ number: Int, _ digits: Int) -> String {
        let text = String(number)
        return String(repeating: "0", count: max(0, digits - text.count)) + text
    }
}
