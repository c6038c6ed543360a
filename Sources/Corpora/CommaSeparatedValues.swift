/// Reads comma-separated values as RFC 4180 describes them: quoted fields may hold commas, line
/// breaks and doubled quotes.
package enum CommaSeparatedValues {
    /// Where a text breaks the rules.
    package struct Malformed: Error, Equatable {
        /// The line, from 1, on which the record begins.
        package let line: Int

        /// A fault in the record that begins on `line`.
        package init(line: Int) { self.line = line }
    }

    /// The records of `text`, each with its fields; empty lines are left out.
    ///
    /// A byte-order mark at the beginning is skipped; lines end with LF, CR LF or CR. Throws
    /// `Malformed` for a quote that is not closed or characters after a closing one.
    package static func records(_ text: String) throws(Malformed) -> [[String]] {
        try numberedRecords(text).map(\.fields)
    }

    /// A record and where it stands.
    package struct Record: Hashable, Sendable {
        /// The line, from 1, on which it begins.
        package let line: Int
        /// Its fields.
        package let fields: [String]
    }

    /// The same records with the lines on which they begin.
    package static func numberedRecords(_ text: String) throws(Malformed) -> [Record] {
        var scanner = Scanner(Array(text.unicodeScalars))
        var records: [Record] = []
        while true {
            let line = scanner.line
            guard let fields = try scanner.record() else { return records }
            if fields != [""] { records.append(Record(line: line, fields: fields)) }
        }
    }

    private struct Scanner {
        private let scalars: [Unicode.Scalar]
        private var position = 0
        private(set) var line = 1

        init(_ scalars: [Unicode.Scalar]) {
            self.scalars = scalars
            if scalars.first == "\u{FEFF}" { position = 1 }
        }

        private var next: Unicode.Scalar? { position < scalars.count ? scalars[position] : nil }

        mutating func record() throws(Malformed) -> [String]? {
            guard next != nil else { return nil }
            let firstLine = line
            var fields: [String] = []
            while true {
                fields.append(next == "\"" ? try quoted(firstLine) : plain())
                switch next {
                case ",": position += 1
                case nil: return fields
                case "\n", "\r":
                    skipLineEnd()
                    return fields
                default: throw Malformed(line: firstLine)
                }
            }
        }

        private mutating func plain() -> String {
            var field = String.UnicodeScalarView()
            while let scalar = next, scalar != ",", scalar != "\n", scalar != "\r" {
                field.append(scalar)
                position += 1
            }
            return String(field)
        }

        private mutating func quoted(_ firstLine: Int) throws(Malformed) -> String {
            var field = String.UnicodeScalarView()
            position += 1
            while let scalar = next {
                position += 1
                if scalar == "\"" {
                    guard next == "\"" else { return String(field) }
                    position += 1
                } else if scalar == "\n" {
                    line += 1
                }
                field.append(scalar)
            }
            throw Malformed(line: firstLine)
        }

        private mutating func skipLineEnd() {
            line += 1
            let first = next
            position += 1
            if first == "\r", next == "\n" { position += 1 }
        }
    }
}
