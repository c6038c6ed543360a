// SPDX-License-Identifier: Apache-2.0

/// The secret part of the page's address: 128 random bits, in 32 hexadecimal digits.
package struct ReviewKey: Sendable {
    /// The digits.
    package let digits: String

    /// A key that nobody has had before.
    package init() {
        var generator = SystemRandomNumberGenerator()
        digits = (0..<16).map { _ in
            let byte = UInt8.random(in: 0...255, using: &generator)
            return (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }.joined()
    }

    /// Whether a text is the key; how long that takes does not depend on how much of it is right.
    func matches(_ text: some StringProtocol) -> Bool {
        let (own, other) = (Array(digits.utf8), Array(text.utf8))
        guard own.count == other.count else { return false }
        return zip(own, other).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }
}
