// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import Testing

@testable import JapaneseText

@Suite("Finding personal information")
struct DeIdentificationTests {
    static let files = ["development", "held-out"]

    @Test("precision and recall do not fall below their floors, by kind and in all")
    func scores() throws {
        var all = DetectionScore()
        var byKind: [PersonalInformationKind: DetectionScore] = [:]
        for file in Self.files {
            var total = DetectionScore()
            for example in try MarkedCases(named: file).cases {
                let found = Set(DeIdentifier().spans(in: example.text))
                total.add(found: found, marked: example.spans)
                all.add(found: found, marked: example.spans)
                for kind in PersonalInformationKind.allCases {
                    byKind[kind, default: DetectionScore()].add(
                        found: found.filter { $0.kind == kind },
                        marked: example.spans.filter { $0.kind == kind })
                }
                if found != example.spans { print("\(file), not as marked: \(example.marked)") }
            }
            print("\(file): \(total)")
        }
        for kind in PersonalInformationKind.records.sorted(by: { $0.rawValue < $1.rawValue }) {
            let score = byKind[kind, default: DetectionScore()]
            print("\(kind.rawValue): \(score)")
            #expect(score.precision >= 0.95 && score.recall >= 0.9, "\(kind.rawValue)")
        }
        print("all: \(all)")
        #expect(all.precision >= 0.98)
        #expect(all.recall >= 0.95)
    }

    @Test("what only looks like personal information stays, in every case", arguments: files)
    func nearMisses(file: String) throws {
        let cases = try MarkedCases(named: file).cases.filter(\.spans.isEmpty)
        #expect(cases.count >= 50)
        for example in cases {
            #expect(DeIdentifier().spans(in: example.text).isEmpty, "\(example.marked)")
        }
    }

    @Test("each form that a rule is for is found as marked, and what is alike stays")
    func forms() throws {
        let cases = try MarkedCases(named: "forms").cases
        #expect(cases.count >= 100)
        for example in cases {
            let found = Set(DeIdentifier().spans(in: example.text))
            #expect(found == example.spans, "\(example.marked)")
        }
    }

    @Test("there are enough cases of every kind")
    func enough() throws {
        let cases = try (Self.files + ["forms"]).flatMap { try MarkedCases(named: $0).cases }
        #expect(cases.count >= 300)
        for kind in PersonalInformationKind.records {
            #expect(cases.flatMap(\.spans).count { $0.kind == kind } >= 5, "\(kind.rawValue)")
        }
    }

    @Test("only the kinds that are asked for are found")
    func kinds() throws {
        let cases = try MarkedCases(named: "development").cases
        for kind in PersonalInformationKind.records {
            let identifier = DeIdentifier(kinds: [kind])
            for example in cases {
                #expect(identifier.spans(in: example.text).allSatisfy { $0.kind == kind })
            }
        }
        #expect(DeIdentifier(kinds: []).spans(in: "氏名：山田 太郎 03-0000-1234").isEmpty)
        #expect(DeIdentifier(kinds: [.tag]).spans(in: "#健康").map(\.kind) == [.tag])
    }

    @Test("the individual number is told by its check digit, whatever stands around it")
    func individualNumbers() {
        let right = Array("123456789018".unicodeScalars)
        #expect(DeIdentifier().spans(in: "番号 123456789018 とある").count == 1)
        for wrong in "012345679" {
            let changed = String(String.UnicodeScalarView(right.dropLast())) + String(wrong)
            #expect(DeIdentifier().spans(in: "番号 \(changed) とある").isEmpty)
        }
        for longer in ["1123456789018", "1234567890181", "12.123456789018", "A123456789018"] {
            #expect(DeIdentifier().spans(in: longer).isEmpty)
        }
    }

    @Test("a label alone tells an old number from a telephone number; version 1 knows shapes only")
    func editions() {
        let text = "TEL 0300001234、03-0000-1234"
        #expect(DeIdentifier(kinds: [.telephone]).spans(in: text).count == 2)
        let cleaner = TextCleaner(profile: .documents)
        #expect(cleaner.clean(text).string == "TEL▁0300001234、〓")
    }
}
