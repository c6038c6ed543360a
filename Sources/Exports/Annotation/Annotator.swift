// SPDX-License-Identifier: Apache-2.0
import DurableFiles
import Foundation

/// Who annotated, without the name: rows of one person are told from those of another.
enum Annotator {
    /// The first 12 digits of the SHA-256 of what a tool calls a person.
    static func hash(_ name: String?) -> String? {
        name.map { String(ContentDigest(of: Data($0.utf8)).hexadecimal.prefix(12)) }
    }
}
