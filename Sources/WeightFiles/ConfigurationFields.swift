// SPDX-License-Identifier: Apache-2.0
import DurableFiles
package import Foundation
package import JSONFiles

/// The fields of a `config.json`, or of an object in it, read with checks that name file and field.
///
/// A name may stand once only in an object.
package typealias ConfigurationFields = JSONField<ModelConfigurationError>

extension ConfigurationFields {
    /// The longest file that is read, in bytes.
    package static var maximumFileBytes: Int { 1_000_000 }

    /// Reads a file, or what a link leads to; throws `ModelConfigurationError`.
    package init(file: URL) throws(ModelConfigurationError) {
        let path = FilePath(file)
        let json: Data
        do {
            json = try DiskFiles().read(
                FilePath(file.resolvingSymlinksInPath()), maximumBytes: Self.maximumFileBytes)
        } catch {
            throw .file(error)
        }
        if let content = MistakenContent(beginning: json), content != .empty {
            throw .notJSON(file: path.description, fault: "it \(content.explanation)")
        }
        try self.init(json: json, name: path.description)
    }

    /// Reads the content of a file; `name` is what errors call it.
    package init(json: Data, name: String) throws(ModelConfigurationError) {
        try self.init(parsing: Array(json), namesOnce: true, file: name)
        _ = try members()
    }

    /// Fields that were found elsewhere, as in a GGUF file's metadata.
    package init(file: String, values: [String: JSONValue]) {
        self.init(value: .sorted(values), file: file)
    }
}

extension ModelConfigurationError: JSONFieldError {
    /// A field of another type than it should be, or a file that is no JSON object.
    package static func malformed(file: String, field: String) -> Self {
        field == "$" ? .notJSON(file: file) : .type(file: file, field: field)
    }

    /// As `malformed`, with what the file holds.
    package static func mismatch(
        file: String, field: String, found: String, expected: String
    ) -> Self {
        field == "$"
            ? .notJSON(file: file, fault: "it holds \(found)")
            : .type(file: file, field: field, found: found, expected: expected)
    }

    /// A file that is no JSON.
    package static func notJSON(file: String, fault: String) -> Self {
        // As an optional, or this function would be meant and not the case.
        let told: String? = fault
        return .notJSON(file: file, fault: told)
    }

    /// As `unsupported(file:field:)`; the value is not told.
    package static func unsupported(file: String, field: String, value: String) -> Self {
        .unsupported(file: file, field: field)
    }

    /// As `notJSON`: no configuration has so many values.
    package static func tooLarge(file: String, field: String, count: Int, limit: Int) -> Self {
        .notJSON(file: file)
    }
}
