// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import DurableFiles
package import Foundation

/// Files of one folder that the daemon passes over for one reason.
package struct UnreadFiles: Codable, Hashable, Sendable {
    /// Why they are passed over.
    package enum Cause: String, Codable, Hashable, Sendable {
        /// By its name it is still being written.
        case unfinished
        /// By its name it is a former state of another file.
        case backup
        /// An operating system made it.
        case system
        /// Its name, or that of a folder that it lies in, begins with a dot.
        case hidden
        /// A trigger without its file.
        case trigger
        /// It lies in a state that only the daemon moves files into.
        case foreign
    }

    /// One of the files.
    package struct Named: Codable, Hashable, Sendable {
        /// Its name as it lies below the folder, escaped.
        package let name: String
        /// Its age by its time of change, in whole seconds.
        package let seconds: Int
    }

    /// The folder below the spool, escaped, such as `incoming/nursing`; empty for the spool itself.
    package let folder: String
    /// Whether the folder's name is one of ours, and no producer's.
    package let isOwnFolder: Bool
    /// Why they are passed over.
    package let cause: Cause
    /// How many there are.
    package var files = 0
    /// How many of them are older than ``patience``.
    package var overdue = 0
    /// The oldest few, the oldest first.
    package var oldest: [Named] = []

    enum CodingKeys: String, CodingKey {
        case folder, cause, files, overdue, oldest, advice
        case isOwnFolder = "own_folder"
    }

    /// How many files are named.
    package static let mostNames = 10
    /// After how many seconds somebody should look at a file.
    package static let patience = 3600

    init(folder: String, isOwnFolder: Bool, cause: Cause) {
        (self.folder, self.isOwnFolder, self.cause) = (folder, isOwnFolder, cause)
    }

    package init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        folder = try fields.decode(String.self, forKey: .folder)
        isOwnFolder = try fields.decode(Bool.self, forKey: .isOwnFolder)
        cause = try fields.decode(Cause.self, forKey: .cause)
        files = try fields.decode(Int.self, forKey: .files)
        overdue = try fields.decode(Int.self, forKey: .overdue)
        oldest = try fields.decode([Named].self, forKey: .oldest)
    }

    package func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: CodingKeys.self)
        try fields.encode(folder, forKey: .folder)
        try fields.encode(isOwnFolder, forKey: .isOwnFolder)
        try fields.encode(cause, forKey: .cause)
        try fields.encode(files, forKey: .files)
        try fields.encode(overdue, forKey: .overdue)
        try fields.encode(oldest, forKey: .oldest)
        try fields.encode(advice, forKey: .advice)
    }

    mutating func add(_ name: String, seconds: Int) {
        files += 1
        if seconds > Self.patience { overdue += 1 }
        let file = Named(name: name, seconds: seconds)
        let place = oldest.firstIndex {
            ($0.seconds, name) < (seconds, $0.name)
        }
        oldest.insert(file, at: place ?? oldest.count)
        if oldest.count > Self.mostNames { oldest.removeLast() }
    }
}

extension UnreadFiles {
    /// Why they are passed over, in words.
    private var reason: String {
        switch cause {
        case .unfinished: "named as unfinished"
        case .backup: "named as a backup"
        case .system: "named as a file of the operating system"
        case .hidden: "hidden by a name that begins with a dot"
        case .trigger: "a trigger without its file"
        case .foreign: "not put there by the daemon"
        }
    }

    /// What to do.
    package var advice: String {
        let them = files == 1 ? "it" : "them"
        return switch cause {
        case .unfinished: "finish the upload and rename \(them), or remove \(them)"
        case .backup: "rename \(them) if a document is wanted of \(them), or remove \(them)"
        case .system: "remove \(them)"
        case .hidden: "rename \(them) without the dot if a document is wanted, or remove \(them)"
        case .trigger: "drop the file that belongs to \(them), or remove \(them)"
        case .foreign:
            "move \(them) into incoming/KIND if a document is wanted, or remove \(them)"
        }
    }

    /// How many, the oldest with their ages where these may be told, why, and what to do.
    package func sentence(in place: String, showingNames: Bool) -> String {
        let named = oldest.map { "\($0.name), \(Self.age($0.seconds))" }
        let shown = named.joined(separator: "; ") + (files > named.count ? "; …" : "")
        let found = "\(files) file\(files == 1 ? "" : "s") in \(place)"
        return found + (showingNames ? " (\(shown))" : "")
            + " \(files == 1 ? "is" : "are") not read, \(reason): \(advice)"
    }

    /// A span of time in its largest whole unit.
    private static func age(_ seconds: Int) -> String {
        switch seconds {
        case ..<120: "\(seconds) s"
        case ..<7200: "\(seconds / 60) min"
        case ..<172_800: "\(seconds / 3600) h"
        default: "\(seconds / 86_400) days"
        }
    }
}

extension SpoolDirectory {
    /// Files that are passed over: because of their names wherever producers may write, triggers whose
    /// files are not there, and what somebody else has put into `processing/` or `done/`.
    ///
    /// Links are not followed. Of what lies below a folder so many levels and files are looked at; folders
    /// that cannot be listed are left out, since other reports tell of them.
    package func unreadFiles(at now: Date = Date()) -> [UnreadFiles] {
        var search = UnreadSearch(
            files: files, nowNanoseconds: Int64(now.timeIntervalSince1970 * 1e9))
        search.look(root, "", isOwn: true) { name, kind in
            if Self.ownNames.contains(where: name.escaped.hasPrefix) { return .leave }
            return kind == .directory && Self.states.contains(name.escaped) ? .leave : .judge
        }
        let kinds = Set(DocumentKind.allCases.map(\.rawValue))
        search.look(incoming, "incoming", isOwn: true) { name, kind in
            kind == .directory && kinds.contains(name.escaped) ? .leave : .judge
        }
        for kind in DocumentKind.allCases {
            search.look(incoming(kind), "incoming/\(kind.rawValue)", isOwn: true) { _, _ in .judge }
        }
        search.look(processing, "processing", isOwn: true) { name, kind in
            kind == .regularFile && ClaimName(name) != nil ? .leave : .foreign
        }
        search.look(done, "done", isOwn: true) { name, kind in
            kind == .directory && DayName(name.escaped) != nil ? .leave : .foreign
        }
        return search.found.sorted {
            ($0.folder, $0.cause.rawValue) < ($1.folder, $1.cause.rawValue)
        }
    }

    private static let states: Set<String> = ["incoming", "processing", "done", "failed"]
    /// What names begin with that the programs make in the spool itself.
    private static let ownNames = [".shokend", ".recorded", ".storage"]
}

/// A look through folders for what is passed over.
private struct UnreadSearch {
    /// What is to be done with something in a folder of ours.
    enum Treatment {
        case leave, judge, foreign
    }

    private struct Place: Hashable {
        let folder: String
        let cause: UnreadFiles.Cause
    }

    private static let (mostLevels, mostFiles) = (8, 10_000)
    let files: any FileOperations
    let nowNanoseconds: Int64
    /// How many names were looked at within folders that are not ours.
    private var lookedAt = 0
    private var groups: [Place: UnreadFiles] = [:]

    var found: [UnreadFiles] { Array(groups.values) }

    init(files: any FileOperations, nowNanoseconds: Int64) {
        (self.files, self.nowNanoseconds) = (files, nowNanoseconds)
    }

    /// Looks through a folder of ours.
    mutating func look(
        _ directory: FilePath, _ shown: String, isOwn: Bool,
        _ treatment: (FileName, FileFacts.Kind) -> Treatment
    ) {
        let names = (try? files.names(in: directory)) ?? []
        let present = Set(names)
        for name in names {
            let path = directory.appending(name)
            guard let facts = try? files.facts(of: path) else { continue }
            let treatment = treatment(name, facts.kind)
            if treatment == .leave { continue }
            let foreign: UnreadFiles.Cause? = treatment == .foreign ? .foreign : nil
            if facts.kind == .directory {
                let cause = foreign ?? (Self.isHidden(name) ? .hidden : nil)
                let folder = (shown.isEmpty ? "" : shown + "/") + name.escaped
                lookBelow(path, folder, prefix: "", levels: Self.mostLevels, cause)
            } else if let cause = foreign ?? cause(of: name, facts, among: present) {
                add(name.escaped, facts, cause, shown, isOwn: isOwn)
            }
        }
    }

    /// Looks through a folder that somebody else has made; `cause` is why all in it is passed over.
    private mutating func lookBelow(
        _ directory: FilePath, _ folder: String, prefix: String, levels: Int,
        _ cause: UnreadFiles.Cause?
    ) {
        let names = (try? files.names(in: directory)) ?? []
        let present = Set(names)
        for name in names where lookedAt < Self.mostFiles {
            lookedAt += 1
            let path = directory.appending(name)
            guard let facts = try? files.facts(of: path) else { continue }
            if facts.kind == .directory {
                guard levels > 0 else { continue }
                lookBelow(
                    path, folder, prefix: prefix + name.escaped + "/", levels: levels - 1,
                    cause ?? (Self.isHidden(name) ? .hidden : nil))
            } else if let cause = cause ?? self.cause(of: name, facts, among: present) {
                add(prefix + name.escaped, facts, cause, folder, isOwn: false)
            }
        }
    }

    private func cause(
        of name: FileName, _ facts: FileFacts, among names: Set<FileName>
    ) -> UnreadFiles.Cause? {
        switch IgnoredName(name) {
        case .unfinished: return .unfinished
        case .backup: return .backup
        case .system: return .system
        case .hidden: return .hidden
        case nil: break
        }
        guard SpoolListing.isTrigger(name, facts) else { return nil }
        let bytes = Array(name.bytes.dropLast(SpoolListing.triggerEnding.utf8.count))
        // The file of a trigger may have gone since the folder was listed: such a one is only seconds old.
        return FileName(bytes: bytes).map(names.contains) == true ? nil : .trigger
    }

    private static func isHidden(_ name: FileName) -> Bool { name.bytes.first == UInt8(ascii: ".") }

    private mutating func add(
        _ name: String, _ facts: FileFacts, _ cause: UnreadFiles.Cause, _ folder: String,
        isOwn: Bool
    ) {
        let seconds = Int(max(0, nowNanoseconds - facts.modifiedNanoseconds) / 1_000_000_000)
        groups[
            Place(folder: folder, cause: cause),
            default: UnreadFiles(folder: folder, isOwnFolder: isOwn, cause: cause)
        ].add(name, seconds: seconds)
    }
}
