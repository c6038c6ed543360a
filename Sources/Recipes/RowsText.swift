// SPDX-License-Identifier: Apache-2.0
import Foundation
import Intake

/// The text of files of rows, which spreadsheets save in many encodings.
enum RowsText {
    /// A file's content in UTF-8 without byte order mark, whichever encoding it was in: UTF-8, CP932, EUC-JP,
    /// ISO-2022-JP or UTF-16; without the NUL bytes around it and the mark that ends files of DOS.
    ///
    /// Throws what is wrong with its bytes.
    static func utf8(_ content: Data) throws(IntakeError) -> Data {
        let hasMark = content.starts(with: [0xEF, 0xBB, 0xBF])
        let isPlain = !content.contains { $0 == 0 || $0 == 0x1A }
        if isPlain, !hasMark, String(validating: content, as: UTF8.self) != nil { return content }
        return Data(try TextTables.text(of: content).utf8)
    }

    /// The first heading that stands twice; columns without one are no matter.
    static func repeated(in heading: [String]) -> String? {
        heading.first { name in !name.isEmpty && heading.count { $0 == name } > 1 }
    }
}
