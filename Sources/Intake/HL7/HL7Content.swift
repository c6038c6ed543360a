// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes

/// The text and the attachments of a report or document.
struct HL7Content {
    let text: SectionedText
    /// The sections that OBX-3 names, or else those whose titles stand in the text.
    let sections: [DocumentSection]
    let attachments: [DocumentAttachment]
    let notices: [String]

    /// Puts them together. A file within the message is its text only where nothing else is: beside a text
    /// it is the same once more, in another form.
    init(
        _ reader: HL7Reader, _ observations: HL7Observations, reportNames: Set<String>,
        isWithdrawn: Bool
    ) throws(IntakeError) {
        let builder = HL7Sections(
            reportNames: reportNames, codes: reader.codes, limits: reader.limits)
        var lines = observations.lines
        var notices: [String] = []
        if isWithdrawn {
            lines += observations.wrongLines
        } else if !observations.wrongLines.isEmpty {
            notices.append("lines that were filed to the wrong patient were left out")
        }
        var attachments: [DocumentAttachment] = []
        if lines.contains(where: { !$0.text.isEmpty }) {
            attachments = observations.data.map {
                $0.attachment(refusal: "the message's own text was read instead")
            }
        } else {
            let chosen = try Self.embedded(reader, observations.data)
            lines = chosen.lines
            attachments = chosen.attachments
        }
        text = try builder.text(of: lines)
        sections = Self.sections(of: text)
        guard sections.count <= reader.limits.maximumSections else {
            throw .hl7(.tooMuch(of: "sections", limit: reader.limits.maximumSections))
        }
        self.attachments = attachments
        self.notices = notices
    }

    /// The sections that the observations name; where they name none, or one for all of the text, those whose
    /// titles stand in it.
    private static func sections(of text: SectionedText) -> [DocumentSection] {
        guard text.sections.count < 2 else { return text.sections }
        let titled = HeadedText.sections(of: text.text)
        return titled.count > text.sections.count + 1 || text.sections.isEmpty
            ? titled : text.sections
    }

    /// The text of files within the message: all that are plain text, or the first other that has one.
    private static func embedded(
        _ reader: HL7Reader, _ data: [HL7EncapsulatedData]
    ) throws(IntakeError) -> (lines: [HL7Observations.Line], attachments: [DocumentAttachment]) {
        var lines: [HL7Observations.Line] = []
        var refusals: [Int: String] = [:]
        let order = data.indices.filter { data[$0].rank != nil }.sorted {
            (data[$0].rank ?? 0, $0) < (data[$1].rank ?? 0, $1)
        }
        var isPlain = false
        for index in order {
            let item = data[index]
            guard lines.isEmpty || isPlain && item.mediaType == "text/plain" else {
                refusals[index] = "another form of the text was read instead"
                continue
            }
            guard reader.nesting < reader.limits.maximumNesting else {
                throw .hl7(
                    .tooMuch(
                        of: "documents within each other", limit: reader.limits.maximumNesting))
            }
            let text = try Self.text(of: item, reader)
            if let text, !text.unicodeScalars.allSatisfy(\.isSpace) {
                lines.append(.init(segment: item.segment, text: text, isNarrative: true))
                isPlain = item.mediaType == "text/plain"
            } else {
                refusals[index] = "no text could be read from it"
            }
        }
        let attachments = data.indices.map { index in
            data[index].attachment(
                refusal: refusals[index]
                    ?? (data[index].rank == nil ? "its type holds no text that is read" : nil))
        }
        return (lines, attachments)
    }

    private static func text(
        of item: HL7EncapsulatedData, _ reader: HL7Reader
    ) throws(IntakeError) -> String? {
        guard let bytes = item.bytes else { return nil }
        guard item.mediaType == "text/plain" else {
            return reader.embeddedText?(item.mediaType, bytes, reader.nesting + 1)
        }
        guard !bytes.isEmpty else { return nil }
        let decoded: DecodedText
        do throws(IntakeError) {
            decoded = try EncodingDetection.decode(bytes)
        } catch {
            switch error {
            case .undecodable(let encoding, let byte):
                throw .hl7(.encoding(named: encoding.rawValue + " in OBX-5", byteOffset: byte))
            case .binary, .nulBytes, .unmarkedUTF16:
                throw .hl7(.malformed(expected: "text in OBX-5", byteOffset: nil))
            default: throw error
            }
        }
        return decoded.text.replacing("\r\n", with: "\n").replacing("\r", with: "\n")
    }

    /// A document of a message.
    static func document(
        _ content: HL7Content, message: HL7Message, patient: HL7Segment?, source: DocumentSource,
        identifier: String?, authored: String?, kind: DocumentKind
    ) -> ClinicalDocument {
        var source = source
        let named = patient?.patient
        source.patientIssuer = named?.issuer
        source.facility = message.header?.value(4)
        source.versionTime = HL7Time.instant(message.time)
        source.sections = content.sections
        source.attachments = content.attachments
        source.notices += message.notices + content.notices
        if named == nil { source.notices.append("the message names no patient") }
        return ClinicalDocument(
            kind: kind, text: content.text.text, encoding: message.encoding.rawValue,
            externalIdentifier: identifier, patientIdentifier: named?.identifier,
            authoredAt: HL7Time.stated(authored), source: source)
    }
}
