package import ClinicalTypes
import Foundation
import TOMLKit

/// A TOML file that says what the labels of a published tagger mean.
///
/// `names` is a list of the labels' names by number, for models that name them by number only;
/// `pieces` is `first` or `each`; the table `labels` gives each class of labels a meaning, as
/// `d_suspicious = "disease suspicious"`, with `"*"` for all others.
package struct LabelMapFile: Hashable, Sendable {
    /// The labels' names by number; nil where the file has none.
    package let names: [String]?
    /// The word for which pieces of a word decide; nil where the file has none.
    package let pieces: String?
    /// The meaning of each class.
    package let meanings: [String: LabelMeaning]

    /// Largest file that is read, in bytes.
    private static let byteLimit = 1 << 20

    /// Reads a file; throws `ConfigurationError`.
    package init(file: String) throws(ConfigurationError) {
        guard let data = FileManager.default.contents(atPath: file) else {
            throw .unreadable(file: file, detail: "no such file, or not permitted")
        }
        guard data.count <= Self.byteLimit, let toml = String(validating: data, as: UTF8.self)
        else {
            throw .unreadable(file: file, detail: "larger than 1 MiB, or no UTF-8")
        }
        try self.init(toml: toml, file: file)
    }

    /// Reads the text of a file, whose name goes into errors.
    package init(toml: String, file: String) throws(ConfigurationError) {
        let table: TOMLTable
        do {
            table = try TOMLTable(string: toml)
        } catch let error as TOMLParseError {
            throw .syntax(
                file: file, line: error.source.begin.line, column: error.source.begin.column,
                detail: error.description)
        } catch {
            throw .syntax(file: file, line: 1, column: 1, detail: "not TOML")
        }
        let known = ["names", "pieces", "labels"]
        if let stranger = table.keys.sorted().first(where: { !known.contains($0) }) {
            throw .outOfRange(
                file: file, key: stranger, value: "not a key of label maps",
                allowed: known.joined(separator: ", "))
        }
        names = try Self.names(table["names"], file: file)
        pieces = try Self.text(table["pieces"], "pieces", file: file)
        meanings = try Self.meanings(table["labels"], file: file)
    }

    private static func text(
        _ value: (any TOMLValueConvertible)?, _ key: String, file: String
    ) throws(ConfigurationError) -> String? {
        guard let value else { return nil }
        guard let text = value.string else {
            throw .wrongType(
                file: file, key: key, wanted: "a string", found: value.type.description)
        }
        return text
    }

    private static func names(
        _ value: (any TOMLValueConvertible)?, file: String
    ) throws(ConfigurationError) -> [String]? {
        guard let value else { return nil }
        let elements = value.array.map { Array($0) }
        let names = elements?.compactMap(\.string)
        guard let names, names.count == elements?.count else {
            throw .wrongType(
                file: file, key: "names", wanted: "a list of strings",
                found: value.type.description)
        }
        return names
    }

    private static func meanings(
        _ value: (any TOMLValueConvertible)?, file: String
    ) throws(ConfigurationError) -> [String: LabelMeaning] {
        guard let value else { return [:] }
        guard let table = value.table else {
            throw .wrongType(
                file: file, key: "labels", wanted: "a table", found: value.type.description)
        }
        var meanings: [String: LabelMeaning] = [:]
        for name in table.keys {
            guard let text = try text(table[name], "labels.\(name)", file: file) else {
                continue
            }
            guard let meaning = LabelMeaning(text) else {
                let types = EntityType.allCases.map(\.rawValue).joined(separator: ", ")
                let sure = Certainty.allCases.map(\.rawValue).joined(separator: ", ")
                throw .outOfRange(
                    file: file, key: "labels.\(name)", value: "\"\(text)\"",
                    allowed: "\"ignore\", or a type (\(types)), alone or with one of \(sure)")
            }
            meanings[name] = meaning
        }
        return meanings
    }
}
