// SPDX-License-Identifier: Apache-2.0
package import DurableFiles
import Foundation
import JSONFiles
import RowFiles

/// A tool in which people correct annotations; the raw value is its name in commands.
package enum AnnotationTool: String, CaseIterable, Sendable {
    case brat
    case doccano
    case labelStudio = "label-studio"
    case prodigy
    case webanno

    /// The tool whose export this one reads, and brings back in a form of its own.
    package var exported: AnnotationTool { self == .webanno ? .brat : self }
}

/// The files of a tool, as people give them back.
package struct AnnotationFiles {
    /// Largest file that is read, in bytes.
    private static let byteLimit = 1 << 30

    private let tool: AnnotationTool
    private let proposals: Bool

    /// Files of a tool; with `proposals` as they were exported to it, before anybody answered.
    package init(of tool: AnnotationTool, proposals: Bool = false) {
        (self.tool, self.proposals) = (tool, proposals)
    }

    /// What the files hold; of a folder, all files of the tool that lie in it.
    ///
    /// Records that give no row are faults of the reading. Throws `FileError`.
    package func read(_ paths: [FilePath]) throws(FileError) -> AnnotationReading {
        var reading = AnnotationReading()
        var lists: [FilePath: [String: JSONValue]] = [:]
        for path in paths {
            guard let facts = try DiskFiles().facts(of: path) else {
                throw FileError(.open, path, errno: ENOENT)
            }
            guard facts.kind == .directory else {
                try read(path, &lists, into: &reading)
                continue
            }
            for name in try DiskFiles().names(in: path).sorted() {
                guard let text = FilePath(bytes: name.bytes).text, text.hasSuffix(ending) else {
                    continue
                }
                try read(path.appending(name), &lists, into: &reading)
            }
        }
        return reading
    }

    private var ending: String {
        switch tool {
        case .brat: ".ann"
        case .doccano, .prodigy: ".jsonl"
        case .labelStudio: ".json"
        case .webanno: ".tsv"
        }
    }

    private func read(
        _ path: FilePath, _ lists: inout [FilePath: [String: JSONValue]],
        into reading: inout AnnotationReading
    ) throws(FileError) {
        let file = path.lastName?.escaped ?? path.description
        guard tool != .brat else { return try readPair(path, file, &lists, into: &reading) }
        let content = try content(of: path)
        switch tool {
        case .brat: break
        case .doccano: DoccanoLines.read(content, file: file, into: &reading)
        case .labelStudio:
            LabelStudioTasks.read(content, file: file, proposals: proposals, into: &reading)
        case .prodigy: ProdigyLines.read(content, file: file, proposals: proposals, into: &reading)
        case .webanno:
            WebAnnoTable.read(content, file: file, document: Self.document(file), into: &reading)
        }
    }

    private func content(of path: FilePath) throws(FileError) -> Data {
        let content = try DiskFiles().read(path, maximumBytes: Self.byteLimit)
        return content.starts(with: [0xEF, 0xBB, 0xBF]) ? Data(content.dropFirst(3)) : content
    }

    /// A pair of brat's files by either, and what the export wrote of it in `documents.jsonl`.
    private func readPair(
        _ path: FilePath, _ file: String, _ lists: inout [FilePath: [String: JSONValue]],
        into reading: inout AnnotationReading
    ) throws(FileError) {
        let stem = FilePath(bytes: path.bytes.dropLast(4))
        let name = String(file.dropLast(4))
        let known = try listed(in: path.parent, &lists)[name]
        try BratFiles.read(
            // A mark at its beginning is a character of the text, which brat counts.
            text: DiskFiles().read(
                FilePath(bytes: stem.bytes + Array(".txt".utf8)), maximumBytes: Self.byteLimit),
            annotations: content(of: FilePath(bytes: stem.bytes + Array(".ann".utf8))),
            file: name + ".ann", document: known?["document"]?.name ?? name,
            lineEnds: LineEnds(json: known?["line_ends"]), into: &reading)
    }

    /// The lines of a folder's list by the names of the files, read once.
    private func listed(
        in folder: FilePath, _ lists: inout [FilePath: [String: JSONValue]]
    ) throws(FileError) -> [String: JSONValue] {
        if let list = lists[folder] { return list }
        let path = folder.appending(BratFiles.documentList)
        var list: [String: JSONValue] = [:]
        if try DiskFiles().facts(of: path) != nil {
            for line in NumberedLines(try content(of: path)) {
                guard let value = try? JSONValue(parsing: Array(line.bytes)),
                    let name = value["file"]?.string
                else { continue }
                list[name] = value
            }
        }
        lists[folder] = list
        return list
    }

    /// A document's name as exports give it to files: what stands before the first point.
    private static func document(_ file: String) -> String {
        String(file.prefix { $0 != "." })
    }
}
