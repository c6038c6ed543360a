// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import Foundation
import TestSupport
import Testing

@testable import JapaneseText

/// Fictional lines with personal information marked, from a file beside the tests.
struct MarkedCases {
    /// One line: its text and what is marked in it.
    struct Case: CustomTestStringConvertible {
        let marked: String
        let text: String
        let spans: Set<PersonalInformationSpan>

        var testDescription: String { marked }
    }

    let cases: [Case]

    /// Reads a file; a label that is no kind is an error.
    init(named name: String) throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent()
            .appending(path: "Fixtures/DeIdentification/\(name).txt")
        cases = try String(contentsOf: file, encoding: .utf8)
            .split(separator: "\n").filter { !$0.hasPrefix("//") }
            .map { line in
                let marked = MarkedText(
                    String(line).replacing("\\n", with: "\n").replacing("\\t", with: "\t"))
                let spans = try marked.marks.map { mark in
                    guard let kind = PersonalInformationKind(rawValue: mark.label) else {
                        throw UnknownKind(label: mark.label)
                    }
                    return PersonalInformationSpan(kind: kind, range: mark.span.range)
                }
                return Case(marked: String(line), text: marked.text, spans: Set(spans))
            }
    }

    struct UnknownKind: Error {
        let label: String
    }
}

/// How well what is found agrees with what is marked.
struct DetectionScore: CustomStringConvertible {
    private(set) var right = 0
    private(set) var wrong = 0
    private(set) var missed = 0

    mutating func add(
        found: Set<PersonalInformationSpan>, marked: Set<PersonalInformationSpan>
    ) {
        right += found.intersection(marked).count
        wrong += found.subtracting(marked).count
        missed += marked.subtracting(found).count
    }

    /// Share of what is found that is marked so, kind and both ends.
    var precision: Double { right + wrong == 0 ? 1 : Double(right) / Double(right + wrong) }
    /// Share of what is marked that is found so.
    var recall: Double { right + missed == 0 ? 1 : Double(right) / Double(right + missed) }

    var description: String {
        func percent(_ share: Double) -> String { "\((share * 1000).rounded() / 10) %" }
        return "precision \(percent(precision)), recall \(percent(recall)); "
            + "\(right) right, \(wrong) wrong, \(missed) missed"
    }
}
