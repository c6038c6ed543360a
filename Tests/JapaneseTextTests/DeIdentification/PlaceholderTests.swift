// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import Testing

@testable import JapaneseText

@Suite("Replacing personal information")
struct PlaceholderTests {
    private let text = "患者名：ﾔﾏﾀﾞ　ﾀﾛｳ様\r\n℡０３－００００－１２３４、㎎は㎎のまま"

    @Test(
        "a placeholder stands for each match and nothing else changes",
        arguments: [
            (DeIdentifier.Placeholder.kind, "患者名：［氏名］様\r\n℡［電話］、㎎は㎎のまま"),
            (.geta, "患者名：〓様\r\n℡〓、㎎は㎎のまま"),
            (.sameLength, "患者名：〓〓〓〓〓〓〓〓様\r\n℡〓〓〓〓〓〓〓〓〓〓〓〓、㎎は㎎のまま"),
        ])
    func placeholders(placeholder: DeIdentifier.Placeholder, expected: String) {
        let identifier = DeIdentifier()
        let spans = identifier.spans(in: text)
        let result = identifier.replacing(spans, in: text, by: placeholder)
        #expect(Array(result.unicodeScalars) == Array(expected.unicodeScalars))
    }

    @Test("masks of the same length keep every offset and every line break")
    func sameLength() throws {
        for file in DeIdentificationTests.files {
            for example in try MarkedCases(named: file).cases {
                let spans = DeIdentifier().spans(in: example.text)
                let masked = Array(
                    DeIdentifier().replacing(spans, in: example.text, by: .sameLength)
                        .unicodeScalars)
                let source = Array(example.text.unicodeScalars)
                #expect(masked.count == source.count)
                for (index, scalar) in source.enumerated() where masked[index] != scalar {
                    #expect(spans.contains { $0.range.start <= index && index < $0.range.end })
                    #expect(masked[index] == "〓" && scalar != "\n")
                }
            }
        }
    }

    @Test("a cleaner replaces the kinds it is given, and the map leads back to the source")
    func cleaning() throws {
        let cleaner = TextCleaner(profile: .documents, personalInformation: [.name, .telephone])
        let cleaned = cleaner.clean(text)
        #expect(cleaned.string == "患者名:〓様\nTEL〓、mgはmgのまま")
        let name = try #require(cleaned.scalars.firstIndex(of: "〓"))
        let place = cleaned.sourceRange(of: CleanedRange(start: name, end: name + 1))
        #expect(cleaned.sourceSlice(place) == "ﾔﾏﾀﾞ　ﾀﾛｳ")
        #expect(cleaned.holdsPlaceholder(in: CleanedRange(start: name - 1, end: name + 1)))
        #expect(!cleaned.holdsPlaceholder(in: CleanedRange(start: 0, end: name)))
    }

    @Test("a geta mark of the source is no placeholder")
    func sourceMark() {
        let cleaned = TextCleaner(profile: .documents).clean("〓病院")
        #expect(!cleaned.holdsPlaceholder(in: cleaned.range))
    }
}
