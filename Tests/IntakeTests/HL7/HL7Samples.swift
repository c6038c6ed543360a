// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes

@testable import Intake

/// Messages for tests; all persons and findings are invented.
enum HL7Samples {
    static func header(
        _ type: String = "ORU^R01^ORU_R01", id: String = "M1", time: String = "20260511150000",
        encoding: String = ""
    ) -> String {
        #"MSH|^~\&|RIS|HOSP|SHOKEN|HOSP|\#(time)||\#(type)|\#(id)|P|2.5||||||\#(encoding)"#
    }

    static let patient = "PID|1||0007^^^HOSP^PI||架空^花子^^^^^L^I~カクウ^ハナコ^^^^^L^P||19700101|F"

    static func request(
        number: String = "R1", status: String = "F", section: String = "CT",
        service: String = "X1^腹部CT^L"
    ) -> String {
        "OBR|1|P1|\(number)|\(service)|||20260511100000|||||||||||||||20260511143000||\(section)|\(status)|||||||"
            + "D7&架空&医子"
    }

    static func line(
        _ value: String, type: String = "TX", title: String = "18782-3^所見^LN", sub: String = "1",
        status: String = "F"
    ) -> String {
        "OBX|1|\(type)|\(title)|\(sub)|\(value)||||||\(status)"
    }

    static func document(
        _ id: String = "DS-1", replaces: String = "", type: String = "18842-5^退院時サマリー^LN",
        completion: String = "AU", availability: String = "AV"
    ) -> String {
        "TXA|1|\(type)|FT|20260520090000|D7^架空^医子|20260520100000|||D7^架空^医子|||\(id)|\(replaces)||||"
            + "\(completion)||\(availability)"
    }

    /// A report of findings and diagnosis.
    static let report = message([
        header(), patient, "PV1|1|I||||||||01^外科^L|||||||||V9", request(),
        line("肝S6に径12mmの結節。"), line("腹水なし。"), line("肝細胞癌の疑い。", title: "19005-8^診断^LN", sub: "2"),
    ])

    static func message(_ segments: [String], end: String = "\r") -> String {
        segments.joined(separator: end) + end
    }

    static func reader(
        kind: DocumentKind = .other, limits: IntakeLimits = IntakeLimits()
    ) -> HL7Reader {
        HL7Reader(limits: limits, kind: kind, codes: DocumentCodes())
    }
}

extension HL7Reader {
    func entries(of text: String) throws(IntakeError) -> [ReadDocument] {
        try entries(in: Array(text.utf8))
    }

    /// The documents of a message that has no fault.
    func documents(of segments: [String]) throws -> [ClinicalDocument] {
        try entries(of: HL7Samples.message(segments)).map { try $0.result.get() }
    }

    /// The one fault of a message.
    func flaw(of segments: [String]) throws -> FormatFlaw? {
        let entries = try entries(of: HL7Samples.message(segments))
        guard entries.count == 1, case .failure(.flaw(let flaw, in: .hl7, _)) = entries[0].result
        else { return nil }
        return flaw
    }
}

extension ClinicalDocument {
    /// The body of a section.
    func body(_ title: String) -> String? {
        guard let section = source.sections.first(where: { $0.title == title }) else { return nil }
        let scalars = Array(text.unicodeScalars)[section.range.start..<section.range.end]
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars)
        return String(view)
    }
}
