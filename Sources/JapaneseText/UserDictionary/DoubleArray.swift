// SPDX-License-Identifier: Apache-2.0

/// A trie over bytes in two arrays, as Darts writes it (Aoe 1989; MeCab 0.996, darts.h).
///
/// Unit 0 is the root. From a node with base b the byte c leads to unit b + c + 1 if that unit's
/// check is b; a key ends where unit b has check b and a negative base, which is -(value + 1).
/// The owner of the bytes must outlive it.
struct DoubleArray {
    private let bytes: UnsafeRawBufferPointer
    private let count: Int

    init(_ bytes: UnsafeRawBufferPointer) {
        self.bytes = bytes
        count = bytes.count / 8
    }

    private func base(_ unit: Int) -> Int {
        Int(Int32(littleEndian: bytes.loadUnaligned(fromByteOffset: unit * 8, as: Int32.self)))
    }

    private func check(_ unit: Int) -> Int {
        Int(
            UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: unit * 8 + 4, as: UInt32.self))
        )
    }

    /// The first unit from which a search could leave the arrays, nil if there is none.
    ///
    /// A negative base must be the end of a key (its check is its own place) whose tokens exist; any
    /// other base must leave room for 256 bytes and the end.
    func firstFault(tokenCount: Int) -> Int? {
        guard count > 0, base(0) >= 0 else { return 0 }
        for unit in 0..<count {
            let base = base(unit)
            if base >= 0 {
                if base + 256 >= count { return unit }
            } else if check(unit) != unit
                || CompiledDictionary.tokenRange(-base - 1).upperBound > tokenCount
            {
                return unit
            }
        }
        return nil
    }

    /// The value of a key, if it is there; never leaves the arrays, whatever they hold.
    func value(of key: some Collection<UInt8>) -> Int? {
        guard count > 0 else { return nil }
        var node = base(0)
        for byte in key {
            let unit = node + Int(byte) + 1
            guard node >= 0, unit < count, check(unit) == node else { return nil }
            node = base(unit)
        }
        guard node >= 0, node < count, check(node) == node, base(node) < 0 else { return nil }
        return -base(node) - 1
    }

    /// Calls `body` with each key and its value in the order of their bytes.
    ///
    /// Each unit is visited at most once, so that arrays that lead in circles end, too.
    func forEachKey(_ body: (_ key: [UInt8], _ value: Int) -> Void) {
        guard count > 0 else { return }
        var visited = [Bool](repeating: false, count: count)
        // The places to go on from: a node's base, and the next byte to try below it.
        var path: [(node: Int, next: Int)] = [(base(0), 0)]
        var key: [UInt8] = []
        while let (node, next) = path.last {
            if next == 0, node >= 0, node < count, check(node) == node, base(node) < 0 {
                body(key, -base(node) - 1)
            }
            let unit = (next..<256).first { byte in
                let unit = node + byte + 1
                return node >= 0 && unit < count && check(unit) == node && base(unit) >= 0
                    && !visited[unit]
            }
            if let byte = unit {
                path[path.count - 1].next = byte + 1
                visited[node + byte + 1] = true
                key.append(UInt8(byte))
                path.append((base(node + byte + 1), 0))
            } else {
                path.removeLast()
                if !key.isEmpty { key.removeLast() }
            }
        }
    }
}
