import DurableFiles
package import Foundation

/// The folder that holds a site's bundles, one folder each, and which of them is in use.
///
/// The choice is a file named `active` that holds the bundle's name and is replaced as a whole: a
/// reader sees the old bundle or the new one, never neither.
package struct ModelRegistry: Sendable {
    /// The folder of the bundles.
    package let directory: URL

    /// A registry over a folder.
    package init(directory: URL) {
        self.directory = directory
    }

    /// Names of all bundles, sorted.
    package func names() -> [String] {
        let entries = (try? FileManager.default.contentsOfDirectory(atPath: directory.path)) ?? []
        return entries.filter { name in
            isPlainName(name)
                && FileManager.default.fileExists(
                    atPath: folder(of: name).appendingPathComponent(BundleDirectory.manifestName)
                        .path)
        }.sorted()
    }

    /// The bundle that was activated last; nil if none ever was.
    package func activeName() -> String? {
        guard
            let content = try? DiskFiles().read(activeFile, maximumBytes: 4096),
            let name = String(validating: content, as: UTF8.self)
        else { return nil }
        let trimmed = name.trimmingCharacters(in: .whitespacesAndNewlines)
        return isPlainName(trimmed) ? trimmed : nil
    }

    /// The bundle of a name.
    ///
    /// Throws `BundleError.invalidName` or `.notFound`.
    package func bundle(_ name: String) throws(BundleError) -> BundleDirectory {
        guard isPlainName(name) else { throw .invalidName(name) }
        return try BundleDirectory(directory: folder(of: name))
    }

    /// Makes a bundle the active one, after every file of it has been checked.
    ///
    /// Throws what `bundle` and `verify` throw, and `FileError` if the choice cannot be written.
    package func activate(_ name: String) throws {
        try bundle(name).verify()
        try DiskFiles().write(Data((name + "\n").utf8), to: activeFile)
    }

    private var activeFile: FilePath {
        FilePath(directory.appendingPathComponent("active"))
    }

    private func folder(of name: String) -> URL {
        directory.appendingPathComponent(name, isDirectory: true)
    }

    private func isPlainName(_ name: String) -> Bool {
        !name.isEmpty && !name.hasPrefix(".") && !name.contains("/") && !name.contains("\0")
    }
}
