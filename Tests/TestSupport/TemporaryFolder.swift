// SPDX-License-Identifier: Apache-2.0
package import Foundation

/// A folder for the files of a test, which is removed with the value.
///
/// All of them lie in one folder of the process, which is removed when the process ends: what a test
/// keeps in a static property until then goes as well.
package final class TemporaryFolder: Sendable {
    /// The folder, which exists and is empty at first.
    package let url: URL

    /// Makes a folder with a name of its own; throws what the file system says.
    package init() throws {
        url = try Self.all.get().appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: false)
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    /// The folder's path, without a slash at its end.
    package var path: String { url.path(percentEncoded: false) }

    /// The place of a file or folder inside; nothing is made there.
    package subscript(name: String) -> URL { url.appending(path: name) }

    /// Writes a text as UTF-8, with the folders above it, and returns its place.
    @discardableResult
    package func write(_ text: String, to name: String) throws -> URL {
        try write(Data(text.utf8), to: name)
    }

    /// Writes a file, with the folders above it, and returns its place.
    @discardableResult
    package func write(_ content: Data, to name: String) throws -> URL {
        let file = self[name]
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try content.write(to: file)
        return file
    }

    /// The folder of this process.
    private static let all = Result {
        let url = FileManager.default.temporaryDirectory.appending(
            path: "shoken-tests-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: false)
        atexit { removeAll() }
        return url
    }

    private static func removeAll() {
        if let url = try? all.get() { try? FileManager.default.removeItem(at: url) }
    }
}
