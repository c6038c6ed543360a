// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import Foundation
import ResultStore
import TestSupport

/// The fictional records that docs/questions.md is asked of, with what was found in them.
///
/// In the texts, `⟦disease:発熱⟧` is a mention, `⟦disease negative:発熱⟧` one with what is said of it; a dose
/// belongs to the drug before it.
enum SampleRecords {
    /// One record.
    private struct Sample {
        let kind: DocumentKind
        let patient: String
        let day: String
        let text: String
        var stage: Stage?
        /// Drug, reaction (by their places among the mentions), level and rule.
        var pairs: [(drug: Int, disease: Int, AdverseEventLevel, CausalRule)] = []
        /// An earlier record that it resembles, and how much.
        var alike: (document: Int64, level: Int)?
        var key: String?
    }

    /// A stage, or why there is none.
    private struct Stage {
        var t, n, m, group: String?
        var reason: NoStageReason?
        /// Axis, category, rule and words.
        var evidence: [(TNMAxis, String, String, String)] = []
        var review: [TNMAxis] = []

        init(_ t: String, _ n: String, _ m: String, _ group: String) {
            (self.t, self.n, self.m, self.group) = (t, n, m, group)
        }

        init(none reason: NoStageReason) { self.reason = reason }
    }

    private static func stage(
        _ stage: Stage, review: [TNMAxis] = [],
        _ evidence: (TNMAxis, String, String, String)...
    ) -> Stage {
        var stage = stage
        (stage.evidence, stage.review) = (evidence, review)
        return stage
    }

    private static let samples: [Sample] = [
        Sample(
            kind: .radiology, patient: "P-01", day: "2026-02-10",
            text: "所見\n右上葉に32mm大の⟦disease:腫瘤⟧を認める。⟦disease:縦隔リンパ節腫大⟧あり。⟦disease negative:胸水⟧なし。",
            stage: stage(
                Stage("T2a", "N2", "M0", "IIIA"), (.t, "T2a", "size-over-3cm", "32mm"),
                (.n, "N2", "mediastinal-nodes", "縦隔リンパ節腫大"))),
        Sample(
            kind: .radiology, patient: "P-01", day: "2026-03-20",
            text: "所見\n右上葉の⟦disease:腫瘤⟧は45mmに増大。⟦disease:肝転移⟧が多発している。",
            stage: stage(
                Stage("T2b", "N2", "M1c", "IVB"), (.t, "T2b", "size-over-4cm", "45mm"),
                (.m, "M1c", "several-metastases", "肝転移"))),
        Sample(
            kind: .radiology, patient: "P-02", day: "2026-03-05",
            text: "所見\n左下葉に⟦disease:腫瘤⟧があり、⟦disease suspicious:癌性胸膜炎⟧が疑われる。",
            stage: stage(
                Stage("T3", "N0", "M1a", "IVA"), review: [.m],
                (.m, "M1a", "pleural-dissemination", "癌性胸膜炎"))),
        Sample(
            kind: .radiology, patient: "P-03", day: "2026-03-12",
            text: "所見\n両下肺の⟦disease:間質影⟧は増悪しており、⟦disease:間質性肺炎⟧の急性増悪と考える。",
            stage: Stage(none: .inflammation)),
        Sample(
            kind: .radiology, patient: "P-04", day: "2026-01-15",
            text: "所見\n右中葉に15mmの⟦disease:結節⟧。", stage: Stage("T1b", "N0", "M0", "IA2"),
            key: "report-4"),
        Sample(
            kind: .radiology, patient: "P-04", day: "2026-01-15",
            text: "所見\n右中葉に25mmの⟦disease:結節⟧。", stage: Stage("T1c", "N0", "M0", "IA3"),
            key: "report-4"),
        Sample(
            kind: .nursing, patient: "P-01", day: "2026-03-21",
            text: "体温36.5℃、⟦disease negative:発熱⟧なし。⟦disease:食欲不振⟧あり。"),
        Sample(
            kind: .nursing, patient: "P-02", day: "2026-03-06",
            text: "⟦disease negative:発熱⟧は認めない。⟦disease:疼痛⟧に対し⟦drug given:ロキソプロフェン⟧⟦dose:60mg⟧を内服した。"
        ),
        Sample(
            kind: .nursing, patient: "P-05", day: "2026-03-07",
            text: "38.5℃の⟦disease:発熱⟧あり、クーリング施行。本人より⟦disease:悪寒⟧の訴えあり。"),
        Sample(
            kind: .nursing, patient: "P-09", day: "2026-03-08",
            text: "38.6℃の⟦disease:発熱⟧あり、クーリング施行。本人より⟦disease:悪寒⟧の訴えあり。",
            alike: (9, 5)),
        Sample(
            kind: .caseReport, patient: "P-06", day: "2026-02-01",
            text:
                "⟦drug given:ゲフィチニブ⟧⟦dose:250mg/日⟧を開始し、3週後に⟦disease:間質性肺炎⟧を発症した。⟦drug stopped:ゲフィチニブ⟧による肺障害と診断して中止し、⟦drug given:プレドニゾロン⟧⟦dose:40mg/日⟧を開始した。",
            pairs: [(0, 2, .probable, .afterStart), (3, 2, .certain, .statedCause)]),
        Sample(
            kind: .caseReport, patient: "P-07", day: "2026-03-02",
            text:
                "⟦drug given:シスプラチン⟧⟦dose:80mg/m2⟧の投与2日後に⟦disease:急性腎障害⟧を認めた。⟦drug given:フロセミド⟧⟦dose:20mg⟧は⟦disease:急性腎障害⟧と関連しないと考えた。",
            pairs: [(0, 2, .probable, .afterStart), (3, 5, .unrelated, .excluded)]),
        Sample(
            kind: .dischargeSummary, patient: "P-06", day: "2026-03-15",
            text:
                "経過\n⟦disease past:間質性肺炎⟧は改善し、⟦drug given:プレドニゾロン⟧を⟦dose:5～10mg/日⟧に漸減した。⟦drug allergy:ペニシリン⟧に薬疹の既往があり使用しない。"
        ),
        Sample(
            kind: .progressNote, patient: "P-08", day: "2026-03-18",
            text:
                "父に⟦disease family:胃癌⟧。乾性咳嗽が続き、⟦disease suspicious:間質性肺炎⟧の疑い。⟦drug given:カルボシステイン⟧⟦dose:1回2錠⟧1日3回を処方。"
        ),
    ]

    /// Standard names and codes, as a user dictionary gives them.
    private static let terms: [String: (name: String, code: String?)] = [
        "間質性肺炎": ("間質性肺炎", "J849"), "発熱": ("発熱", "R509"), "胃癌": ("胃癌", "C169"),
        "急性腎障害": ("急性腎障害", "N179"), "胸水": ("胸水貯留", "J90"), "癌性胸膜炎": ("癌性胸膜炎", "C782"),
        "肝転移": ("転移性肝癌", "C787"), "ロキソプロフェン": ("ロキソプロフェンナトリウム", nil),
        "プレドニゾロン": ("プレドニゾロン", nil), "ゲフィチニブ": ("ゲフィチニブ", nil),
        "シスプラチン": ("シスプラチン", nil),
    ]

    /// Records all samples in a new database.
    static func record(in file: URL) throws {
        let database = try ResultDatabase(file: file)
        let maker = ResultMaker(
            name: "fictional", version: "1", sha256: "0", cleaningVersion: "documents-2",
            dictionary: "none", codeVersion: "0", methods: [:])
        for (number, sample) in samples.enumerated() {
            let file = recordedFile(sample, number: number + 1)
            let last = try database.precedents(of: [file], candidateLimit: 0).lastDocument
            _ = try database.record(
                [file], after: last, maker: maker, at: Date(timeIntervalSince1970: 1_775_000_000))
        }
    }

    private static func recordedFile(_ sample: Sample, number: Int) -> RecordedFile {
        let marked = MarkedText(sample.text)
        var source = DocumentSource(format: .text)
        source.key = sample.key
        source.status = sample.key == nil ? .unknown : .final
        if marked.text.hasPrefix("所見\n") || marked.text.hasPrefix("経過\n") {
            source.sections = [
                DocumentSection(
                    code: nil, title: String(marked.text.prefix(2)),
                    range: SourceRange(start: 3, end: marked.text.unicodeScalars.count))
            ]
        }
        let document = ClinicalDocument(
            kind: sample.kind, text: marked.text, patientIdentifier: sample.patient,
            authoredAt: sample.day, source: source)
        var findings = Findings()
        findings.entities = entities(of: marked)
        findings.tnm = sample.stage.map { stage($0, in: marked) }
        findings.adverseEventPairs = sample.pairs.map { drug, disease, level, rule in
            AdverseEventPair(
                drug: drug, disease: disease, level: level, rule: rule,
                cue: findings.entities[disease].span, needsReview: false)
        }
        if let alike = sample.alike {
            findings.similarities = [
                Similarity(
                    otherDocument: alike.document, level: alike.level, score: 0.9, evidence: [:])
            ]
        }
        return RecordedFile(
            sha256: "sample \(number)", kind: sample.kind, sourceName: "\(number).txt",
            receivedAt: "\(sample.day)T03:00:00.000Z",
            documents: [RecordedDocument(document, findings)])
    }

    private static func entities(of marked: MarkedText) -> [Entity] {
        var (entities, drug) = ([Entity](), Int?.none)
        for mark in marked.marks {
            let words = mark.label.split(separator: " ").map(String.init)
            var entity = Entity(
                type: EntityType(rawValue: words[0]) ?? .disease, span: mark.span, score: 0.9)
            for word in words.dropFirst() {
                if let certainty = Certainty(rawValue: word) { entity.status.certainty = certainty }
                if let time = Temporality(rawValue: word) { entity.status.temporality = time }
                if let state = DrugState(rawValue: word) {
                    entity.status.state = state
                    if state != .given { entity.status.certainty = .negative }
                }
                if let subject = MentionSubject(rawValue: word) {
                    entity.status.subject = subject
                    entity.status.certainty = .general
                }
            }
            entity.needsReview = entity.certainty == .suspicious
            if let term = terms[mark.span.surface] {
                (entity.normalized, entity.icd10) = (term.name, term.code)
                entity.normalizedBy = .exact
            }
            if entity.type == .drug { drug = entities.count }
            if entity.type == .dose { entity.drug = drug }
            entities.append(entity)
        }
        return entities
    }

    private static func stage(_ stage: Stage, in marked: MarkedText) -> TNMStage {
        TNMStage(
            t: stage.t, n: stage.n, m: stage.m, stage: stage.group, reason: stage.reason,
            edition: "UICC-8", tScore: 0.9, nScore: 0.9, mScore: 0.9,
            evidence: stage.evidence.map { axis, category, rule, words in
                TNMEvidence(
                    axis: axis, category: category, rule: rule, span: span(of: words, in: marked))
            }, needsReview: stage.review)
    }

    /// Where words stand for the first time.
    private static func span(of words: String, in marked: MarkedText) -> TextSpan? {
        guard let range = marked.text.range(of: words) else { return nil }
        let start = marked.text[..<range.lowerBound].unicodeScalars.count
        return TextSpan(
            range: SourceRange(start: start, end: start + words.unicodeScalars.count),
            surface: words)
    }
}
