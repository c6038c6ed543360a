// SPDX-License-Identifier: Apache-2.0
package import Foundation

/// Files that an administrator gives, such as lists of terms, decoded as documents are.
package enum TextTables {
    /// The text of a file in whichever encoding it is: UTF-8, CP932, EUC-JP, ISO-2022-JP, UTF-16.
    ///
    /// Throws `IntakeError.binary`, `.undecodable`, `.ambiguous` or `.encodingUnavailable`.
    package static func text(of content: Data) throws(IntakeError) -> String {
        try EncodingDetection.decode(Array(content)).text
    }
}
