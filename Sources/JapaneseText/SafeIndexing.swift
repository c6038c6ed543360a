// SPDX-License-Identifier: Apache-2.0
extension Array {
    /// The element at an index, or nil outside the array.
    @inline(__always)
    subscript(safe index: Int) -> Element? {
        index >= 0 && index < count ? self[index] : nil
    }
}

extension CharacterClasses {
    /// Whether there is a scalar and it is an ASCII digit.
    @inline(__always)
    static func isDigit(_ value: UInt32?) -> Bool { value.map { isDigit($0) } ?? false }
}
