// SPDX-License-Identifier: Apache-2.0
package import DurableFiles

/// What is wrong with a model's `config.json`.
package enum ModelConfigurationError: Error, Equatable {
    /// The kernel refused.
    case file(FileError)
    /// The file is no JSON object, and how it is not.
    case notJSON(file: String, fault: String? = nil)
    /// A field stands twice in one object.
    case duplicate(file: String, field: String)
    /// A field that must be there is not.
    case missing(file: String, field: String)
    /// A field holds another type than it should.
    case type(file: String, field: String, found: String? = nil, expected: String? = nil)
    /// A number is outside what is accepted, or does not fit another field.
    case outOfRange(file: String, field: String, found: String? = nil, expected: String? = nil)
    /// The setting or the architecture is a valid one that this program does not compute.
    case unsupported(file: String, field: String, found: String? = nil, supported: [String] = [])

    /// The same with what stands in the file, where that was not told yet.
    package func found(in fields: ConfigurationFields) -> Self {
        switch self {
        case .outOfRange(let file, let field, nil, let expected):
            .outOfRange(
                file: file, field: field, found: fields.shown(at: field), expected: expected)
        case .unsupported(let file, let field, nil, let supported):
            .unsupported(
                file: file, field: field, found: fields.shown(at: field), supported: supported)
        default: self
        }
    }
}
