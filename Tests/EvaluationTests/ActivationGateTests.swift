// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import DurableFiles
import Evaluation
import Foundation
import TestSupport
import Testing

@Suite("The gate before an activation")
struct ActivationGateTests {
    static let text = "発熱あり。咳なし。薬剤甲を5mg内服、発熱は軽快。"

    private func set(_ line: String) throws -> GoldenSet {
        let folder = try TemporaryFolder()
        var set = GoldenSet()
        try set.add(FilePath(folder.write("\n" + line + "\n", to: "g.jsonl")), name: "g.jsonl")
        return set
    }

    private func row(_ more: String) -> String {
        #"{"kind": "case-report", "text": "\#(Self.text)", \#(more)}"#
    }

    private static let entities = """
        "entities": [{"type": "disease", "text": "発熱", "certainty": "positive", "level": 2},
        {"type": "disease", "text": "咳", "certainty": "negative"}, {"type": "drug", "text": "薬剤甲"},
        {"type": "dose", "text": "5mg"}, {"type": "disease", "text": "発熱"}]
        """.replacing("\n", with: " ")

    @Test("mentions are found in the text, the same words one after the other")
    func places() throws {
        let rows = try set(row(Self.entities)).rows
        let mentions = try #require(rows.first?.mentions)
        #expect(mentions.map(\.range.start) == [0, 5, 9, 13, 19])
        #expect(rows.first?.stage == nil)
        let staged = try set(row(#""tnm": {"t": "T1a"}"#)).rows
        #expect(staged.first?.stage?.t == "T1a" && staged.first?.mentions == nil)
    }

    @Test(
        "a row that is none is refused with its line and place, without its text",
        arguments: [
            (#"{"kind": "nursing"}"#, "text is missing"),
            (#"{"kind": "ward", "text": "a"}"#, "ward is none of nursing, radiology"),
            (#"{"kind": "nursing", "text": "a", "entity": []}"#, "entity: unknown key"),
            (
                #"{"kind": "nursing", "text": "a", "entities": [{"type": "drug", "text": "秘密"}]}"#,
                "entity 1 does not stand in the text"
            ),
            (
                #"{"kind": "nursing", "text": "a", "entities": [{"type": "drug", "text": "a", "at": 0}]}"#,
                "unknown key at"
            ),
            (
                #"{"kind": "nursing", "text": "a", "entities": [{"type": "drug", "text": "a", "level": 4}]}"#,
                "level of entity 1"
            ),
            ("noise", "no JSON"),
        ])
    func refused(_ line: String, _ words: String) throws {
        do {
            _ = try set(line)
            Issue.record("it was read")
        } catch let error as GoldenSetError {
            #expect(error.explanation.hasPrefix("g.jsonl, line 2: "), "\(error.explanation)")
            #expect(error.explanation.contains(words), "\(error.explanation)")
            #expect(!error.explanation.contains("秘密"))
        }
    }

    /// What a model finds that has these places right.
    private func score(
        _ found: [(EntityType, Int, Int, Certainty)], level: AdverseEventLevel? = nil,
        tnm: TNMStage? = nil, _ line: String = entities
    ) throws -> GoldenScore {
        var findings = Findings()
        let scalars = Array(Self.text.unicodeScalars)
        findings.entities = found.map { type, start, end, certainty in
            var view = String.UnicodeScalarView()
            view.append(contentsOf: scalars[start..<end])
            return Entity(
                type: type,
                span: TextSpan(
                    range: SourceRange(start: start, end: end), surface: String(view)),
                certainty: certainty, score: 1)
        }
        if let level {
            findings.adverseEvents = [
                AdverseEvent(entityIndex: 0, role: .disease, level: level, score: 1)
            ]
        }
        var score = GoldenScore()
        for row in try set(row(line)).rows {
            score.add(findings, for: row, asked: [.entities, .adverseEvents])
        }
        return score
    }

    @Test("what is right is counted measure by measure")
    func measures() throws {
        let score = try score(
            [(.disease, 0, 2, .positive), (.disease, 5, 6, .positive), (.drug, 9, 11, .positive)],
            level: .probable)
        #expect(score.value(of: .diseases) == 0.8)
        #expect(score.value(of: .drugs) == 0)
        #expect(score.value(of: .doses) == 0)
        #expect(score.value(of: .certainty) == 0.5)
        #expect(score.value(of: .levels) == 1)
        #expect(score.value(of: .tnm) == nil && score.wanted(of: .diseases) == 3)
    }

    @Test(
        "a model that answers less, is right in nothing, or is worse beyond the margin is refused")
    func objections() throws {
        let all: [(EntityType, Int, Int, Certainty)] = [
            (.disease, 0, 2, .positive), (.disease, 5, 6, .negative), (.drug, 9, 12, .positive),
            (.dose, 13, 16, .positive), (.disease, 19, 21, .positive),
        ]
        let (good, less, none) = (
            try score(all, level: .probable), try score(Array(all.dropLast()), level: .probable),
            try score([])
        )
        let tasks: Set = ["entities", "adverse-events"]
        let gate = ActivationGate(margin: 0.1)
        #expect(gate.objections(to: good, tasks: tasks, active: (good, tasks)).isEmpty)
        #expect(
            gate.objections(to: less, tasks: tasks, active: (good, tasks))
                == [.worse(.diseases, candidate: 0.8, active: 1)])
        #expect(
            ActivationGate(margin: 0.25).objections(to: less, tasks: tasks, active: (good, tasks))
                .isEmpty)
        #expect(gate.objections(to: good, tasks: tasks, active: (less, tasks)).isEmpty)
        #expect(
            gate.objections(to: good, tasks: ["entities"], active: (good, tasks))
                == [.lacks("adverse-events")])
        let faults = gate.objections(to: none, tasks: tasks, active: nil)
        #expect(
            faults == [
                .nothingRight(.diseases, wanted: 3), .nothingRight(.drugs, wanted: 1),
                .nothingRight(.doses, wanted: 1), .nothingRight(.levels, wanted: 1),
            ])
        #expect(
            ActivationGate.Objection.worse(.diseases, candidate: 0.8, active: 1).sentence
                == "diseases: 0.800, the active model 1.000")
    }
}
