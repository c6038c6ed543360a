// SPDX-License-Identifier: Apache-2.0
package import ClinicalTypes
package import DurableFiles
package import Foundation
import Glibc
import JSONFiles

/// What the database says of a file, so that it can be said again of the same bytes in `done/`.
package struct RecordJournalEntry: Codable, Hashable, Sendable {
    /// SHA-256 of the file's bytes, 64 lower-case hexadecimal digits.
    package let sha256: String
    /// The folder below `incoming/` that it came from.
    package let kind: DocumentKind
    /// Its producer's name, escaped.
    package let sourceName: String
    /// When it was claimed, ISO 8601 in UTC.
    package let receivedAt: String

    enum CodingKeys: String, CodingKey {
        case sha256, kind
        case sourceName = "source_name"
        case receivedAt = "received_at"
    }

    /// States an entry.
    package init(sha256: String, kind: DocumentKind, sourceName: String, receivedAt: String) {
        self.sha256 = sha256
        self.kind = kind
        self.sourceName = sourceName
        self.receivedAt = receivedAt
    }
}

/// Kind, name and time of the files in `done/`, which their new place does not tell: one JSON object a
/// line in `.recorded/YYYY-MM-DD.jsonl` of the spool.
///
/// The database is made anew with it when it is lost. Lines are written before the commit, so that none is
/// missing of a file that was recorded; one of a file that was not recorded does no harm. They are not
/// flushed one by one: a power cut may take the last ones.
package struct RecordJournal: Sendable {
    private let directory: FilePath
    private static let ending = ".jsonl"

    /// The journal of a spool; nothing is made yet.
    package init(spool root: FilePath) { directory = root.appending(".recorded") }

    /// Writes entries down under the local day of a moment; throws `ENOENT` when the spool itself is gone.
    package func append(
        _ entries: [RecordJournalEntry], at now: Date = Date()
    ) throws(FileError) {
        guard !entries.isEmpty else { return }
        // A spool that is gone, as when its file system was unmounted, is not made anew.
        try DiskFiles().makeDirectory(directory, makingParents: false)
        let encoder = JSONEncoder.sorted()
        var lines = Data()
        for entry in entries {
            guard let line = try? encoder.encode(entry) else { continue }
            lines += line + Data("\n".utf8)
        }
        let file = try AppendedFile(path(of: DayName(now)))
        // After a power cut the file may end in half a line.
        let last = try file.content(from: max(0, file.size - 1), maximumBytes: 1)
        let isLineOpen = !last.isEmpty && last != Data("\n".utf8)
        try file.append(isLineOpen ? Data("\n".utf8) + lines : lines)
    }

    /// All entries in the order in which they were written; lines that are none are left out.
    package func entries() throws(FileError) -> [RecordJournalEntry] {
        guard try DiskFiles().facts(of: directory) != nil else { return [] }
        var entries: [RecordJournalEntry] = []
        for name in try DiskFiles().names(in: directory).sorted()
        where day(of: name) != nil {
            let content = try DiskFiles().read(
                directory.appending(name), maximumBytes: 1 << 32)
            for line in content.split(separator: UInt8(ascii: "\n")) {
                if let entry = try? JSONDecoder().decode(RecordJournalEntry.self, from: line) {
                    entries.append(entry)
                }
            }
        }
        return entries
    }

    /// Removes what was written down before a day.
    func purge(before limit: DayName) throws(FileError) {
        guard try DiskFiles().facts(of: directory) != nil else { return }
        for name in try DiskFiles().names(in: directory) {
            guard let day = day(of: name), day < limit else { continue }
            try DiskFiles().remove(directory.appending(name))
        }
    }

    private func path(of day: DayName) -> FilePath {
        directory.appending(day.text + Self.ending)
    }

    private func day(of name: FileName) -> DayName? {
        let text = name.escaped
        guard text.hasSuffix(Self.ending) else { return nil }
        return DayName(String(text.dropLast(Self.ending.count)))
    }
}

/// A file in `done/`.
package struct DoneFile: Hashable, Sendable {
    /// Where it lies.
    package let path: FilePath
    /// What it is.
    package let facts: FileFacts
}

extension SpoolDirectory {
    /// The journal that tells what `done/` does not.
    package var journal: RecordJournal { RecordJournal(spool: root) }

    /// The regular files in the day directories of `done/`, by day and name.
    package func doneFiles() throws(FileError) -> [DoneFile] {
        var found: [DoneFile] = []
        for day in try files.names(in: done).sorted() where DayName(day.escaped) != nil {
            let directory = done.appending(day)
            for name in try files.names(in: directory).sorted() {
                let path = directory.appending(name)
                guard let facts = try files.facts(of: path), facts.kind == .regularFile else {
                    continue
                }
                found.append(DoneFile(path: path, facts: facts))
            }
        }
        return found
    }
}
