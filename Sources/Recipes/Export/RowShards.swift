// SPDX-License-Identifier: Apache-2.0
import Foundation
import WeightFiles

/// The rows of a phase in files of bounded size, which PyTorch reads in any part.
///
/// A shard is a safetensors file with `input_ids`, and where tokens are hidden `labels`, both
/// (rows, T), 32-bit integers.
struct RowShards {
    /// Largest shard in bytes, unless one row alone is larger.
    let byteLimit: Int
    /// The phase.
    let phase: PretrainingPhase

    /// Bytes of a row.
    private var rowBytes: Int { phase.context * 4 * (hasLabels ? 2 : 1) }
    private var hasLabels: Bool { phase.objective != .causal }

    /// All rows of the phase.
    var rowCount: Int { phase.steps * (phase.batchTokens / phase.context) }
    /// Rows of a shard.
    var rowsPerShard: Int { max(1, byteLimit / rowBytes) }
    /// Bytes of all rows.
    var byteCount: Int { rowCount * rowBytes }

    /// The shards, first to last.
    var plan: [ExportManifest.Shard] {
        stride(from: 0, to: rowCount, by: rowsPerShard).enumerated().map { number, first in
            let digits = String(number)
            let padding = String(repeating: "0", count: max(0, 5 - digits.count))
            return ExportManifest.Shard(
                file: "data/\(phase.name)-\(padding)\(digits).safetensors", phase: phase.name,
                firstRow: first, rows: min(rowsPerShard, rowCount - first))
        }
    }

    /// Writes a shard into a folder that has the folder `data`.
    func write(_ shard: ExportManifest.Shard, rows: inout PhaseRows, in folder: URL) throws {
        let chosen = (shard.firstRow..<shard.firstRow + shard.rows).map { rows.row($0) }
        let shape = [shard.rows, phase.context]
        var tensors = [PlannedTensor(name: "input_ids", shape: shape, type: .signed32)]
        if hasLabels {
            tensors.append(PlannedTensor(name: "labels", shape: shape, type: .signed32))
        }
        try SafetensorsWriter.write(tensors, to: folder.appending(path: shard.file)) { sink in
            let isLabels = sink.tensor.name == "labels"
            for row in chosen {
                try sink.append(bytes: Self.bytes(isLabels ? row.labels ?? [] : row.tokens))
            }
        }
    }

    private static func bytes(_ numbers: [Int32]) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(4 * numbers.count)
        for number in numbers {
            let bits = UInt32(bitPattern: number)
            for place in 0..<4 { bytes.append(UInt8(truncatingIfNeeded: bits >> (8 * place))) }
        }
        return bytes
    }
}
