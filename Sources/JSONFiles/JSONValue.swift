// SPDX-License-Identifier: Apache-2.0

/// A JSON value that keeps the order of an object's members and tells their names apart by bytes.
///
/// Foundation's decoder makes a dictionary of an object, in which か with a voicing mark and が are
/// the same key and a name that stands twice is lost; both matter in a vocabulary and in a header.
package enum JSONValue: Hashable, Sendable {
    /// `null`.
    case null
    /// `true` or `false`.
    case bool(Bool)
    /// A number without point and exponent that an `Int` holds.
    case integer(Int)
    /// Any other number.
    case number(Double)
    /// A string.
    case string(String)
    /// A list.
    case array([JSONValue])
    /// An object's members in the order of the file.
    case object([Member])

    /// A name and what it stands for.
    package struct Member: Hashable, Sendable {
        /// The name.
        package let name: String
        /// The value.
        package let value: JSONValue

        /// A member of an object.
        package init(name: String, value: JSONValue) {
            (self.name, self.value) = (name, value)
        }

        /// Whether its name has these bytes; for strings か with a voicing mark and が are equal.
        func isNamed(_ other: String) -> Bool {
            name == other && name.utf8.elementsEqual(other.utf8)
        }
    }

    /// The member of an object, the first of its name; nil where there is none.
    package subscript(name: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.isNamed(name) }?.value
    }

    /// An object of these members, in the order of their names.
    package static func sorted(_ members: [String: JSONValue]) -> JSONValue {
        .object(
            members.sorted { $0.key < $1.key }.map { Member(name: $0.key, value: $0.value) })
    }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByBooleanLiteral, ExpressibleByNilLiteral, ExpressibleByArrayLiteral,
    ExpressibleByDictionaryLiteral
{
    /// A string.
    package init(stringLiteral value: String) { self = .string(value) }

    /// A whole number.
    package init(integerLiteral value: Int) { self = .integer(value) }

    /// `true` or `false`.
    package init(booleanLiteral value: Bool) { self = .bool(value) }

    /// `null`.
    package init(nilLiteral: ()) { self = .null }

    /// A list.
    package init(arrayLiteral elements: JSONValue...) { self = .array(elements) }

    /// An object, its members as they stand.
    package init(dictionaryLiteral elements: (String, JSONValue)...) {
        self = .object(elements.map { Member(name: $0.0, value: $0.1) })
    }
}

/// Parts of other values that only their owner understands: Foundation reads and writes them whole.
///
/// Its decoder does not tell the order of an object's members; they come sorted by name.
extension JSONValue: Codable {
    private struct Name: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }
        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    package init(from decoder: any Decoder) throws {
        if let object = try? decoder.container(keyedBy: Name.self) {
            let names = object.allKeys.sorted { $0.stringValue < $1.stringValue }
            self = .object(
                try names.map {
                    Member(name: $0.stringValue, value: try object.decode(Self.self, forKey: $0))
                })
            return
        }
        let value = try decoder.singleValueContainer()
        if value.decodeNil() {
            self = .null
        } else if let bool = try? value.decode(Bool.self) {
            self = .bool(bool)
        } else if let integer = try? value.decode(Int.self) {
            self = .integer(integer)
        } else if let number = try? value.decode(Double.self) {
            self = .number(number)
        } else if let string = try? value.decode(String.self) {
            self = .string(string)
        } else {
            self = .array(try value.decode([JSONValue].self))
        }
    }

    package func encode(to encoder: any Encoder) throws {
        if case .object(let members) = self {
            var object = encoder.container(keyedBy: Name.self)
            for member in members {
                try object.encode(member.value, forKey: Name(stringValue: member.name))
            }
            return
        }
        var container = encoder.singleValueContainer()
        switch self {
        case .bool(let value): try container.encode(value)
        case .integer(let value): try container.encode(value)
        case .number(let value): try container.encode(value)
        case .string(let value): try container.encode(value)
        case .array(let values): try container.encode(values)
        case .null, .object: try container.encodeNil()
        }
    }
}
