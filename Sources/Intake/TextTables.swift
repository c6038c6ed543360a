// SPDX-License-Identifier: Apache-2.0
package import Foundation

/// Files that an administrator gives, such as lists of terms, decoded as documents are.
package enum TextTables {
    /// The text of a file in whichever encoding it is: UTF-8, CP932, EUC-JP, ISO-2022-JP, UTF-16; without the
    /// NUL bytes around it and the mark that ends files of DOS.
    ///
    /// Throws `IntakeError.binary`, `.nulBytes`, `.unmarkedUTF16`, `.undecodable`, `.ambiguous`,
    /// `.mixedEncodings` or `.encodingUnavailable`.
    package static func text(of content: Data) throws(IntakeError) -> String {
        let padding = Padding(of: Array(content), isOfRecords: true)
        do throws(IntakeError) {
            let text = try EncodingDetection.decode(padding.content).text
            return text.trimmingScalarsAtEnd { $0 == "\u{1A}" }
        } catch {
            throw error.moved(to: padding.place)
        }
    }
}
