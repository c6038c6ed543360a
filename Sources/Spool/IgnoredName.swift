// SPDX-License-Identifier: Apache-2.0
package import DurableFiles

/// Why a name alone says that a file is no document, or not one yet.
package enum IgnoredName: String, Codable, Hashable, Sendable {
    /// A producer's name for what it still writes, such as `note.txt.part`.
    case unfinished
    /// An editor's or a copying program's former state of a file, such as `note.txt.bak`.
    case backup
    /// What an operating system puts into folders, such as `Thumbs.db`.
    case system
    /// A name that begins with a dot.
    case hidden

    /// Endings of names of files that are still written.
    package static let unfinishedEndings = [".tmp", ".part", ".filepart", ".crdownload"]
    /// Endings of names of backups.
    package static let backupEndings = [".bak", ".old", ".orig", ".swp", "~"]
    /// Endings of names of links of Windows.
    package static let systemEndings = [".lnk", ".url"]
    /// Names of files that operating systems make.
    package static let systemNames = ["desktop.ini", "thumbs.db", ".ds_store"]

    /// Judges a name, in any case of letters; nil for one that a document may have.
    package init?(_ name: FileName) {
        let bytes = name.bytes.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
        func ends(in endings: [String]) -> Bool {
            endings.contains { bytes.suffix($0.utf8.count).elementsEqual($0.utf8) }
        }
        let sharp = UInt8(ascii: "#")
        if Self.systemNames.contains(where: { bytes.elementsEqual($0.utf8) })
            || ends(in: Self.systemEndings)
        {
            self = .system
        } else if ends(in: Self.unfinishedEndings) {
            self = .unfinished
        } else if bytes.first == UInt8(ascii: ".") {
            self = .hidden
        } else if ends(in: Self.backupEndings)
            || bytes.count > 2 && bytes.first == sharp && bytes.last == sharp
        {
            self = .backup
        } else {
            return nil
        }
    }
}
