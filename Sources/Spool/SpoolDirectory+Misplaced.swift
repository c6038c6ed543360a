// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
package import DurableFiles
package import Foundation

/// Files that wait where the daemon does not look, in one folder.
package struct MisplacedFiles: Codable, Hashable, Sendable {
    /// The folder below the spool, escaped, such as `incoming/Radiology`; empty for the spool itself.
    package let folder: String
    /// Whether the folder's name is one of ours, and no producer's.
    package let isOwnFolder: Bool
    /// How many files lie in it and below it.
    package var files = 0
    /// The names of the first few, as they lie below the folder, escaped.
    package var names: [String] = []
    /// The age of the oldest in whole seconds.
    package var oldestSeconds = 0
    /// Where they belong.
    package let advice: String

    enum CodingKeys: String, CodingKey {
        case folder, files, names, advice
        case isOwnFolder = "own_folder"
        case oldestSeconds = "oldest_seconds"
    }

    /// How many names are given.
    package static let mostNames = 5
}

extension SpoolDirectory {
    /// How deep folders within folders are looked into, and how many files are counted in all.
    private static let (mostLevels, mostFiles) = (8, 10_000)

    /// Files beside the folders of the kinds: in `incoming/` itself, in a folder of another name or case, in
    /// a folder within a kind's folder, or beside the four states.
    ///
    /// Links are not followed. Folders that cannot be listed are left out; other reports tell of them.
    package func misplacedFiles(at now: Date = Date()) -> [MisplacedFiles] {
        var found: [MisplacedFiles] = []
        func look(_ folder: FilePath, _ shown: String, isOwn: Bool, isDeep: Bool, _ advice: String)
        {
            var files = MisplacedFiles(folder: shown, isOwnFolder: isOwn, advice: advice)
            count(folder, prefix: "", levels: isDeep ? Self.mostLevels : 0, into: &files, at: now)
            if files.files > 0 { found.append(files) }
        }
        let kinds = DocumentKind.allCases.map { "incoming/\($0.rawValue)" }
        let places = kinds.dropLast().joined(separator: ", ") + " or " + (kinds.last ?? "")
        look(root, "", isOwn: true, isDeep: false, "move them into \(places)")
        let states: Set<String> = ["incoming", "processing", "done", "failed"]
        for name in folders(in: root) where !states.contains(name.escaped) {
            let path = root.appending(name)
            look(path, name.escaped, isOwn: false, isDeep: true, advice(for: name, or: places))
        }
        look(incoming, "incoming", isOwn: true, isDeep: false, "move them into \(places)")
        for name in folders(in: incoming) {
            let path = incoming.appending(name)
            let shown = "incoming/\(name.escaped)"
            if DocumentKind(rawValue: name.escaped) == nil {
                look(path, shown, isOwn: false, isDeep: true, advice(for: name, or: places))
                continue
            }
            for inner in folders(in: path) {
                look(
                    path.appending(inner), "\(shown)/\(inner.escaped)", isOwn: false, isDeep: true,
                    "move them into \(shown) itself; folders in it are not looked into")
            }
        }
        return found
    }

    /// The directories in a directory that no producer hides, by name.
    private func folders(in directory: FilePath) -> [FileName] {
        let names = (try? files.names(in: directory)) ?? []
        return names.filter { name in
            name.bytes.first != UInt8(ascii: ".")
                && (try? files.facts(of: directory.appending(name)))?.kind == .directory
        }.sorted()
    }

    private func count(
        _ directory: FilePath, prefix: String, levels: Int, into found: inout MisplacedFiles,
        at now: Date
    ) {
        let nowNanoseconds = Int64(now.timeIntervalSince1970 * 1e9)
        for name in ((try? files.names(in: directory)) ?? []).sorted()
        where !SpoolListing.isIgnored(name) && found.files < Self.mostFiles {
            let path = directory.appending(name)
            guard let facts = try? files.facts(of: path) else { continue }
            let shown = prefix + name.escaped
            if facts.kind == .directory {
                guard levels > 0 else { continue }
                count(path, prefix: shown + "/", levels: levels - 1, into: &found, at: now)
            } else if !SpoolListing.isTrigger(name, facts) {
                found.files += 1
                if found.names.count < MisplacedFiles.mostNames { found.names.append(shown) }
                let age = Int(max(0, nowNanoseconds - facts.modifiedNanoseconds) / 1_000_000_000)
                found.oldestSeconds = max(found.oldestSeconds, age)
            }
        }
    }

    /// What to do with the files of a folder that is of no kind.
    private func advice(for name: FileName, or places: String) -> String {
        guard let kind = Self.kind(meantBy: name.escaped) else { return "move them into \(places)" }
        return "move them into incoming/\(kind.rawValue), which is written so"
    }

    /// Words of folders' names that leave no doubt.
    private static let words: [(kind: DocumentKind, words: [String])] = [
        (.nursing, ["nurs", "kango", "看護"]),
        (.radiology, ["radiolog", "hoshasen", "読影", "放射線", "画像"]),
        (.caseReport, ["casereport", "shorei", "症例"]),
        (.dischargeSummary, ["discharge", "summary", "taiin", "退院", "サマリ"]),
        (.referral, ["referral", "shokai", "紹介", "情報提供"]),
        (.progressNote, ["progress", "keika", "経過", "診療録", "カルテ"]),
    ]

    private static func kind(meantBy name: String) -> DocumentKind? {
        let letters = name.lowercased().filter { $0.isLetter }
        return words.first { $0.words.contains { letters.contains($0) } }?.kind
    }
}
