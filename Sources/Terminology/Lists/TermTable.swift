/// The rows of a table in text, with commas (RFC 4180) or tabs between the fields.
///
/// Reads row by row, so that a large file costs its own size and one row.
struct TermTable {
    /// A row with its fields.
    struct Row {
        /// The line that it begins on, from 1.
        let line: Int
        let fields: [String]
    }

    /// Most bytes of a row; a quotation mark that is never closed ends here.
    static let mostRowBytes = 64 << 10

    /// What stands between two fields.
    enum Separator: UInt8 {
        case comma = 0x2C
        case tab = 0x09
    }

    private let file: String
    private let bytes: [UInt8]
    private let separator: Separator
    private var position = 0
    private var line = 1

    /// A table; without `separator` it is the tab if the first line holds one.
    init(_ text: String, file: String, separator: Separator? = nil) {
        self.file = file
        bytes = Array(text.utf8)
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
        let first = bytes.prefix { $0 != 0x0A && $0 != 0x0D }
        self.separator = separator ?? (first.contains(0x09) ? .tab : .comma)
    }

    /// How much of the file has been read, 0 to 1.
    var share: Double { Double(position) / Double(max(bytes.count, 1)) }

    /// The next row that is not empty; nil at the end.
    mutating func next() throws(TermFileError) -> Row? {
        while position < bytes.count {
            let row = try row()
            if row.fields != [""] { return row }
        }
        return nil
    }

    private mutating func row() throws(TermFileError) -> Row {
        let (start, firstLine) = (position, line)
        var fields: [String] = []
        while true {
            let field =
                separator == .comma && position < bytes.count && bytes[position] == 0x22
                ? try quoted(start, firstLine, column: fields.count + 1)
                : plain(start)
            guard position - start <= Self.mostRowBytes else {
                throw .rowTooLong(file: file, line: firstLine, limit: Self.mostRowBytes)
            }
            fields.append(field)
            guard position < bytes.count else { break }
            let byte = bytes[position]
            if byte == separator.rawValue {
                position += 1
                continue
            }
            skipLineEnd()
            break
        }
        return Row(line: firstLine, fields: fields)
    }

    private mutating func plain(_ rowStart: Int) -> String {
        let start = position
        while position < bytes.count, bytes[position] != separator.rawValue,
            bytes[position] != 0x0A, bytes[position] != 0x0D,
            position - rowStart <= Self.mostRowBytes
        {
            position += 1
        }
        return String(decoding: bytes[start..<position], as: UTF8.self)
    }

    private mutating func quoted(
        _ rowStart: Int, _ firstLine: Int, column: Int
    ) throws(TermFileError) -> String {
        var field: [UInt8] = []
        position += 1
        while position < bytes.count, position - rowStart <= Self.mostRowBytes {
            let byte = bytes[position]
            position += 1
            if byte == 0x22 {
                guard position < bytes.count, bytes[position] == 0x22 else {
                    try checkFieldEnd(firstLine, column: column)
                    return String(decoding: field, as: UTF8.self)
                }
                position += 1
            } else if byte == 0x0A {
                line += 1
            }
            field.append(byte)
        }
        throw .quotation(file: file, line: firstLine, column: column)
    }

    private func checkFieldEnd(_ firstLine: Int, column: Int) throws(TermFileError) {
        guard position < bytes.count else { return }
        guard [separator.rawValue, 0x0A, 0x0D].contains(bytes[position]) else {
            throw .quotation(file: file, line: firstLine, column: column)
        }
    }

    private mutating func skipLineEnd() {
        let first = bytes[position]
        position += 1
        if first == 0x0D, position < bytes.count, bytes[position] == 0x0A { position += 1 }
        line += 1
    }
}
