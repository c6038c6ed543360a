import DurableFiles
package import Foundation

/// The fields of a `config.json`, or of an object in it, read with checks that name file and field.
///
/// A field that is `null` counts as absent. Numbers, texts and flags are not taken for each other.
package struct ConfigurationFields: Sendable {
    /// The longest file that is read, in bytes.
    package static let maximumFileBytes = 1_000_000

    /// What errors call the file.
    package let file: String
    private let path: String
    private let values: [String: ConfigurationValue]

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
        try self.init(json: json, name: path.description)
    }

    /// Reads the content of a file; `name` is what errors call it.
    package init(json: Data, name: String) throws(ModelConfigurationError) {
        do throws(JSONShape.Fault) {
            try JSONShape.check(json)
        } catch {
            switch error {
            case .duplicate(let field): throw .duplicate(file: name, field: field)
            case .depth: throw .notJSON(file: name)
            }
        }
        guard
            case .object(let values) = try? JSONDecoder().decode(
                ConfigurationValue.self, from: json)
        else { throw .notJSON(file: name) }
        self.init(file: name, path: "", values: values)
    }

    /// Fields that were found elsewhere, as in a GGUF file's metadata.
    package init(file: String, values: [String: ConfigurationValue]) {
        self.init(file: file, path: "", values: values)
    }

    private init(file: String, path: String, values: [String: ConfigurationValue]) {
        (self.file, self.path, self.values) = (file, path, values)
    }

    /// All fields as they were read, those of value null too.
    package var all: [String: ConfigurationValue] { values }

    /// The field's name with the objects around it, as errors show it.
    package func place(_ name: String) -> String { path + name }

    /// How many fields there are.
    package var count: Int { values.count }

    /// Whether the field is there and not null.
    package func has(_ name: String) -> Bool {
        if case .null = values[name] ?? .null { return false }
        return true
    }

    /// A whole number, or nil where the field is absent.
    package func integer(_ name: String) throws(ModelConfigurationError) -> Int? {
        try value(name) { if case .integer(let value) = $0 { value } else { nil } }
    }

    /// A number, or nil where the field is absent.
    package func number(_ name: String) throws(ModelConfigurationError) -> Double? {
        try value(name) {
            switch $0 {
            case .integer(let value): Double(value)
            case .number(let value): value
            default: nil
            }
        }
    }

    /// A flag, or nil where the field is absent.
    package func flag(_ name: String) throws(ModelConfigurationError) -> Bool? {
        try value(name) { if case .flag(let value) = $0 { value } else { nil } }
    }

    /// A text, or nil where the field is absent.
    package func text(_ name: String) throws(ModelConfigurationError) -> String? {
        try value(name) { if case .text(let value) = $0 { value } else { nil } }
    }

    /// An object, or nil where the field is absent.
    package func object(
        _ name: String
    ) throws(ModelConfigurationError) -> ConfigurationFields? {
        try value(name) {
            guard case .object(let values) = $0 else { return nil }
            return ConfigurationFields(file: file, path: path + name + ".", values: values)
        }
    }

    /// A list of texts, or nil where the field is absent.
    package func texts(_ name: String) throws(ModelConfigurationError) -> [String]? {
        try list(name) { if case .text(let value) = $0 { value } else { nil } }
    }

    /// A list of numbers, or nil where the field is absent.
    package func numbers(_ name: String) throws(ModelConfigurationError) -> [Double]? {
        try list(name) {
            switch $0 {
            case .integer(let value): Double(value)
            case .number(let value): value
            default: nil
            }
        }
    }

    /// A whole number, or a list of them, as a list; nil where the field is absent.
    ///
    /// `eos_token_id` is written in both ways.
    package func integers(_ name: String) throws(ModelConfigurationError) -> [Int]? {
        if case .integer(let value)? = values[name] { return [value] }
        return try list(name) { if case .integer(let value) = $0 { value } else { nil } }
    }

    /// What `value` gives, or an error where it gives nil.
    package func required<Value>(
        _ name: String, _ value: Value?
    ) throws(ModelConfigurationError) -> Value {
        guard let value else { throw .missing(file: file, field: place(name)) }
        return value
    }

    /// Throws `unsupported` naming the field unless the condition holds.
    package func expect(_ name: String, _ holds: Bool) throws(ModelConfigurationError) {
        guard holds else { throw .unsupported(file: file, field: place(name)) }
    }

    private func value<Value>(
        _ name: String, _ read: (ConfigurationValue) -> Value?
    ) throws(ModelConfigurationError) -> Value? {
        guard has(name), let found = values[name] else { return nil }
        guard let value = read(found) else { throw .type(file: file, field: place(name)) }
        return value
    }

    private func list<Value>(
        _ name: String, _ read: (ConfigurationValue) -> Value?
    ) throws(ModelConfigurationError) -> [Value]? {
        try value(name) {
            guard case .list(let items) = $0 else { return nil }
            let read = items.compactMap(read)
            return read.count == items.count ? read : nil
        }
    }
}

/// One value of a configuration.
package indirect enum ConfigurationValue: Codable, Hashable, Sendable {
    /// Nothing.
    case null
    /// True or false.
    case flag(Bool)
    /// A whole number.
    case integer(Int)
    /// Any other number.
    case number(Double)
    /// A text.
    case text(String)
    /// A list.
    case list([ConfigurationValue])
    /// An object.
    case object([String: ConfigurationValue])

    /// Decodes any JSON value.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let value = try? container.decode(Bool.self) {
            self = .flag(value)
        } else if let value = try? container.decode(Int.self) {
            self = .integer(value)
        } else if let value = try? container.decode(Double.self) {
            self = .number(value)
        } else if let value = try? container.decode(String.self) {
            self = .text(value)
        } else if let values = try? container.decode([ConfigurationValue].self) {
            self = .list(values)
        } else {
            self = .object(try container.decode([String: ConfigurationValue].self))
        }
    }

    /// Encodes any JSON value.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .null: try container.encodeNil()
        case .flag(let value): try container.encode(value)
        case .integer(let value): try container.encode(value)
        case .number(let value): try container.encode(value)
        case .text(let value): try container.encode(value)
        case .list(let values): try container.encode(values)
        case .object(let values): try container.encode(values)
        }
    }
}
