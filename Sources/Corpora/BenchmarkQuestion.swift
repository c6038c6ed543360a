// SPDX-License-Identifier: Apache-2.0

/// The tasks of JMED-LLM; the raw value is the name of the official file without `.csv`.
package enum BenchmarkTask: String, CaseIterable, Codable, Sendable {
    case crade
    case rrtnm
    case smdis
    case jcsts
    case examination = "jmmlu_med"
    case caseReportDiseases = "mrner_disease"
    case caseReportDrugs = "mrner_medicine"
    case nursingEntities = "nrner"

    /// Whether the answer is one of several options.
    package var isChoice: Bool {
        switch self {
        case .crade, .rrtnm, .smdis, .jcsts, .examination: true
        case .caseReportDiseases, .caseReportDrugs, .nursingEntities: false
        }
    }
}

/// What an official question asks, taken out of its wording.
///
/// Questions read `…？` on the first line (CRADE: with the entity in 「」), then the document in 「」;
/// JCSTS gives two lines `S1: …` and `S2: …`, the examination questions the text alone.
package struct BenchmarkQuestion: Hashable, Sendable {
    /// Subtask: `disease`, `medicine`; `T`, `N`, `M`; a symptom; `d`, `m-key`, `m-val`; or empty.
    package let tag: String
    /// The document that is asked about; of two sentences, both with a newline between.
    package let document: String
    /// What kind of text it is, by the words of the question; nil where they do not say.
    package let kind: Kind?
    /// CRADE: the entity.
    package let entity: String?
    /// JCSTS: the two sentences.
    package let sentences: Pair?

    /// Two sentences to compare.
    package struct Pair: Hashable, Sendable {
        /// After `S1: `.
        package let first: String
        /// After `S2: `.
        package let second: String

        /// A pair.
        package init(first: String, second: String) {
            (self.first, self.second) = (first, second)
        }
    }

    /// The kinds of document in the benchmark.
    package enum Kind: String, Hashable, Sendable {
        case caseReport, radiologyReport, nursingRecord, message
    }

    /// Reads a question of `task`; nil if it is not worded as the task's questions are.
    package init?(task: BenchmarkTask, question: String) {
        let scalars = Array(question.unicodeScalars)
        switch task {
        case .examination: self.init(tag: "", document: question, kind: nil)
        case .jcsts:
            guard let pair = Self.pair(scalars) else { return nil }
            self.init(
                tag: "", document: pair.first + "\n" + pair.second, kind: nil, sentences: pair)
        case .crade: self.init(entityQuestion: scalars)
        case .rrtnm, .smdis, .caseReportDiseases, .caseReportDrugs, .nursingEntities:
            guard let end = scalars.firstIndex(of: "\n"),
                let document = Self.quotedRest(scalars[(end + 1)...]),
                let tag = Self.tag(task, String.of(scalars[..<end]))
            else { return nil }
            self.init(tag: tag, document: document, kind: Self.kind(String.of(scalars[..<end])))
        }
    }

    private init(
        tag: String, document: String, kind: Kind?, entity: String? = nil, sentences: Pair? = nil
    ) {
        (self.tag, self.document, self.kind) = (tag, document, kind)
        (self.entity, self.sentences) = (entity, sentences)
    }

    private init?(entityQuestion scalars: [Unicode.Scalar]) {
        guard let opening = scalars.firstIndex(of: "「"),
            let closing = Self.range("」がADE", in: scalars[...]),
            opening < closing.lowerBound,
            let end = scalars[closing.upperBound...].firstIndex(of: "\n"),
            let document = Self.quotedRest(scalars[(end + 1)...])
        else { return nil }
        let demand = String.of(scalars[closing.upperBound..<end])
        self.init(
            tag: demand.contains("引き起こし") ? "medicine" : "disease", document: document,
            kind: .caseReport, entity: String.of(scalars[(opening + 1)..<closing.lowerBound]))
    }

    /// The words inside the first 「 and the last 」; nil unless the text begins with 「.
    private static func quotedRest(_ scalars: ArraySlice<Unicode.Scalar>) -> String? {
        guard scalars.first == "「", let last = scalars.lastIndex(of: "」") else { return nil }
        return String.of(scalars[(scalars.startIndex + 1)..<last])
    }

    private static func pair(_ scalars: [Unicode.Scalar]) -> Pair? {
        guard let first = Self.range("\nS1: ", in: scalars[...]),
            let second = Self.range("\nS2: ", in: scalars[first.upperBound...])
        else { return nil }
        return Pair(
            first: String.of(scalars[first.upperBound..<second.lowerBound]),
            second: String.of(scalars[second.upperBound...]))
    }

    /// Where `mark` first stands.
    private static func range(
        _ mark: String, in scalars: ArraySlice<Unicode.Scalar>
    ) -> Range<Int>? {
        let mark = Array(mark.unicodeScalars)
        var start = scalars.startIndex
        while start + mark.count <= scalars.endIndex {
            if scalars[start..<(start + mark.count)].elementsEqual(mark) {
                return start..<(start + mark.count)
            }
            start += 1
        }
        return nil
    }

    private static func kind(_ demand: String) -> Kind? {
        let kinds: [(word: String, kind: Kind)] = [
            ("症例報告", .caseReport), ("読影レポート", .radiologyReport), ("看護記録", .nursingRecord),
            ("投稿", .message),
        ]
        return kinds.first { demand.contains($0.word) }?.kind
    }

    /// The subtask by a word that only its question has.
    private static func tag(_ task: BenchmarkTask, _ demand: String) -> String? {
        let words: [(word: String, tag: String)] =
            switch task {
            case .rrtnm: [("原発", "T"), ("リンパ節", "N"), ("遠隔", "M")]
            case .smdis:
                [
                    ("インフルエンザ", "influenza"), ("下痢", "diarrhea"), ("花粉症", "hayfever"),
                    ("咳", "cough"), ("頭痛", "headache"), ("鼻水", "runnynose"), ("風邪", "cold"),
                    ("熱", "fever"),
                ]
            default: [("薬品名", "m-key"), ("値は", "m-val"), ("所見", "d")]
            }
        return words.first { demand.contains($0.word) }?.tag
    }
}

extension String {
    /// A string of the given scalars.
    fileprivate static func of(_ scalars: some Sequence<Unicode.Scalar>) -> String {
        var view = UnicodeScalarView()
        view.append(contentsOf: scalars)
        return String(view)
    }
}
