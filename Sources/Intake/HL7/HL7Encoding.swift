// SPDX-License-Identifier: Apache-2.0

/// What MSH-18 says of a message's bytes.
///
/// Senders use names of table 0211, of IANA and their own; many leave the field empty. A name that is known
/// is believed, and bytes that are not valid in it are a fault.
enum HL7Encoding: Hashable {
    /// Nothing is said, or ASCII: what the bytes are decides.
    case undeclared
    case declared(TextEncoding, name: String)
    /// ISO 8859-1, in which Japanese is never sent, but which some systems say whatever they send.
    case latin(name: String)
    /// A name that is not known, or of another country's character set.
    case unknown(name: String)

    /// Reads the names in MSH-18, laid over by those that a site knows of its senders.
    init(names: [String], site: [String: TextEncoding]) {
        var result = HL7Encoding.undeclared
        for name in names where !name.isEmpty {
            if let encoding = site[name] ?? Self.encoding(named: name) {
                self = .declared(encoding, name: Self.shown(name))
                return
            }
            if Self.ascii.contains(Self.plain(name)) { continue }
            guard case .undeclared = result else { continue }
            result =
                Self.latin.contains(Self.plain(name))
                ? .latin(name: Self.shown(name)) : .unknown(name: Self.shown(name))
        }
        self = result
    }

    /// A name without what senders write in different ways.
    private static func plain(_ name: String) -> String {
        name.uppercased().filter { $0.isASCII && ($0.isLetter || $0.isNumber) }
    }

    /// A name as it may stand in a report.
    private static func shown(_ name: String) -> String {
        String(name.prefix(20).filter { $0.isASCII && $0 >= " " && $0 != "\u{7F}" })
    }

    private static let ascii: Set = ["ASCII", "USASCII", "ISOIR6", "ISO646"]
    private static let latin: Set = ["88591", "ISO88591", "ISOIR100", "LATIN1"]
    /// Names of table 0211 and of senders, beside those that documents have everywhere.
    private static let iso2022JP: Set = [
        "ISOIR87", "ISOIR14", "ISOIR13", "ISOIR159", "ISOIR168", "JISX0202", "JISX0208",
        "ISO20221994",
        "JAS2020", "ISO2022JP1", "ISO2022JP2",
    ]

    private static func encoding(named name: String) -> TextEncoding? {
        switch plain(name) {
        case let name where iso2022JP.contains(name): .iso2022JP
        case "ISOIR192", "UNICODE", "UTF8N": .utf8
        case "EUC": .eucJP
        default: DeclaredEncoding.encoding(named: name)
        }
    }
}

/// A message's text and what its bytes were in.
struct HL7Text {
    let bytes: [UInt8]
    let encoding: TextEncoding
    let notice: String?

    /// Decodes a message that begins at an offset of its file; throws a flaw with the offset of the first
    /// byte that is wrong, or `ambiguous`.
    init(
        _ bytes: [UInt8], as declared: HL7Encoding, at offset: Int
    ) throws(IntakeError) {
        if let zero = bytes.firstIndex(of: 0) {
            throw .hl7(
                .malformed(expected: "a message without NUL characters", byteOffset: offset + zero))
        }
        switch declared {
        case .declared(let encoding, let name):
            let (text, failure) = try TextDecoding.attempt(bytes, in: encoding)
            guard let text else {
                throw .hl7(.encoding(named: name, byteOffset: offset + (failure ?? 0)))
            }
            self.init(text, encoding, nil)
        case .latin(let name): try self.init(latin: bytes, named: name, at: offset)
        case .unknown(let name): try self.init(unknown: bytes, named: name, at: offset)
        case .undeclared: try self.init(detecting: bytes, at: offset)
        }
    }

    private init(_ text: String, _ encoding: TextEncoding, _ notice: String?) {
        (bytes, self.encoding, self.notice) = (Array(text.utf8), encoding, notice)
    }

    private init(detecting bytes: [UInt8], at offset: Int) throws(IntakeError) {
        do throws(IntakeError) {
            let decoded = try EncodingDetection.decode(bytes)
            self.init(decoded.text, decoded.encoding, nil)
        } catch {
            switch error {
            case .undecodable(let encoding, let byte):
                throw .hl7(.encoding(named: encoding.rawValue, byteOffset: offset + byte))
            case .binary(let byte), .nulBytes(_, _, let byte):
                throw .hl7(
                    .malformed(
                        expected: "text rather than a control character", byteOffset: offset + byte)
                )
            default: throw error
            }
        }
    }

    /// Bytes that are said to be ISO 8859-1: an accented letter here and there is one, anything else is not.
    private init(latin bytes: [UInt8], named name: String, at offset: Int) throws(IntakeError) {
        guard bytes.contains(where: { $0 >= 0x80 }) else {
            try self.init(detecting: bytes, at: offset)
            return
        }
        for (index, byte) in bytes.enumerated() where byte >= 0x80 {
            let isPair = index + 1 < bytes.count && bytes[index + 1] >= 0x80
            if byte < 0xA0 || isPair {
                throw .hl7(.encoding(named: name, byteOffset: offset + index))
            }
        }
        var text = String.UnicodeScalarView()
        for byte in bytes { text.append(Unicode.Scalar(byte)) }
        self.init(String(text), .utf8, "read as ISO 8859-1, as the message says")
    }

    /// A name that is not known does no harm where the bytes can mean one thing only.
    private init(unknown bytes: [UInt8], named name: String, at offset: Int) throws(IntakeError) {
        let notice = "the character set \(name) of MSH-18 is not known"
        if SevenBitJIS.isUsed(in: bytes) {
            try self.init(bytes, as: .declared(.iso2022JP, name: "ISO-2022-JP"), at: offset)
            return
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw .hl7(.encoding(named: name, byteOffset: nil))
        }
        let isPlain = !bytes.contains { $0 >= 0x80 }
        guard isPlain || bytes.contains(where: { $0 >= 0xE0 }) else {
            throw .hl7(.encoding(named: name, byteOffset: nil))
        }
        self.init(text, .utf8, isPlain ? nil : notice + "; it is valid UTF-8 and was read as that")
    }
}

extension IntakeError {
    /// A flaw of a message, which gets its place when it becomes an entry.
    static func hl7(_ flaw: FormatFlaw) -> IntakeError { .flaw(flaw, in: .hl7, at: nil) }

    /// The same error with the place of its record.
    func placed(at place: RecordPlace?) -> IntakeError {
        guard case .flaw(let flaw, let format, nil) = self else { return self }
        return .flaw(flaw, in: format, at: place)
    }
}
