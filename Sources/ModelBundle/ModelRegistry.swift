// SPDX-License-Identifier: Apache-2.0
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
    package func activeName() -> String? { name(in: activeFile) }

    private func name(in file: FilePath) -> String? {
        guard
            let content = try? DiskFiles().read(file, maximumBytes: 4096),
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
    /// `former` is the one in use until now, for the way back. Throws what `bundle` and `verify`
    /// throw, and `FileError` if the choice cannot be written.
    package func activate(_ name: String, former: String? = nil) throws {
        try bundle(name).verify()
        if let former, former != name {
            try DiskFiles().write(Data((former + "\n").utf8), to: formerFile)
        }
        try DiskFiles().write(Data((name + "\n").utf8), to: activeFile)
        try giveToOwner(directory, only: ["active", "former"])
    }

    /// The bundle that was active before the present one; nil if there was none.
    package func formerName() -> String? { name(in: formerFile) }

    /// The bundle that reads a share of new documents beside the active one; nil if none does.
    package func shadow() -> (name: String, share: Double)? {
        guard let content = try? DiskFiles().read(shadowFile, maximumBytes: 4096),
            let text = String(validating: content, as: UTF8.self)
        else { return nil }
        let lines = text.split(separator: "\n")
        guard lines.count == 2, isPlainName(String(lines[0])), let share = Double(lines[1]),
            share > 0, share <= 1
        else { return nil }
        return (String(lines[0]), share)
    }

    /// Lets a bundle read a share of new documents along, after every file of it has been checked.
    ///
    /// Throws what `bundle` and `verify` throw, and `FileError` if the choice cannot be written.
    package func setShadow(_ name: String, share: Double) throws {
        try bundle(name).verify()
        try DiskFiles().write(Data("\(name)\n\(share)\n".utf8), to: shadowFile)
        try giveToOwner(directory, only: ["shadow"])
    }

    /// Lets no bundle read along any more. Throws `FileError`.
    package func removeShadow() throws { try DiskFiles().remove(shadowFile) }

    /// Makes sure that a bundle of this name can be added.
    ///
    /// Throws `BundleError.invalidName` or `.alreadyThere`, and `FileError`.
    package func checkFree(_ name: String) throws {
        guard isPlainName(name) else { throw BundleError.invalidName(name) }
        guard try DiskFiles().facts(of: FilePath(folder(of: name))) == nil else {
            throw BundleError.alreadyThere(name)
        }
    }

    /// Adds a bundle: `build` fills a folder that takes its place, under its name, in one rename.
    ///
    /// Throws `BundleError.invalidName` or `.alreadyThere`, `FileError`, and what `build` throws;
    /// nothing is left of what was built then.
    package func add(
        _ name: String, build: (URL) throws -> BundleDirectory
    ) throws -> BundleDirectory {
        try checkFree(name)
        let target = folder(of: name)
        // The one name lets the next attempt clear away what a killed one has left.
        let staging = directory.appending(path: ".import-\(name)", directoryHint: .isDirectory)
        try? FileManager.default.removeItem(at: staging)
        do {
            try DiskFiles().makeDirectory(FilePath(staging))
            try build(staging).verify()
            try giveToOwner(staging)
            try DiskFiles().move(FilePath(staging), to: FilePath(target))
        } catch {
            try? FileManager.default.removeItem(at: staging)
            throw error
        }
        return try BundleDirectory(directory: target)
    }

    private var activeFile: FilePath {
        FilePath(directory.appendingPathComponent("active"))
    }

    private var formerFile: FilePath {
        FilePath(directory.appendingPathComponent("former"))
    }

    private var shadowFile: FilePath {
        FilePath(directory.appendingPathComponent("shadow"))
    }

    private func folder(of name: String) -> URL {
        directory.appendingPathComponent(name, isDirectory: true)
    }

    /// Lets root's work belong to the owner of the models, as the daemon reads it.
    private func giveToOwner(_ folder: URL, only: Set<String>? = nil) throws {
        guard geteuid() == 0 else { return }
        let files = FileManager.default
        let owner = try files.attributesOfItem(atPath: directory.path(percentEncoded: false))
        let kept = owner.filter { [.ownerAccountID, .groupOwnerAccountID].contains($0.key) }
        let names = try files.contentsOfDirectory(atPath: folder.path(percentEncoded: false))
            .filter { only?.contains($0) ?? true }
        let paths = names.map { folder.appending(path: $0) } + (only == nil ? [folder] : [])
        for path in paths {
            try files.setAttributes(kept, ofItemAtPath: path.path(percentEncoded: false))
        }
    }

    private func isPlainName(_ name: String) -> Bool {
        !name.isEmpty && !name.hasPrefix(".") && !name.contains("/") && !name.contains("\0")
    }
}
