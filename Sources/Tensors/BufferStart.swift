// SPDX-License-Identifier: Apache-2.0
extension UnsafeBufferPointer {
    /// The first element's address; loops over nothing never ask for it.
    var start: UnsafePointer<Element> {
        guard let baseAddress else { preconditionFailure("empty memory has no start") }
        return baseAddress
    }
}

extension UnsafeMutableBufferPointer {
    /// The first element's address; loops over nothing never ask for it.
    var start: UnsafeMutablePointer<Element> {
        guard let baseAddress else { preconditionFailure("empty memory has no start") }
        return baseAddress
    }
}

extension UnsafeMutablePointer<Float> {
    /// The first address from here that begins a cache line of 64 bytes, at most 15 elements on.
    var cacheLine: UnsafeMutablePointer<Float> {
        let over = UInt(bitPattern: self) % 64
        return over == 0 ? self : self + Int(64 - over) / MemoryLayout<Float>.stride
    }
}
