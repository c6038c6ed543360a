// SPDX-License-Identifier: Apache-2.0
import DurableFiles
import Foundation
import Tensors

/// The files of sources, and what identifies their content.
struct SourceFiles: Codable, Hashable, Sendable {
    /// One file.
    struct File: Codable, Hashable, Sendable {
        let path: String
        let bytes: Int
        let modified: Int64
        let sha256: String
    }

    /// For each source, its files in the order of their names.
    let files: [[File]]

    /// Bytes of all.
    var bytes: Int { files.joined().reduce(0) { $0 + $1.bytes } }

    /// Looks at all files; those that are as `known` has them are not read again.
    ///
    /// Throws `FileError`, and ``CurationError/source(name:flaw:)`` for a folder without files.
    init(
        _ sources: [CorpusSource], known: SourceFiles?, progress: (Double) -> Void
    ) throws {
        let known = Dictionary(
            (known?.files.joined() ?? [].joined()).map { ($0.path, $0) },
            uniquingKeysWith: { first, _ in first })
        let paths = try sources.map { source in
            let paths = try source.files.flatMap { try Self.files(at: FilePath($0)) }
            guard !paths.isEmpty else {
                throw CurationError.source(name: source.name, flaw: "has no files")
            }
            return paths
        }
        let all = Array(paths.joined())
        var results: [Result<File, any Error>] = []
        for start in stride(from: 0, to: all.count, by: ComputeThreads.count) {
            let some = all[start..<min(start + ComputeThreads.count, all.count)]
            results += ComputeThreads.map(some.count) { index in
                Result { try Self.file(some[start + index], known) }
            }
            progress(Double(results.count) / Double(all.count))
        }
        var found = try results.map { try $0.get() }[...]
        files = paths.map { paths in
            defer { found = found.dropFirst(paths.count) }
            return Array(found.prefix(paths.count))
        }
    }

    private static func file(_ path: FilePath, _ known: [String: File]) throws -> File {
        guard let facts = try DiskFiles().facts(of: path), let text = path.text else {
            throw FileError(.open, path, errno: ENOENT)
        }
        if let file = known[text], file.bytes == facts.size,
            file.modified == facts.modifiedNanoseconds
        {
            return file
        }
        return File(
            path: text, bytes: facts.size, modified: facts.modifiedNanoseconds,
            sha256: try ContentDigest(ofFile: path).hexadecimal)
    }

    /// A file itself, or the files in and below a folder in the order of their paths; hidden ones are left out.
    private static func files(at path: FilePath) throws -> [FilePath] {
        let path = try DiskFiles().resolved(path)
        switch try DiskFiles().facts(of: path)?.kind {
        case .directory:
            return try DiskFiles().names(in: path)
                .filter { $0.bytes.first != UInt8(ascii: ".") }
                .sorted { $0.bytes.lexicographicallyPrecedes($1.bytes) }
                .flatMap { try files(at: path.appending($0)) }
        default: return [path]
        }
    }

    /// Throws ``CurationError/changed(file:)`` if a file is no longer what it was.
    static func check(_ file: File) throws {
        let facts = try DiskFiles().facts(of: FilePath(file.path))
        guard facts?.size == file.bytes, facts?.modifiedNanoseconds == file.modified else {
            throw CurationError.changed(file: file.path)
        }
    }
}
