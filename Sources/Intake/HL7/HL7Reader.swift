// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes

/// Reads messages of HL7 v2: reports (ORU), documents (MDM) and the texts of orders (OMI, OMG).
///
/// Messages that hold no narrative, such as laboratory results or a patient's admission, give a fault with
/// `nothingToRead`. A message that is at fault does not concern the others of its batch.
struct HL7Reader {
    let limits: IntakeLimits
    /// The kind of the folder, where no code of a message says another.
    let kind: DocumentKind
    let codes: DocumentCodes
    /// Names in MSH-18 that a site's senders use for encodings.
    var encodings: [String: TextEncoding] = [:]
    /// How many documents this one is within.
    var nesting = 0
    /// The text of a document within a message by its media type, its bytes and how deep it is; nil for
    /// what has none. Without it plain text is read and nothing else.
    var embeddedText: (@Sendable (String, [UInt8], Int) -> String?)?

    /// The documents and faults of a file in order; throws what concerns the file as a whole.
    func entries(in bytes: [UInt8]) throws(IntakeError) -> [ReadDocument] {
        let (bytes, mark) = try Self.withoutMark(bytes)
        let framing = HL7Framing(bytes)
        if framing.messages.isEmpty, framing.announced == 0 {
            throw .hl7(.nothingToRead("the batch holds no messages"))
        }
        guard !framing.messages.isEmpty else {
            throw .hl7(
                .malformed(expected: "a message beginning with MSH", byteOffset: framing.stray))
        }
        guard framing.messages.count <= limits.maximumRecords else {
            throw .hl7(.tooMuch(of: "messages", limit: limits.maximumRecords))
        }
        var likely = HL7LikelyEncoding(bytes, framing.messages)
        var entries: [ReadDocument] = []
        for (index, range) in framing.messages.enumerated() {
            entries += self.entries(
                of: Array(bytes[range]), number: index + 1, offset: range.lowerBound + mark.length,
                encoding: mark.encoding, &likely)
        }
        if framing.isOpen, let last = entries.last {
            entries[entries.count - 1] = last.adding(
                notice: "the batch has no trailer, and messages after this one may be missing")
        }
        return entries + faults(of: framing)
    }

    /// What is wrong with a batch as such: the messages stand for themselves.
    private func faults(of framing: HL7Framing) -> [ReadDocument] {
        let found = framing.messages.count
        var flaws: [FormatFlaw] = []
        if let stray = framing.stray {
            flaws.append(.malformed(expected: "MSH, FHS, BHS, BTS or FTS", byteOffset: stray))
        }
        if let announced = framing.announced, announced > found {
            flaws.append(
                .contradiction(
                    "the trailer of the batch announces \(announced) messages, and there are \(found)"
                ))
        }
        return flaws.map { flaw in
            ReadDocument(
                place: RecordPlace(.message, found + 1),
                result: .failure(
                    .hl7(flaw).placed(
                        at: RecordPlace(.message, found + 1))))
        }
    }

    private func entries(
        of bytes: [UInt8], number: Int, offset: Int, encoding: TextEncoding?,
        _ likely: inout HL7LikelyEncoding
    ) -> [ReadDocument] {
        var place = RecordPlace(.message, number)
        do throws(IntakeError) {
            let header = HL7RawHeader(bytes)
            place = RecordPlace(.message, number, name: header.controlIdentifier)
            let text = try self.text(
                of: bytes, header, offset: offset, encoding: encoding, &likely)
            let message = try HL7Message(text, limits: limits)
            return try documents(in: message).map { result in
                ReadDocument(place: place, result: result.mapError { $0.placed(at: place) })
            }
        } catch {
            return [ReadDocument(place: place, result: .failure(error.placed(at: place)))]
        }
    }

    /// The documents of a message, or what is wrong with each.
    private func documents(
        in message: HL7Message
    ) throws(IntakeError) -> [Result<ClinicalDocument, IntakeError>] {
        guard let type = message.type else { throw .hl7(.missing(field: "MSH-9")) }
        switch type.name {
        case "ORU" where type.trigger != "W01":
            return try HL7Reports(self, message, areOrders: false).documents()
        case "OMI", "OMG", "ORM":
            return try HL7Reports(self, message, areOrders: true).documents()
        case "MDM":
            return [try HL7MedicalDocument(self, message, trigger: type.trigger).result()]
        case _ where Self.withoutNarrative.contains(type.name) || type.name == "ORU":
            throw .hl7(
                .nothingToRead(
                    "messages of type \(type.name) hold no narrative, and it was passed over"))
        default:
            throw .hl7(.wrongValue(field: "MSH-9", expected: "ORU, MDM, OMI or OMG"))
        }
    }

    private func text(
        of bytes: [UInt8], _ header: HL7RawHeader, offset: Int, encoding: TextEncoding?,
        _ likely: inout HL7LikelyEncoding
    ) throws(IntakeError) -> HL7Text {
        // A byte order mark shows that an editor wrote the file anew, whatever MSH-18 goes on saying.
        let declared =
            encoding.map { HL7Encoding.declared($0, name: $0.rawValue) }
            ?? HL7Encoding(names: header.encodings, site: encodings)
        do throws(IntakeError) {
            return try HL7Text(bytes, as: declared, at: offset)
        } catch {
            guard case .ambiguous = error, let encoding = likely.encoding else { throw error }
            return try HL7Text(
                bytes, as: .declared(encoding, name: encoding.rawValue), at: offset)
        }
    }

    /// The bytes without their byte order mark, and what it says; a file in UTF-16 is turned into UTF-8.
    private static func withoutMark(
        _ bytes: [UInt8]
    ) throws(IntakeError) -> ([UInt8], mark: (encoding: TextEncoding?, length: Int)) {
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) {
            return (Array(bytes.dropFirst(3)), (.utf8, 3))
        }
        if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
            return (Array(try EncodingDetection.decode(bytes).text.utf8), (.utf8, 0))
        }
        return (bytes, (nil, 0))
    }

    /// Types of messages about patients, orders of drugs and meals, values and answers.
    private static let withoutNarrative: Set = [
        "ACK", "ADT", "BAR", "DFT", "MFN", "MFK", "NMD", "OML", "OMB", "OMD", "OMN", "OMP", "OMS",
        "ORL", "ORR", "ORG", "ORI", "ORB", "ORD", "ORN", "ORP", "ORS", "OUL", "OPL", "OPU", "PPR",
        "PMU", "QBP", "QRY", "QCK", "RAS", "RRA", "RDE", "RRE", "RDS", "RRD", "RGV", "RRG", "RSP",
        "RTB", "SIU", "SRM", "SRR", "SSU", "SSR", "VXU", "VXQ", "DSR", "EAC", "EAN", "EAR", "ESR",
        "ESU", "INR", "INU", "LSR", "LSU", "TCU", "TCR", "RCI", "RCL", "RPA", "RPI",
    ]
}

/// What MSH says before a message is decoded.
struct HL7RawHeader {
    let controlIdentifier: String?
    /// The names in MSH-18.
    let encodings: [String]

    init(_ bytes: [UInt8]) {
        let line = bytes.prefix { $0 != 0x0D && $0 != 0x0A && $0 != 0x1C }.prefix(4096)
        guard let delimiters = HL7Delimiters(line) else {
            (controlIdentifier, encodings) = (nil, [])
            return
        }
        let header = HL7Segment(
            name: "MSH", bytes: Self.readable(Array(line)), delimiters: delimiters, encoding: .utf8)
        controlIdentifier = header.value(10).flatMap(Self.shown)
        encodings = header.repetitions(18).compactMap { header.value(of: $0) }
    }

    /// The line in UTF-8: the second byte of a character may be the one that separates fields.
    private static func readable(_ line: [UInt8]) -> ArraySlice<UInt8> {
        if SevenBitJIS.isUsed(in: line) {
            return
                ((try? TextDecoding.attempt(line, in: .iso2022JP))?.text.map { Array($0.utf8) }
                ?? line)[...]
        }
        guard String(validating: line, as: UTF8.self) == nil else { return line[...] }
        return
            ((try? TextDecoding.attempt(line, in: .windows31J))?.text.map { Array($0.utf8) }
            ?? line)[...]
    }

    /// A control id as it may stand in a report; nil for one that is no word.
    private static func shown(_ name: String) -> String? {
        name.count <= 50
            && name.allSatisfy {
                $0.isASCII && ($0.isLetter || $0.isNumber || "-_.:/".contains($0))
            }
            ? name : nil
    }
}

/// The encoding of all messages of a file that declare none, for one that is too short to tell.
struct HL7LikelyEncoding {
    private let bytes: [UInt8]
    private let messages: [Range<Int>]
    private var found: TextEncoding??

    init(_ bytes: [UInt8], _ messages: [Range<Int>]) {
        (self.bytes, self.messages) = (bytes, messages)
    }

    /// nil where all of them together do not tell either.
    var encoding: TextEncoding? {
        mutating get {
            if let found { return found }
            let parts = messages.map { Array(bytes[$0]) }.filter {
                HL7RawHeader($0).encodings.isEmpty
            }
            let encoding = (try? EncodingDetection.decode(Array(parts.joined())))?.encoding
            found = .some(encoding)
            return encoding
        }
    }
}

extension ReadDocument {
    /// The same entry with something to be told of its document.
    fileprivate func adding(notice: String) -> ReadDocument {
        ReadDocument(
            place: place,
            result: result.map { document in
                var source = document.source
                source.notices.append(notice)
                return ClinicalDocument(
                    kind: document.kind, text: document.text, encoding: document.encoding,
                    externalIdentifier: document.externalIdentifier,
                    patientIdentifier: document.patientIdentifier, authoredAt: document.authoredAt,
                    source: source)
            })
    }
}
