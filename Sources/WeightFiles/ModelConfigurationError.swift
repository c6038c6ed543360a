// SPDX-License-Identifier: Apache-2.0
package import DurableFiles

/// What is wrong with a model's `config.json`.
package enum ModelConfigurationError: Error, Equatable {
    /// The kernel refused.
    case file(FileError)
    /// The file is no JSON object.
    case notJSON(file: String)
    /// A field stands twice in one object.
    case duplicate(file: String, field: String)
    /// A field that must be there is not.
    case missing(file: String, field: String)
    /// A field holds another type than it should.
    case type(file: String, field: String)
    /// A number is outside what is accepted, or does not fit another field.
    case outOfRange(file: String, field: String)
    /// The setting or the architecture is a valid one that this program does not compute.
    case unsupported(file: String, field: String)
}
