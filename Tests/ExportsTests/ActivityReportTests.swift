// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import Foundation
import ResultStore
import TestSupport
import Testing

@testable import Exports

@Suite("The report on documents and findings")
struct ActivityReportTests {
    private static let hostile = "<script>alert('x')</script>\"&"

    let folder: TemporaryFolder
    let database: ResultDatabase
    let reader: ResultReader

    /// Three radiology reports of two patients on two days, one of an unknown one in the next month; a nursing
    /// record; a version that does not count any more.
    init() throws {
        folder = try TemporaryFolder()
        let file = folder["shoken.db"]
        database = try ResultDatabase(file: file)
        reader = try ResultReader(file: file)
        let stage = TNMStage(
            t: "T2a", n: "N0", m: "M0", stage: "IB", edition: "UICC-8", tScore: 1, nScore: 1,
            mScore: 1, evidence: [], needsReview: [])
        try record("1", patient: "P-1", at: "2026-03-01T09:00:00+09:00", stage: stage) {
            $0.entities = [
                Self.mention(.disease, name: "肺癌", code: "C349"),
                Self.mention(.disease, name: "肺癌", code: "C349"),
                Self.mention(.drug, name: "ゲフィチニブ"),
                Self.mention(.disease, name: "間質性肺炎", code: "J849", review: true),
            ]
            $0.adverseEventPairs = [Self.pair(2, 3, .certain)]
        }
        // In Japan this is the second of March.
        try record("2", patient: "P-1", at: "2026-03-01T23:30:00Z") {
            $0.entities = [
                Self.mention(.disease, name: "肺癌", code: "C349"),
                Self.mention(.disease, name: "発熱", code: "R509", certainty: .negative),
            ]
        }
        try record("3", patient: "P-2", at: "2026-03-02T10:00:00+09:00") {
            $0.entities = [
                Self.mention(.disease, name: "肺癌", code: "C349"), Self.mention(.disease, name: nil),
            ]
        }
        try record("4", patient: nil, at: "2026-04-01T10:00:00+09:00") {
            $0.entities = [
                Self.mention(.disease, name: Self.hostile), Self.mention(.drug, name: nil),
                Self.mention(.disease, name: "発疹"),
            ]
            $0.adverseEventPairs = [Self.pair(1, 2, .probable)]
        }
        try record("5", patient: "P-3", at: "2026-03-05T10:00:00+09:00", kind: .nursing, key: "k") {
            $0.entities = [Self.mention(.disease, name: "発熱", code: "R509")]
        }
        try record("6", patient: "P-3", at: "2026-03-05T10:00:00+09:00", kind: .nursing, key: "k") {
            $0.entities = [Self.mention(.disease, name: "悪心")]
        }
    }

    private static func mention(
        _ type: EntityType, name: String?, code: String? = nil, certainty: Certainty = .positive,
        review: Bool = false
    ) -> Entity {
        Entity(
            type: type,
            span: TextSpan(range: SourceRange(start: 0, end: 2), surface: "語句"),
            certainty: certainty, normalized: name, icd10: code, score: 0.9, needsReview: review)
    }

    private static func pair(_ drug: Int, _ disease: Int, _ level: AdverseEventLevel)
        -> AdverseEventPair
    {
        AdverseEventPair(
            drug: drug, disease: disease, level: level, rule: .afterStart,
            cue: TextSpan(range: SourceRange(start: 0, end: 2), surface: "語句"), needsReview: true)
    }

    private func record(
        _ name: String, patient: String?, at time: String, kind: DocumentKind = .radiology,
        key: String? = nil, stage: TNMStage? = nil, _ find: (inout Findings) -> Void
    ) throws {
        var findings = Findings()
        find(&findings)
        findings.tnm = stage
        var source = DocumentSource(format: .text)
        source.key = key
        let file = RecordedFile(
            sha256: name, kind: kind, sourceName: "\(name).txt",
            receivedAt: "2026-05-01T00:00:00.000Z",
            documents: [
                RecordedDocument(
                    ClinicalDocument(
                        kind: kind, text: "語句が並ぶだけの作り物、その\(name)。", patientIdentifier: patient,
                        authoredAt: time, source: source), findings)
            ])
        let maker = ResultMaker(
            name: Self.hostile, version: "1", sha256: "aa", cleaningVersion: "documents-2",
            dictionary: "ipadic", codeVersion: "0", methods: [:])
        let last = try database.precedents(of: [file], candidateLimit: 1).lastDocument
        _ = try database.record([file], after: last, maker: maker, at: .now)
    }

    private func report(
        minimum: Int = 1, kind: String? = nil, since: String? = nil, failed: [String: Int]? = [:]
    ) throws -> ActivityReport {
        let numbers = try reader.activity(
            ofKind: kind, since: since.flatMap(StatedTime.init), until: nil)
        return ActivityReport(
            numbers, failedFiles: failed,
            ActivityReport.Occasion(
                madeAt: "2026-05-02T00:00:00.000Z", version: "9.9", minimumCount: minimum))
    }

    @Test("counts documents by the days of Japan, and only those that are current")
    func documents() throws {
        let report = try report()
        #expect(report.summary.documents == .exact(5) && report.summary.patients == .exact(3))
        #expect(report.summary.withoutPatient == .exact(1))
        #expect(
            report.days.map { "\($0.period) \($0.kind) \($0.documents.text)" } == [
                "2026-03-01 radiology 1", "2026-03-02 radiology 2", "2026-03-05 nursing 1",
                "2026-04-01 radiology 1",
            ])
        #expect(
            report.months.map { "\($0.period) \($0.kind) \($0.documents.text)" } == [
                "2026-03 nursing 1", "2026-03 radiology 3", "2026-04 radiology 1",
            ])
        #expect(report.models.map(\.name) == [Self.hostile])
        #expect(report.models.map(\.documents) == [.exact(5)])
    }

    @Test("counts findings by the patients who have them")
    func findings() throws {
        let report = try report()
        let cancer = try #require(report.findings.first { $0.name == "肺癌" })
        #expect(cancer.code == "C349" && cancer.patients == .exact(2))
        #expect(cancer.months == ["2026-03": .exact(2)])
        // One denies it, the other was superseded.
        #expect(!report.findings.contains { $0.name == "発熱" })
        #expect(report.findings.filter { $0.type == "drug" }.map(\.name) == ["ゲフィチニブ"])
        #expect(report.names == ["disease": 5, "drug": 1])
        #expect(report.unnamed == ["disease": .exact(1), "drug": .exact(1)])
    }

    @Test("counts a code once, whatever it is called, under its standard names")
    func codes() throws {
        try record("7", patient: "P-4", at: "2026-04-02T10:00:00+09:00") {
            $0.entities = [
                Self.mention(.disease, name: nil, code: "C349"),
                Self.mention(.disease, name: "肺腺癌", code: "C349"),
                Self.mention(.disease, name: "悪心", code: "R11"),
                Self.mention(.disease, name: nil, code: "R060"),
            ]
        }
        let findings = try report().findings
        #expect(
            findings.filter { $0.code == "C349" }.map { "\($0.name) \($0.patients.text)" }
                == ["肺癌 / 肺腺癌 3"])
        #expect(findings.first { $0.code == "C349" }?.months["2026-04"] == .exact(1))
        // P-3 has it without the code.
        #expect(findings.filter { $0.name == "悪心" }.map(\.code) == ["R11"])
        #expect(findings.first { $0.name == "悪心" }?.patients == .exact(2))
        #expect(findings.filter { $0.code == "R060" }.map(\.name) == ["R060"])
    }

    @Test("counts stages, reactions and what is to be reviewed")
    func work() throws {
        let report = try report()
        #expect(report.stages == [ActivityReport.Named(name: "IB", patients: .exact(1))])
        #expect(report.reactingDrugs == 2)
        let reactions = report.adverseEvents.map {
            "\($0.drug ?? "-") \($0.patients.text) \($0.stated.text) "
                + $0.reactions.map { "\($0.name) \($0.patients.text)" }.joined()
        }
        #expect(Set(reactions) == ["ゲフィチニブ 1 1 間質性肺炎 1", "- 1 0 発疹 1"])
        let shares = report.review.map { "\($0.row) \($0.toReview.text)/\($0.rows.text)" }
        #expect(
            Set(shares) == [
                "disease 1/10", "drug 0/2", "stage 0/1", "adverse-event-pair 2/2",
            ])
        #expect(report.review.first { $0.row == "disease" }?.share == 0.1)
        #expect(report.failures.records == 0 && report.failures.repeatedFiles == 0)
    }

    @Test("is narrowed by kind and time")
    func narrowed() throws {
        #expect(try report(kind: "nursing").summary.documents == .exact(1))
        let april = try report(since: "2026-04-01")
        #expect(april.summary.documents == .exact(1) && april.findings.count == 2)
        #expect(april.stages.isEmpty)
        #expect(try report(since: "2030-01-01").html.contains("There is no such document"))
    }

    @Test("does not tell small numbers, nor what follows from them")
    func small() throws {
        let report = try report(minimum: 4)
        #expect(report.summary.documents == .exact(5) && report.summary.patients == .below(4))
        #expect(report.days.allSatisfy { $0.documents == .below(4) })
        let share = try #require(report.review.first { $0.row == "disease" })
        #expect(share.rows == .exact(10) && share.toReview == .below(4) && share.share == nil)
        let json = String(decoding: try JSONEncoder().encode(report), as: UTF8.self)
        #expect(json.contains("\"patients\":\"<4\""))
        #expect(ReportedCount(0, minimum: 4) == .exact(0))
        #expect(ReportedCount(4, minimum: 4) == .exact(4))
        #expect(!report.html.contains("class=\"f1\"") && report.html.contains("&lt; 4"))
    }

    @Test("is one page without scripts and outside files, in which no name is markup")
    func page() throws {
        let html = try report(failed: ["undecodable": 2]).html
        #expect(html.contains("&lt;script&gt;"))
        for word in ["<script", "src=", "href", "url(", "http", "P-1"] {
            #expect(!html.contains(word), "\(word)")
        }
        #expect(html.contains("undecodable") && html.contains("肺癌 C349"))
        #expect(try report(failed: nil).html.contains("could not be looked at"))
    }
}
