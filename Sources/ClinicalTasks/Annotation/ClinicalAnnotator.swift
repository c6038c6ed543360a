// SPDX-License-Identifier: Apache-2.0
package import ClinicalTypes
package import JapaneseText
package import Terminology

/// How long the parts of reading documents took.
package struct AnnotationTimes: Hashable, Sendable {
    /// Cleaning, sentences and words.
    package var text: Duration = .zero
    /// The trunk's forward pass, its tokens included.
    package var trunk: Duration = .zero
    /// Features, heads and rules.
    package var tasks: Duration = .zero

    /// No time at all.
    package init() {}
}

/// Answers every planned task for documents: the one way from a text to its findings.
package struct ClinicalAnnotator: Sendable {
    private let analyzer: TextAnalyzer
    private let reader: TrunkReader?
    private let normalizer: TermNormalizer?
    private let asker: (any DocumentAsker)?
    /// The tasks that the model can do.
    package let tasks: TaskSet

    /// An annotator; without `reader` the tasks do without the trunk's states, without `normalizer`
    /// entities get no standard names. `asker` answers what is instructed.
    package init(
        analyzer: TextAnalyzer, reader: TrunkReader?, tasks: TaskSet,
        normalizer: TermNormalizer? = nil, asker: (any DocumentAsker)? = nil
    ) {
        self.asker = asker
        self.analyzer = analyzer
        self.reader = reader
        self.tasks = tasks
        self.normalizer = normalizer
    }

    /// Analyses a text as every task sees it.
    package func analyze(_ text: String) -> AnalyzedText { analyzer.analyze(text) }

    /// The findings of each document; the same whichever documents are given together.
    ///
    /// The time that each part takes is added to `times`.
    package func findings(
        in documents: [ClinicalDocument], times: inout AnnotationTimes,
        plan: (DocumentKind) -> Set<ClinicalTask>
    ) throws -> [Findings] {
        var readings = try readings(of: documents, times: &times)
        // What its sender takes back is kept, and nothing is concluded from it.
        let asked = documents.map { $0.source.status == .withdrawn ? [] : plan($0.kind) }
        try ask(about: &readings, asked, times: &times)
        let start = ContinuousClock.now
        defer { times.tasks += ContinuousClock.now - start }
        return zip(readings, asked).map { reading, asked in
            tasks.findings(in: reading, asked: asked, normalizer: normalizer)
        }
    }

    /// Lets the model that follows instructions answer for the documents whose stage is asked for.
    private func ask(
        about readings: inout [DocumentReading], _ asked: [Set<ClinicalTask>],
        times: inout AnnotationTimes
    ) throws {
        guard let asker, tasks.instructedStage != nil else { return }
        let start = ContinuousClock.now
        let places = readings.indices.filter { asked[$0].contains(.tnm) }
        let answers = try asker.answers(about: places.map { readings[$0].text })
        for (place, answer) in zip(places, answers) { readings[place].instructed = answer }
        times.trunk += ContinuousClock.now - start
    }

    /// The findings of each document, untimed.
    package func findings(
        in documents: [ClinicalDocument], plan: (DocumentKind) -> Set<ClinicalTask>
    ) throws -> [Findings] {
        var times = AnnotationTimes()
        return try findings(in: documents, times: &times, plan: plan)
    }

    /// The documents made ready for the tasks, untimed.
    package func readings(of documents: [ClinicalDocument]) throws -> [DocumentReading] {
        var times = AnnotationTimes()
        return try readings(of: documents, times: &times)
    }

    /// The documents made ready for the tasks.
    package func readings(
        of documents: [ClinicalDocument], times: inout AnnotationTimes
    ) throws -> [DocumentReading] {
        let start = ContinuousClock.now
        let texts = documents.map { analyzer.analyze($0.text) }
        let analysed = ContinuousClock.now
        times.text += analysed - start
        guard let reader else {
            return zip(documents, texts).map { DocumentReading(document: $0, text: $1) }
        }
        let read = try reader.readings(of: texts, wordStates: tasks.usesWordStates)
        times.trunk += ContinuousClock.now - analysed
        return documents.indices.map {
            DocumentReading(
                document: documents[$0], text: texts[$0], wordStates: read[$0].wordStates,
                labelled: read[$0].labelled)
        }
    }
}
