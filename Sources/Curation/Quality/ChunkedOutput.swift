// SPDX-License-Identifier: Apache-2.0
import DurableFiles
package import Foundation

/// A file that is made chunk by chunk over a long time, and goes on where a kill left it.
///
/// It grows in a folder beside its place, with how much of it is whole; it gets its name when all is there.
/// Where chunks follow from what they are made of alone, so do the bytes of the file, however often the run
/// was killed.
package final class ChunkedOutput {
    private struct State: Codable {
        let identity: [String: String]
        var items = 0
        var bytes = 0
        var counts: [String: Int] = [:]
    }

    private let output: FilePath
    private let work: WorkFiles
    private let file: AppendedFile
    private let lock: InstanceLock?
    private var state: State

    /// Items that are in the file.
    package var items: Int { state.items }
    /// What was counted beside them.
    package var counts: [String: Int] { state.counts }

    /// Begins a file, or goes on with one that was begun with the same identity.
    ///
    /// Throws ``CurationError/exists(file:)`` where there is a file of this name, and
    /// ``CurationError/otherRun(folder:difference:)``.
    package init(_ path: String, identity: [String: String]) throws {
        output = FilePath(path)
        guard try DiskFiles().facts(of: output) == nil else {
            throw CurationError.exists(file: output.description)
        }
        let folder = FilePath(path + ".work")
        try DiskFiles().makeDirectory(folder)
        work = WorkFiles(folder: folder)
        lock = try InstanceLock(directory: folder)
        if let known = try work.value(State.self, in: Self.stateName) {
            let names = Set(known.identity.keys).union(identity.keys).sorted()
            if let name = names.first(where: { known.identity[$0] != identity[$0] }) {
                throw CurationError.otherRun(folder: folder.description, difference: name)
            }
            state = known
        } else {
            state = State(identity: identity)
            try work.write(state, to: Self.stateName)
        }
        file = try AppendedFile(folder.appending(Self.partName))
        guard file.size >= state.bytes else {
            throw CurationError.damaged(file: file.path.description)
        }
        try file.cut(to: state.bytes)
    }

    private static let (stateName, partName) = ("state.json", "part")

    /// Adds a chunk of so many items, which is on the disk before it counts.
    package func append(_ content: Data, items: Int, counts: [String: Int] = [:]) throws {
        try file.append(content)
        try file.flush()
        state.items += items
        state.bytes = file.size
        state.counts.merge(counts) { $0 + $1 }
        try work.write(state, to: Self.stateName)
    }

    /// Bytes of what is there already.
    package func content(from offset: Int, count: Int) throws -> Data {
        let whole = try file.content(from: offset, maximumBytes: .max, count: count)
        guard whole.count == count else {
            throw CurationError.damaged(file: file.path.description)
        }
        return whole
    }

    /// Gives the file its name.
    package func finish() throws {
        try DiskFiles().move(file.path, to: output)
        try work.removeAll()
    }

    /// Removes what was made, where it was only needed for something else.
    package func discard() throws { try work.removeAll() }
}
