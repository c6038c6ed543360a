// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import Foundation
import TestSupport
import Testing

@testable import Intake

/// A report of two sections that is made up by chance, with characters that formats have marks for.
private struct MadeUpReport {
    static let titles = ["所見", "診断"]
    let findings: String
    let diagnosis: String

    init(_ numbers: inout SeededNumbers, isPlain: Bool) {
        let plain = ["右上葉に", "22mm大", "ﾘﾝﾊﾟ節", "が", "腫大なし。", "CRP 3.2", "①", "胸水 あり", "、"]
        let marks = [
            "&", "<5", "a > b", "|", "^", "~", "\\", "\"", "'", "{", "}", "{1}", ",", "\\H\\",
            "&amp;", "😀", "か\u{3099}",
            "]]>", "＜", "\u{1F468}\u{200D}\u{2695}\u{FE0F}", ";",
        ]
        let pieces = isPlain ? plain : plain + marks
        func body() -> String {
            (0...numbers.number(below: 3)).map { _ in
                "結節"
                    + (0...numbers.number(below: 6)).map { _ in
                        pieces[numbers.number(below: pieces.count)]
                    }.joined() + "影"
            }.joined(separator: "\n")
        }
        (findings, diagnosis) = (body(), body())
    }

    var sections: [(title: String, code: String, body: String)] {
        [("所見", "18782-3", findings), ("診断", "19005-8", diagnosis)]
    }
}

/// How a report is written in one format.
private struct WrittenForm: CustomTestStringConvertible, Sendable {
    let name: String
    /// Whether only characters of CP932 may stand in it.
    var isPlain = false
    let write: @Sendable (MadeUpReport) -> [UInt8]
    var testDescription: String { name }

    private static func markup(_ text: String, lineBreak: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
            .replacing("\n", with: lineBreak)
    }

    private static func message(_ observations: [String]) -> [UInt8] {
        let head = [
            "MSH|^~\\&|RIS|K|S|K|20260501||ORU^R01|M1|P|2.5||||||UNICODE UTF-8", "PID|1||1^^^K^PI",
            "OBR|1||R1|CT|||20260501|||||||||||||||20260501||CT|F",
        ]
        return Array((head + observations).joined(separator: "\r").utf8)
    }

    private static func escaped(_ text: String) -> String {
        [("\\", "\\E\\"), ("|", "\\F\\"), ("^", "\\S\\"), ("&", "\\T\\"), ("~", "\\R\\")]
            .reduce(text.replacing("\n", with: "\u{0}")) { $0.replacing($1.0, with: $1.1) }
            .replacing("\u{0}", with: "\\.br\\")
    }

    static let hl7 = WrittenForm(name: "hl7.hl7") { report in
        message(
            report.sections.map { "OBX||FT|\($0.code)^\($0.title)^LN||\(escaped($0.body))||||||F" })
    }
    static let hl7Lines = WrittenForm(name: "lines.hl7") { report in
        message(
            report.sections.flatMap { section in
                section.body.split(separator: "\n").map {
                    "OBX||TX|\(section.code)^\(section.title)^LN||\(escaped(String($0)))||||||F"
                }
            })
    }
    static let cda = WrittenForm(name: "cda.xml") { report in
        let sections = report.sections.map {
            "<component><section><code code='\($0.code)'/><title>\($0.title)</title><text>\(markup($0.body, lineBreak: "<br/>"))</text></section></component>"
        }.joined()
        return Array(
            "<ClinicalDocument xmlns='urn:hl7-org:v3'><id root='1.2' extension='a'/><code code='18748-4'/><effectiveTime value='20260501'/><recordTarget><patientRole><id root='1.3' extension='1'/></patientRole></recordTarget><component><structuredBody>\(sections)</structuredBody></component></ClinicalDocument>"
                .utf8)
    }
    static let fhir = WrittenForm(name: "fhir.json") { report in
        func quoted(_ text: String) -> String {
            (try? JSONEncoder().encode(text)).map { String(decoding: $0, as: UTF8.self) } ?? ""
        }
        let observations = report.sections.enumerated().map { number, section in
            "{\"resource\":{\"resourceType\":\"Observation\",\"id\":\"o\(number)\",\"status\":\"final\",\"code\":{\"coding\":[{\"system\":\"http://loinc.org\",\"code\":\"\(section.code)\"}]},\"valueString\":\(quoted(section.body))}}"
        }.joined(separator: ",")
        return Array(
            "{\"resourceType\":\"Bundle\",\"type\":\"collection\",\"entry\":[{\"resource\":{\"resourceType\":\"DiagnosticReport\",\"id\":\"r\",\"status\":\"final\",\"code\":{\"text\":\"CT\"},\"subject\":{\"identifier\":{\"value\":\"1\"}},\"result\":[{\"reference\":\"Observation/o0\"},{\"reference\":\"Observation/o1\"}]}},\(observations)]}"
                .utf8)
    }
    static let html = WrittenForm(name: "html.html") { report in
        let sections = report.sections.map {
            "<h2>\($0.title)</h2>\n  <p>\(markup($0.body, lineBreak: "<br>"))</p>"
        }.joined(separator: "\n")
        return Array("<html><body> <p>\u{3000}報告書</p>\(sections)</body></html>".utf8)
    }
    static let csv = WrittenForm(name: "csv.csv") { report in
        func cell(_ text: String) -> String { "\"\(text.replacing("\"", with: "\"\""))\"" }
        return Array(
            "患者ID,所見,診断\r\n1,\(cell(report.findings)),\(cell(report.diagnosis))\r\n".utf8)
    }
    static let rtf = WrittenForm(name: "rtf.rtf", isPlain: true) { report in
        func escaped(_ text: String) -> String {
            (encoded(text, in: "CP932") ?? []).map { byte in
                byte < 0x80 ? String(Unicode.Scalar(byte)) : "\\'" + String(byte, radix: 16)
            }.joined().replacing("\n", with: "\\par ").replacing("\\'5c", with: "\\'5c")
        }
        let body = "　　報告書\n" + report.sections.map { "【\($0.title)】\n\($0.body)\n" }.joined()
        return Array(
            "{\\rtf1\\ansi\\ansicpg932{\\fonttbl{\\f0\\fcharset128 M;}}\\f0 \(escaped(body))}".utf8)
    }
    static let mml = WrittenForm(name: "mml.xml") { report in
        func text(_ body: String) -> String { markup(body, lineBreak: "<xhtml:br/>") }
        return Array(
            """
            <Mml xmlns="http://www.medxml.net/MML/v4/base/1.0" xmlns:xhtml="http://www.w3.org/1999/xhtml" xmlns:mmlCm="http://www.medxml.net/MML/v4/Cm/1.0" xmlns:mmlRp="http://www.medxml.net/MML/v4/Rp/1.0">
            <MmlHeader><masterId><mmlCm:Id>1</mmlCm:Id></masterId></MmlHeader><MmlBody><MmlModuleItem><docInfo contentModuleType="report"><title generationPurpose="reportRadiology">CT</title><docId><uid>u</uid></docId><confirmDate>2026-05-11</confirmDate></docInfo>
            <content><mmlRp:ReportModule><mmlRp:reportBody><mmlRp:testNotes>\(text(report.findings))</mmlRp:testNotes><mmlRp:testDx>\(text(report.diagnosis))</mmlRp:testDx></mmlRp:reportBody></mmlRp:ReportModule></content></MmlModuleItem></MmlBody></Mml>
            """.utf8)
    }
    static let dicom = WrittenForm(name: "dicom.dcm") { report in
        let writer = DICOMWriter()
        return writer.file(
            writer.head("ISO_IR 192") + writer.concept("18748-4", Array("CT".utf8))
                + writer.sequence(
                    0x0040_A730,
                    report.sections.map {
                        writer.text(
                            $0.code, Array($0.title.utf8),
                            Array($0.body.replacing("\n", with: "\r\n").utf8))
                    }))
    }

    static let all = [hl7, hl7Lines, cda, fhir, html, csv, rtf, mml, dicom]
}

@Suite("Sections of made-up reports")
struct SectionRoundTripTests {
    @Test("come out of each format with the text that went in", arguments: WrittenForm.all)
    fileprivate func roundTrip(form: WrittenForm) throws {
        var numbers = SeededNumbers(seed: 15)
        for _ in 0..<200 {
            let report = MadeUpReport(&numbers, isPlain: form.isPlain)
            let entries = Array(
                try DocumentReader().entries(
                    in: Data(form.write(report)), fileName: form.name, kind: .radiology))
            let document = try #require(entries.documents.first)
            #expect(
                document.sectionTexts == report.sections.map { "\($0.title)|\($0.body)" },
                "\(form.name)")
            guard entries.count == 1, document.source.sections.count == 2 else { break }
        }
    }
}
