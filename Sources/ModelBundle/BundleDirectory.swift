// SPDX-License-Identifier: Apache-2.0
import DurableFiles
package import Foundation
import JSONFiles

/// One model bundle on disk, known by its manifest.
package struct BundleDirectory: Sendable {
    /// Name of the manifest's file.
    package static let manifestName = "shoken.json"
    /// A manifest is refused above this size, in bytes.
    private static let maximumManifestBytes = 16 << 20

    /// The folder.
    package let directory: URL
    /// What the manifest says.
    package let manifest: BundleManifest
    /// SHA-256 of the manifest; since that lists every other file's, it identifies the bundle.
    package let sha256: String

    /// Reads the manifest of a folder.
    ///
    /// Throws `BundleError.notFound`, `.unreadable`, `.manifestNotJSON`, `.malformedManifest` or
    /// `.unsupportedFormat`.
    package init(directory: URL) throws(BundleError) {
        self.directory = directory
        let file = directory.appendingPathComponent(Self.manifestName)
        guard FileManager.default.fileExists(atPath: file.path) else {
            throw .notFound(directory.path)
        }
        let data: Data
        do throws(FileError) {
            data = try DiskFiles().read(FilePath(file), maximumBytes: Self.maximumManifestBytes)
        } catch {
            throw .unreadable(file: file.path, error)
        }
        sha256 = ContentDigest(of: data).hexadecimal
        manifest = try Self.decode(data, file: file.path)
    }

    /// Checks that every file listed is there, byte for byte.
    ///
    /// Throws `BundleError.unsafeName`, `.missingFile`, `.unreadable`, `.mistakenFile` or `.changedFile`.
    package func verify() throws(BundleError) {
        for (name, expected) in manifest.files.sorted(by: { $0.key < $1.key }) {
            guard !name.isEmpty, !name.contains("/"), !name.hasPrefix(".") else {
                throw .unsafeName(bundle: manifest.name, file: name)
            }
            let path = FilePath(directory.appendingPathComponent(name))
            let found: ContentDigest
            do throws(FileError) {
                found = try ContentDigest(ofFile: path)
            } catch {
                throw error.symbol == "ENOENT"
                    ? .missingFile(bundle: manifest.name, file: name)
                    : .unreadable(file: name, error)
            }
            guard found.hexadecimal == expected else {
                if let content = MistakenContent(file: path) {
                    throw .mistakenFile(bundle: manifest.name, file: name, content)
                }
                throw .changedFile(bundle: manifest.name, file: name)
            }
        }
    }

    private static func decode(_ data: Data, file: String) throws(BundleError) -> BundleManifest {
        let bytes = Array(data)
        if let content = MistakenContent(beginning: bytes), content != .empty {
            throw .manifestNotJSON(file: file, fault: "it \(content.explanation)")
        }
        if let fault = JSONValue.fault(in: bytes) {
            throw .manifestNotJSON(file: file, fault: fault)
        }
        let decoder = JSONDecoder()
        struct Format: Decodable { let format: Int }
        do {
            let found = try decoder.decode(Format.self, from: data).format
            guard found == BundleManifest.currentFormat else {
                throw BundleError.unsupportedFormat(
                    file: file, found: found, expected: BundleManifest.currentFormat)
            }
            return try decoder.decode(BundleManifest.self, from: data)
        } catch let error as BundleError {
            throw error
        } catch let error as DecodingError {
            let field = field(of: error)
            throw field.isEmpty
                ? .manifestNotJSON(file: file, fault: "it holds no JSON object")
                : .malformedManifest(file: file, field: field)
        } catch {
            throw .manifestNotJSON(file: file, fault: "it holds what is no manifest")
        }
    }

    private static func field(of error: DecodingError) -> String {
        let (path, last): ([any CodingKey], (any CodingKey)?) =
            switch error {
            case .keyNotFound(let key, let context): (context.codingPath, key)
            case .typeMismatch(_, let context), .valueNotFound(_, let context),
                .dataCorrupted(let context):
                (context.codingPath, nil)
            @unknown default: ([], nil)
            }
        return (path + (last.map { [$0] } ?? [])).map(\.stringValue).joined(separator: ".")
    }
}
