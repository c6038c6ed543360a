// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import Foundation
import Intake

/// Files of hospitals' formats, given as bytes that may be anything.
///
/// A fault is as good as a document: what must not happen is that the process ends. `Scripts/fuzz` compiles
/// this file with libFuzzer; the tests replay the corpus through it.
enum HostileRecord: String, CaseIterable {
    case hl7, cda, fhir, mml, html, rtf, table, workbook, dicom
    case jsonLines = "jsonlines"

    /// How names of such files end, for what content alone does not show.
    private var fileName: String {
        switch self {
        case .hl7: "a.hl7"
        case .cda, .mml: "a.xml"
        case .fhir: "a.ndjson"
        case .html: "a.html"
        case .rtf: "a.rtf"
        case .table: "a.csv"
        case .workbook: "a.xlsx"
        case .dicom: "a.dcm"
        case .jsonLines: "a.jsonl"
        }
    }

    /// Reads the bytes as a file that was dropped; gives how many documents and faults came of it.
    func read(_ bytes: Data) -> (documents: Int, faults: Int) {
        var (documents, faults) = (0, 0)
        do throws(IntakeError) {
            let entries = try DocumentReader().entries(in: bytes, fileName: fileName, kind: .other)
            for entry in entries {
                switch entry.result {
                case .success(let document):
                    documents += 1
                    Self.check(document)
                case .failure(let error):
                    faults += 1
                    _ = error.explanation
                }
            }
        } catch {
            faults += 1
            _ = error.explanation
        }
        return (documents, faults)
    }

    private static func check(_ document: ClinicalDocument) {
        let count = document.text.unicodeScalars.count
        for section in document.source.sections {
            precondition(section.range.end <= count, "a section lies within its text")
        }
        if let time = document.authoredAt { _ = StatedTime(time) }
    }
}
