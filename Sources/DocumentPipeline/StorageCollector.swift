// SPDX-License-Identifier: Apache-2.0
package import DurableFiles
package import Foundation
import Intake
package import Spool

/// Brings the records of an SS-MIX2 storage into the spool, each once, as if their sender had dropped them.
///
/// The storage is only read. What its path says of a record goes into the name of the copy
/// (`StorageName.spoolName`), from which intake reads it; so a renaming from `_1` to `_2` or `_0` brings the
/// record once more, as superseded or deleted, and so does a change of its size or time. A record that
/// vanishes is none that was deleted: retention removes whole folders. Which were taken stands in `.storage`
/// of the spool; a crash before it is written down makes a copy come twice, which is recorded once.
package struct StorageCollector {
    /// What became of a storage's records.
    package struct Collected: Hashable, Sendable {
        /// Copied into the spool.
        package var taken = 0
        /// Records that cannot be copied: too large, or of names that are too long. Each is told once.
        package var refused = 0
        /// Records that could not be read now; they are tried again with the next look.
        package var unreadable = 0
        /// Whether more is left for a look that need not wait.
        package var hasMore = false
    }

    /// What became of one record.
    private enum Outcome { case taken, refused, unreadable, waits }

    /// The top of the storage.
    package let root: FilePath
    private let spool: SpoolDirectory
    private let maximumBytes: Int
    private let minimumFreeBytes: Int
    private let settleNanoseconds: Int64
    private let files = DiskFiles()
    private var known: Set<String>?

    /// Levels of folders that are looked into.
    private static let mostLevels = 10
    /// Records that one look takes: a storage of years would else fill the spool at once.
    static let mostAtOnce = 5000

    /// A collector of one storage; files are taken once they have been the same for `settleSeconds`, and
    /// none while less than `minimumFreeBytes` are free on the spool's file system.
    package init(
        root: FilePath, spool: SpoolDirectory, maximumBytes: Int, minimumFreeBytes: Int,
        settleSeconds: Double
    ) {
        self.minimumFreeBytes = minimumFreeBytes
        self.root = root
        self.spool = spool
        self.maximumBytes = maximumBytes
        settleNanoseconds = Int64(settleSeconds * 1e9)
    }

    /// Looks through the storage and copies what is new; ends early when `isStopping`.
    ///
    /// Throws for a storage that cannot be listed, and for a spool that cannot be written.
    package mutating func collect(
        at now: Date = Date(), isStopping: () -> Bool = { false }
    ) throws(FileError) -> Collected {
        var collected = Collected()
        var known: Set<String>
        if let before = self.known { known = before } else { known = try takenBefore() }
        defer { self.known = known }
        let nowNanoseconds = Int64(now.timeIntervalSince1970 * 1e9)
        var open: [(folder: FilePath, names: [FileName])] = [(root, [])]
        _ = try files.names(in: root)
        while let (folder, above) = open.popLast(), !isStopping() {
            // A folder may vanish meanwhile.
            let names = ((try? files.names(in: folder)) ?? []).sorted()
            var records: [(name: FileName, facts: FileFacts)] = []
            for name in names where name.bytes.first != UInt8(ascii: ".") {
                guard let facts = try? files.facts(of: folder.appending(name)) else { continue }
                if facts.kind == .directory, above.count < Self.mostLevels {
                    open.append((folder.appending(name), above + [name]))
                } else if facts.kind == .regularFile,
                    nowNanoseconds - facts.modifiedNanoseconds >= settleNanoseconds
                {
                    records.append((name, facts))
                }
            }
            let documents = Self.documents(among: records.map(\.name), in: above)
            for (name, facts) in records where documents.contains(name) && !isStopping() {
                let mark = mark(of: above + [name], facts)
                guard !known.contains(mark) else { continue }
                guard collected.taken < Self.mostAtOnce, try hasSpace(facts.size) else {
                    collected.hasMore = true
                    return collected
                }
                switch try take(folder.appending(name), facts, below: above, name) {
                case .taken: collected.taken += 1
                case .refused: collected.refused += 1
                case .unreadable:
                    collected.unreadable += 1
                    continue
                case .waits: continue
                }
                try write(mark)
                known.insert(mark)
            }
        }
        return collected
    }

    private func hasSpace(_ size: Int) throws(FileError) -> Bool {
        let free = try files.freeBytes(at: spool.root)
        return free >= UInt64(max(0, minimumFreeBytes) + max(0, size))
    }

    /// The files of a folder that are records with narrative.
    private static func documents(
        among names: [FileName], in above: [FileName]
    ) -> Set<FileName> {
        var main: String??
        return Set(names).filter { name in
            guard let record = try? StorageName(path: path(above + [name])),
                record.mayHoldNarrative
            else { return false }
            guard record.contentName != nil else { return true }
            if main == nil { main = .some(StorageName.mainDocument(of: names.map(\.escaped))) }
            return name.escaped == main ?? nil
        }
    }

    private static func path(_ names: [FileName]) -> [UInt8] {
        Array(names.map(\.bytes).joined(separator: [UInt8(ascii: "/")]))
    }

    /// Copies a file, unless another of its name waits in the spool or it changes meanwhile.
    private func take(
        _ path: FilePath, _ facts: FileFacts, below above: [FileName], _ name: FileName
    ) throws(FileError) -> Outcome {
        guard let copy = StorageName.spoolName(of: (above + [name]).map(\.bytes)),
            let copyName = FileName(bytes: copy), facts.size <= maximumBytes
        else { return .refused }
        let target = spool.incoming(.other).appending(copyName)
        guard try files.facts(of: target) == nil else { return .waits }
        guard let content = try? files.read(path, maximumBytes: maximumBytes) else {
            return .unreadable
        }
        guard (try? files.facts(of: path)) == facts else { return .waits }
        try files.write(content, to: target)
        return .taken
    }

    // MARK: What was taken

    private var list: FilePath { spool.root.appending(".storage") }

    /// What stands for a file as it is: half of the SHA-256 of its path, size and time.
    private func mark(of names: [FileName], _ facts: FileFacts) -> String {
        let state = " \(facts.size) \(facts.modifiedNanoseconds)"
        let whole = root.bytes + [0] + Self.path(names) + [0] + Array(state.utf8)
        return String(ContentDigest(of: Data(whole)).hexadecimal.prefix(32))
    }

    private func takenBefore() throws(FileError) -> Set<String> {
        guard try files.facts(of: list) != nil else { return [] }
        let lines = try files.read(list, maximumBytes: 1 << 32)
        return Set(
            lines.split(separator: UInt8(ascii: "\n")).lazy.filter { $0.count == 32 }
                .map { String(decoding: $0, as: UTF8.self) })
    }

    private func write(_ mark: String) throws(FileError) {
        // After a power cut the file may end in half a line.
        try AppendedFile(list).append(Data("\n\(mark)\n".utf8))
    }
}
