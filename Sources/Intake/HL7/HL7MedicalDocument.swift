// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes

/// The document of a message of document management (MDM).
struct HL7MedicalDocument {
    private let reader: HL7Reader
    private let message: HL7Message
    private let trigger: String

    init(_ reader: HL7Reader, _ message: HL7Message, trigger: String) {
        (self.reader, self.message, self.trigger) = (reader, message, trigger)
    }

    /// The document; throws `nothingToRead` for a notification without content.
    func result() throws(IntakeError) -> Result<ClinicalDocument, IntakeError> {
        guard let segment = message.first("TXA") else { throw .hl7(.missing(field: "TXA")) }
        guard let number = trigger.hasPrefix("T") ? Int(trigger.dropFirst()) : nil,
            (1...11).contains(number)
        else { throw .hl7(.wrongValue(field: "MSH-9", expected: "MDM^T01 to MDM^T11")) }
        let document = try document(segment, number)
        guard document.source.key != nil || document.source.status != .withdrawn else {
            throw .hl7(.missing(field: "TXA-12"))
        }
        if document.text.isEmpty, document.source.status != .withdrawn {
            guard number % 2 == 0 else {
                throw .hl7(
                    .nothingToRead("the message announces a document without its content"))
            }
            throw .hl7(.noText)
        }
        return .success(document)
    }

    private func document(
        _ segment: HL7Segment, _ number: Int
    ) throws(IntakeError) -> ClinicalDocument {
        let observations = try HL7Observations(
            content, takesNotes: true, limits: reader.limits)
        let status = status(segment, number, observations)
        let names = [1, 2, 4, 5].compactMap { segment.value(2, $0) }
        let parts = try HL7Content(
            reader, observations, reportNames: Set(names), isWithdrawn: status == .withdrawn)
        var source = DocumentSource(format: .hl7)
        source.status = status
        source.isSuperseded = segment.value(19)?.uppercased() == "OB"
        source.title = segment.value(2, 2) ?? segment.value(2, 5)
        (source.code, source.codeSystem) = (segment.value(2, 1), segment.value(2, 3))
        source.author = segment.person(9) ?? segment.person(5) ?? segment.person(10)
        source.order = segment.value(14) ?? segment.value(15)
        let visit = message.first("PV1")
        source.department = visit?.named(10) ?? message.first("ORC")?.named(17)
        source.visit = visit?.value(19)
        let identifier = setIdentity(of: &source, segment, number)
        return HL7Content.document(
            parts, message: message, patient: message.first("PID"), source: source,
            identifier: identifier,
            authored: HL7Time.first(of: [6, 4, 7].map { segment.value($0) }),
            kind: HL7Kinds(codes: reader.codes, folder: reader.kind)
                .kind(ofDocumentType: segment, field: 2))
    }

    /// The observations of the document: those of orders before TXA are not its own.
    private var content: [HL7Segment] {
        let start = message.segments.firstIndex { $0.name == "TXA" } ?? 0
        return message.segments[start...].filter { $0.name == "OBX" || $0.name == "NTE" }
    }

    /// Sets key and predecessor; gives the bare identifier.
    ///
    /// TXA-13 names the document that one replaces or adds to; in other messages it says nothing of
    /// versions. An addendum without a number of its own gets one, as it must not take its parent's place.
    private func setIdentity(
        of source: inout DocumentSource, _ segment: HL7Segment, _ number: Int
    ) -> String? {
        let own = segment.wholeValue(12)
        let parent = segment.wholeValue(13)
        source.key = own.map { "hl7v2:" + $0 }
        guard number == 5 || number == 6 else {
            if number == 9 || number == 10, let parent, parent != own {
                source.replaces = "hl7v2:" + parent
            }
            return segment.bareValue(12)
        }
        source.notices.append(
            "an addendum to "
                + (parent ?? own == nil ? "another document" : "the document of TXA-13")
                + ", kept as a document of its own")
        guard own == nil || parent == nil || parent == own, let base = parent ?? own else {
            return segment.bareValue(12)
        }
        let mark = segment.value(6) ?? segment.value(8) ?? message.header?.value(10) ?? ""
        source.key = "hl7v2:" + base + "#addendum-" + mark
        return (segment.bareValue(12) ?? segment.bareValue(13) ?? base) + "#addendum-" + mark
    }

    private func status(
        _ segment: HL7Segment, _ number: Int, _ observations: HL7Observations
    ) -> SenderStatus {
        let availability = segment.value(19)?.uppercased() ?? ""
        let completion = segment.value(17)?.uppercased() ?? ""
        if number == 11 || ["CA", "UN"].contains(availability) || completion == "CA"
            || observations.isWithdrawn
        {
            return .withdrawn
        }
        if ["DI", "DO", "IP", "IN"].contains(completion) { return .preliminary }
        if observations.isCorrected { return .corrected }
        if (7...10).contains(number) || observations.isAmended { return .amended }
        return ["PA", "AU", "LA"].contains(completion) ? .final : .unknown
    }
}
