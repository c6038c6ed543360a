// SPDX-License-Identifier: Apache-2.0
import DurableFiles
import Tensors

/// Which documents are kept from learning, for validation.
///
/// The choice follows from the seed and a document's own tokens, so that a document that stands
/// twice is held out twice, and adding other documents changes nothing for it.
package struct HeldOutDocuments: Hashable, Sendable {
    /// Share of the documents that is held out.
    package let share: Double
    /// Decides which.
    package let seed: UInt64

    /// A choice.
    package init(share: Double, seed: UInt64) { (self.share, self.seed) = (share, seed) }

    /// Whether a document is held out.
    package func contains(_ document: [Int32]) -> Bool {
        var hash = FNV1a()
        for token in document { hash.mix(UInt64(UInt32(bitPattern: token))) }
        var generator = SplitMix64(seed: seed, stream: hash.value)
        return generator.unit() < share
    }

    /// Documents to learn from, and those held out.
    package func split(_ documents: [[Int32]]) -> (kept: [[Int32]], heldOut: [[Int32]]) {
        var parts: (kept: [[Int32]], heldOut: [[Int32]]) = ([], [])
        for document in documents {
            if contains(document) {
                parts.heldOut.append(document)
            } else {
                parts.kept.append(document)
            }
        }
        return parts
    }
}
