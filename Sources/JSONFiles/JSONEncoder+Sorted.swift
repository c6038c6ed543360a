// SPDX-License-Identifier: Apache-2.0
package import Foundation

extension JSONEncoder {
    /// An encoder whose bytes follow from the value alone: names sorted, slashes as they are.
    ///
    /// Files that people read take `.prettyPrinted` besides.
    package static func sorted(_ form: OutputFormatting = []) -> JSONEncoder {
        let encoder = JSONEncoder()
        encoder.outputFormatting = form.union([.sortedKeys, .withoutEscapingSlashes])
        return encoder
    }
}
