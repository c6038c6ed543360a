// SPDX-License-Identifier: Apache-2.0

/// A character map made of pairs, in the layout that SentencePiece writes.
struct FictionalCharacterMap {
    /// Units of the double array; node `n` has its children in block `n` of 256.
    var units: [UInt32]
    var replacements: [UInt8] = []

    init(_ pairs: [(String, String)]) {
        var children: [[UInt8: Int]] = [[:]]
        var values: [Int: Int] = [:]
        for (key, replacement) in pairs {
            var node = 0
            for byte in key.utf8 {
                if let next = children[node][byte] {
                    node = next
                } else {
                    children[node][byte] = children.count
                    node = children.count
                    children.append([:])
                }
            }
            values[node] = replacements.count
            replacements += Array(replacement.utf8) + [0]
        }
        // Block 0 holds the root unit only, so that node n has block n + 1.
        units = [UInt32](repeating: 0x8000_0000, count: 256 * (children.count + 1))
        func unit(at position: Int, to node: Int, label: UInt32) -> UInt32 {
            let offset = UInt32(position ^ (256 * (node + 1)))
            return offset << 10 | label | (values[node] == nil ? 0 : 0x100)
        }
        units[0] = unit(at: 0, to: 0, label: 0)
        for (node, below) in children.enumerated() {
            let base = 256 * (node + 1)
            if let value = values[node] { units[base] = 0x8000_0000 | UInt32(value) }
            for (byte, child) in below {
                let position = base ^ Int(byte)
                units[position] = unit(at: position, to: child, label: UInt32(byte))
            }
        }
    }

    var bytes: [UInt8] {
        func word(_ value: UInt32) -> [UInt8] {
            (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
        }
        return word(UInt32(units.count * 4)) + units.flatMap(word) + replacements
    }
}
