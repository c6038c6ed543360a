// SPDX-License-Identifier: Apache-2.0
import DurableFiles
package import Foundation

/// Pseudonyms: HMAC-SHA-256 (RFC 2104) of identifiers with a site's key.
///
/// The same identifier has the same pseudonym wherever the key is the same; without the key nobody can try
/// identifiers until one fits.
package struct KeyedHash: Sendable {
    /// Fewest bytes of a key.
    package static let shortestKey = 16

    private let inner, outer: [UInt8]

    /// Hashes with a key; nil for one that is shorter than ``shortestKey``.
    package init?(key: Data) {
        guard key.count >= Self.shortestKey else { return nil }
        var block = key.count > 64 ? ContentDigest(of: key).bytes : Array(key)
        block += Array(repeating: 0, count: 64 - block.count)
        inner = block.map { $0 ^ 0x36 }
        outer = block.map { $0 ^ 0x5C }
    }

    /// All 64 hexadecimal digits for a text.
    package func digest(of text: String) -> String {
        let first = ContentDigest(of: Data(inner) + Data(text.utf8))
        return ContentDigest(of: Data(outer) + Data(first.bytes)).hexadecimal
    }

    /// The pseudonym of an identifier of some field, 20 digits: identifiers of two fields have none in common.
    package func pseudonym(of text: String, in field: String) -> String {
        String(digest(of: field + "\u{0}" + text).prefix(20))
    }
}
