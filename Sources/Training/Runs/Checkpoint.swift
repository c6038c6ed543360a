// SPDX-License-Identifier: Apache-2.0
import DurableFiles
package import Tensors

/// The whole state of a run between two steps.
package struct Checkpoint: Hashable, Sendable {
    /// Where the run stands.
    package var position: RunPosition
    /// The weights.
    package var parameters: ParameterSet
    /// The optimizer with its moments.
    package var optimizer: AdamW

    /// All parts.
    package init(position: RunPosition, parameters: ParameterSet, optimizer: AdamW) {
        (self.position, self.parameters, self.optimizer) = (position, parameters, optimizer)
    }

    /// A number that follows from all bits of weights and moments, in their order.
    var checksum: UInt64 {
        [parameters, optimizer.means, optimizer.squares].reduce(0) { Self.fold($1, into: $0) }
    }

    /// Folds each number into a sum so that any changed bit changes it (FNV-1a, by 32 bits).
    private static func fold(_ parameters: ParameterSet, into start: UInt64) -> UInt64 {
        // Tensors are folded on their own, so that threads can share them.
        let sums = ComputeThreads.map(parameters.tensors.count) { place in
            var sum = FNV1a()
            for value in parameters.tensors[place].values { sum.mix(UInt64(value.bitPattern)) }
            return sum.value
        }
        var sum = FNV1a(start)
        for part in sums { sum.mix(part) }
        return sum.value
    }
}
