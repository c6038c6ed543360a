// SPDX-License-Identifier: Apache-2.0
package import Tensors

/// A fixed list of different 32-bit hashes that can be asked for the row of a hash.
///
/// Features, dictionaries and gazetteers are stored so: nobody can read the strings back, and an
/// entry costs six bytes in a bundle of half-precision numbers.
package struct HashIndex: Hashable, Sendable {
    /// The hashes in the order of their rows.
    package let hashes: [UInt32]
    /// Row plus one, by slot; zero is an empty slot. The count is a power of two.
    private let slots: [UInt32]

    /// An index of different hashes; of equal ones only the first is ever found.
    package init(_ hashes: [UInt32]) {
        var capacity = 16
        while capacity < hashes.count * 2 { capacity *= 2 }
        var slots = [UInt32](repeating: 0, count: capacity)
        for (row, hash) in hashes.enumerated() {
            var slot = HashIndex.slot(of: hash, among: capacity)
            while slots[slot] != 0 { slot = (slot + 1) & (capacity - 1) }
            slots[slot] = UInt32(row + 1)
        }
        self.hashes = hashes
        self.slots = slots
    }

    /// Number of rows.
    package var count: Int { hashes.count }

    /// The row of a hash; nil if it is not in the list.
    package func row(of hash: UInt32) -> Int? {
        var slot = HashIndex.slot(of: hash, among: slots.count)
        while slots[slot] != 0 {
            let row = Int(slots[slot]) - 1
            if hashes[row] == hash { return row }
            slot = (slot + 1) & (slots.count - 1)
        }
        return nil
    }

    /// Fibonacci hashing, so that hashes that share their low bits are spread as well.
    private static func slot(of hash: UInt32, among capacity: Int) -> Int {
        Int((UInt64(hash) &* 0x9e37_79b9_7f4a_7c15) >> 32) & (capacity - 1)
    }
}

extension HashIndex {
    /// The hashes as digits to the base 2048, least first, (N, 3): whole numbers up to 2048 are
    /// exact in half precision, larger ones are not.
    package var digits: Tensor { Self.digits(of: hashes) }

    /// The same of any hashes.
    package static func digits(of hashes: [UInt32]) -> Tensor {
        var values: [Float] = []
        values.reserveCapacity(hashes.count * 3)
        for hash in hashes {
            values.append(Float(hash & 2047))
            values.append(Float((hash >> 11) & 2047))
            values.append(Float(hash >> 22))
        }
        return Tensor(shape: [hashes.count, 3], values: values)
    }

    /// Reads `digits` back.
    ///
    /// Throws `TaskParameterError.shape` if the tensor is not (N, 3) or a value is no digit.
    package init(digits: Tensor, task: String, tensor: String) throws {
        let wrong = TaskParameterError.shape(
            task: task, tensor: tensor, expected: [digits.rows, 3], found: digits.shape)
        guard digits.shape.count == 2, digits.shape[1] == 3 else { throw wrong }
        var hashes: [UInt32] = []
        hashes.reserveCapacity(digits.rows)
        for row in 0..<digits.rows {
            var hash: UInt32 = 0
            for (place, limit) in [Float(2047), 2047, 1023].enumerated() {
                let digit = digits.values[row * 3 + place]
                guard digit >= 0, digit <= limit, digit == digit.rounded() else { throw wrong }
                hash |= UInt32(digit) << UInt32(11 * place)
            }
            hashes.append(hash)
        }
        self.init(hashes)
    }
}
