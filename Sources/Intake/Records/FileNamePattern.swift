// SPDX-License-Identifier: Apache-2.0
import Foundation

/// What the name of a file says of the document in it: a regular expression with named groups, as in
/// `^(?<patient>\d+)_(?<authored>\d{8})_`.
package struct FileNamePattern: Hashable, Sendable {
    /// What a group may be called.
    package enum Field: String, CaseIterable, Hashable, Sendable {
        case patient, id, authored, title, department, visit, order
    }

    /// The expression as it was written.
    package let expression: String
    private let fields: [Field]

    /// Takes an expression; nil for one that is malformed or names none of the fields.
    package init?(_ expression: String) {
        guard (try? NSRegularExpression(pattern: expression)) != nil else { return nil }
        fields = Field.allCases.filter { expression.contains("(?<\($0.rawValue)>") }
        guard !fields.isEmpty else { return nil }
        self.expression = expression
    }

    /// What a name says, the folders before it left out; nil for one that the expression does not match.
    func facts(in path: String) -> [Field: String]? {
        let name = path.split(separator: "/").last.map(String.init) ?? path
        guard name.utf8.count <= 1024,
            let pattern = try? NSRegularExpression(pattern: expression),
            let match = pattern.firstMatch(
                in: name, range: NSRange(name.startIndex..., in: name))
        else { return nil }
        var facts: [Field: String] = [:]
        for field in fields {
            guard let range = Range(match.range(withName: field.rawValue), in: name),
                !range.isEmpty
            else { continue }
            facts[field] = String(name[range])
        }
        return facts
    }
}
