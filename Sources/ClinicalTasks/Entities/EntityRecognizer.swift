// SPDX-License-Identifier: Apache-2.0
package import ClinicalTypes
import Foundation
import JSONFiles
import JapaneseText
package import LinearHeads
import Tensors

/// Finds the diseases and symptoms that a patient has, the drugs, and their doses.
///
/// Two linear chains over the words of a sentence: one for diseases, one for drugs and doses. They
/// are fitted to entities of certainty `positive` only, so what is denied, suspected or general is
/// not returned. A tagger can have a share in the probabilities.
package struct EntityRecognizer: TaskModel {
    package static let taskName = "entities"
    /// The labels of the first chain.
    package static let diseaseLabels = EntityLabels([.disease])
    /// The labels of the second chain.
    package static let medicationLabels = EntityLabels([.drug, .dose])
    /// Most words of an entity that is looked for by force.
    static let longestForced = 15

    /// What the chains see.
    package let features: EntityFeatures
    private let disease: LinearChainHead
    private let medication: LinearChainHead
    /// Trunk states are multiplied by this before they enter.
    private let stateScale: Float
    /// A run of words is an entity of a type if its probability is at least this.
    package var thresholds: [EntityType: Double]
    /// The trunk's own tagger, which has a share in the probabilities; nil for the chains alone.
    package var tagger: TaggerShare?

    /// Thresholds where nothing else is said: below one half, because a row's F1 gains more from an
    /// entity found than it loses by one too many.
    package static let usualThresholds: [EntityType: Double] = [
        .disease: 0.35, .drug: 0.35, .dose: 0.35,
    ]

    /// A recognizer of fitted chains.
    package init(
        features: EntityFeatures, disease: LinearChainHead, medication: LinearChainHead,
        stateScale: Float = 1,
        thresholds: [EntityType: Double] = EntityRecognizer.usualThresholds
    ) {
        precondition(disease.labels == EntityRecognizer.diseaseLabels.names)
        precondition(medication.labels == EntityRecognizer.medicationLabels.names)
        self.features = features
        self.disease = disease
        self.medication = medication
        self.stateScale = stateScale
        self.thresholds = thresholds
    }

    /// Number of trunk states a word that the chains want; zero if they use none.
    package var stateWidth: Int { disease.denseWeights.rows }

    /// The entities of a document in the order of their places.
    ///
    /// The reading must bring word states where `stateWidth` is not zero, and labelled tokens where a
    /// tagger has a share.
    package func entities(in reading: DocumentReading) -> [Entity] {
        var result: [Entity] = []
        let tagged = taggerRuns(in: reading)
        for index in reading.text.sentences.indices {
            let sentence = TaggedSentence(reading, index, recognizer: self, tagged?[index])
            result += sentence.bestEntities(disease, EntityRecognizer.diseaseLabels)
            result += sentence.bestEntities(medication, EntityRecognizer.medicationLabels)
        }
        return result.sorted { $0.span.range < $1.span.range }
    }

    /// The entities of one type, and where there are none the most probable run of words instead.
    ///
    /// For benchmarks, whose questions have at least one answer; a live document may have none.
    /// Empty only for a text without words.
    package func forcedEntities(in reading: DocumentReading, type: EntityType) -> [Entity] {
        let found = entities(in: reading).filter { $0.type == type }
        guard found.isEmpty else { return found }
        var best: Entity?
        let (head, labels) =
            type == .disease
            ? (disease, EntityRecognizer.diseaseLabels)
            : (medication, EntityRecognizer.medicationLabels)
        let tagged = taggerRuns(in: reading)
        for index in reading.text.sentences.indices {
            let sentence = TaggedSentence(reading, index, recognizer: self, tagged?[index])
            guard let candidate = sentence.likeliest(type, head, labels) else { continue }
            if candidate.score > (best?.score ?? -1) { best = candidate }
        }
        return best.map { [$0] } ?? []
    }

    /// What the tagger says of each sentence; nil where none has a share.
    private func taggerRuns(in reading: DocumentReading) -> [TaggerRuns]? {
        guard let tagger else { return nil }
        guard let labelled = reading.labelled else {
            preconditionFailure("a recognizer with a tagger must be given labelled tokens")
        }
        return tagger.runs(in: reading.text, labelled)
    }

    /// The trunk's states of a sentence as the chains want them.
    private func states(_ reading: DocumentReading, _ index: Int) -> Tensor {
        guard let states = reading.wordStates, states.indices.contains(index) else {
            preconditionFailure("a recognizer fitted with word states must be given them")
        }
        var scaled = states[index]
        for place in scaled.values.indices { scaled.values[place] *= stateScale }
        return scaled
    }

    /// One sentence with its features, tagged by either chain.
    private struct TaggedSentence {
        let text: AnalyzedText
        let words: SentenceWords
        let hashes: [[UInt32]]
        let states: Tensor?
        let terms: TermTable?
        let thresholds: [EntityType: Double]
        /// Words that stand for personal information, which no entity may hold.
        let placeholders: Set<Int>
        /// What the tagger says, and what that counts; nil without one.
        let tagger: (runs: TaggerRuns, weight: Double)?

        init(
            _ reading: DocumentReading, _ index: Int, recognizer: EntityRecognizer,
            _ tagged: TaggerRuns?
        ) {
            tagger = tagged.flatMap { runs in recognizer.tagger.map { (runs, $0.weight) } }
            let sentence = reading.text.sentences[index]
            text = reading.text
            words = SentenceWords(sentence)
            hashes = recognizer.features.hashes(
                of: sentence, in: reading.text, kind: reading.document.kind)
            terms = recognizer.features.tables.terms[.disease]
            thresholds = recognizer.thresholds
            placeholders = Set(
                sentence.morphemes.indices.filter {
                    reading.text.cleaned.holdsPlaceholder(in: sentence.morphemes[$0].range)
                })
            states = recognizer.stateWidth > 0 ? recognizer.states(reading, index) : nil
        }

        func bestEntities(_ head: LinearChainHead, _ labels: EntityLabels) -> [Entity] {
            guard words.count > 0 else { return [] }
            let chain = chain(head, labels)
            guard let tagger else {
                return chain.runs(of: labels.types, thresholds: thresholds).compactMap(entity)
            }
            return MixedRuns(first: chain, second: tagger.runs, weight: tagger.weight)
                .runs(of: labels.types, thresholds: thresholds).compactMap { run in
                    var found = entity(run)
                    found?.part = part(of: run, chain, tagger.runs)
                    return found
                }
        }

        private func chain(_ head: LinearChainHead, _ labels: EntityLabels) -> ChainRuns {
            ChainRuns(
                chain: head.chain(head.emissions(words: hashes, states: states)), labels: labels)
        }

        /// Which part would find a run without the other; where neither would, that which is surer of it.
        private func part(
            of run: EntityRun, _ chain: ChainRuns, _ tagger: TaggerRuns
        ) -> ModelPart {
            let (heads, tagged) = (
                chain.probability(of: run.words, as: run.type),
                tagger.probability(of: run.words, as: run.type)
            )
            if min(heads, tagged) >= thresholds[run.type] ?? 1 { return .both }
            return heads >= tagged ? .heads : .tagger
        }

        private func entity(_ run: EntityRun) -> Entity? {
            run.words.contains(where: placeholders.contains)
                ? nil : entity(run.type, run.words, score: run.score)
        }

        func likeliest(
            _ type: EntityType, _ head: LinearChainHead, _ labels: EntityLabels
        ) -> Entity? {
            guard words.count > 0 else { return nil }
            let chain = chain(head, labels)
            guard let tagger else { return likeliest(type, in: chain) }
            return likeliest(
                type, in: MixedRuns(first: chain, second: tagger.runs, weight: tagger.weight))
        }

        private func likeliest(_ type: EntityType, in runs: some RunProbabilities) -> Entity? {
            var best: (words: Range<Int>, score: Double)?
            for start in 0..<words.count {
                for end in start + 1...min(words.count, start + longestForced) {
                    if placeholders.contains(end - 1) { break }
                    let score = runs.probability(of: start..<end, as: type)
                    if score > (best?.score ?? -1) { best = (start..<end, score) }
                }
            }
            return best.flatMap { entity(type, $0.words, score: $0.score) }
        }

        private func entity(_ type: EntityType, _ run: Range<Int>, score: Double) -> Entity? {
            guard let span = text.textSpan(of: words.range(of: run)).trimmed else { return nil }
            return Entity(
                type: type, span: span,
                icd10: type == .disease ? terms?.code(of: run, in: words) : nil,
                score: min(max(score, 0), 1))
        }
    }
}

// MARK: - Storage

extension EntityRecognizer {
    /// What is stored beside the tensors.
    private struct Settings: Codable {
        var featureVersion: Int
        var diseaseLabels: [String]
        var medicationLabels: [String]
        var stateScale: Float
        /// By type; the usual ones where a bundle was made without.
        var thresholds: [String: Double]?
        var dictionaries: [EntityType]
        var gazetteers: [EntityType]
        /// The trunk's own tagger, where it has a share.
        var tagger: Tagger?

        struct Tagger: Codable {
            var weight: Double
            var labels: LabelMap
        }
    }

    package init(parameters: TaskParameters) throws {
        let task = EntityRecognizer.taskName
        func wrong(_ field: String) -> TaskParameterError { .settings(task: task, field: field) }
        guard let settings = try? JSONDecoder().decode(Settings.self, from: parameters.settings)
        else { throw wrong("settings") }
        guard settings.featureVersion == EntityFeatures.version else {
            throw wrong("featureVersion")
        }
        guard settings.diseaseLabels == EntityRecognizer.diseaseLabels.names else {
            throw wrong("diseaseLabels")
        }
        guard settings.medicationLabels == EntityRecognizer.medicationLabels.names else {
            throw wrong("medicationLabels")
        }
        var thresholds: [EntityType: Double] = [:]
        for type in EntityType.allCases {
            let stored =
                settings.thresholds.map { $0[type.rawValue] }
                ?? EntityRecognizer.usualThresholds[type]
            guard let threshold = stored, threshold > 0, threshold < 1
            else { throw wrong("thresholds") }
            thresholds[type] = threshold
        }
        var tables = EntityTables()
        for type in settings.dictionaries {
            tables.terms[type] = try TermTable(
                tensors: parameters.tensors, prefix: "terms.\(type.rawValue).", task: task)
        }
        for type in settings.gazetteers {
            tables.gazetteers[type] = try Gazetteer(
                tensors: parameters.tensors, prefix: "gazetteer.\(type.rawValue).", task: task)
        }
        let disease = try LinearChainHead(
            labels: settings.diseaseLabels, tensors: parameters.tensors, prefix: "disease.",
            task: task)
        let medication = try LinearChainHead(
            labels: settings.medicationLabels, tensors: parameters.tensors, prefix: "medication.",
            task: task)
        guard disease.denseWeights.rows == medication.denseWeights.rows else {
            throw wrong("stateWidth")
        }
        self.init(
            features: EntityFeatures(tables: tables), disease: disease, medication: medication,
            stateScale: settings.stateScale, thresholds: thresholds)
        tagger = try settings.tagger.map {
            try TaggerShare(weight: $0.weight, labels: $0.labels)
        }
    }

    package func parameters() throws -> TaskParameters {
        let tables = features.tables
        let settings = Settings(
            featureVersion: EntityFeatures.version, diseaseLabels: disease.labels,
            medicationLabels: medication.labels, stateScale: stateScale,
            thresholds: Dictionary(
                uniqueKeysWithValues: thresholds.map { ($0.key.rawValue, $0.value) }),
            dictionaries: EntityType.allCases.filter { tables.terms[$0] != nil },
            gazetteers: EntityType.allCases.filter { tables.gazetteers[$0] != nil },
            tagger: tagger.map { .init(weight: $0.weight, labels: $0.labels) })
        var tensors = disease.tensors(prefix: "disease.")
        tensors.merge(medication.tensors(prefix: "medication.")) { _, new in new }
        for (type, table) in tables.terms {
            tensors.merge(table.tensors(prefix: "terms.\(type.rawValue).")) { _, new in new }
        }
        for (type, gazetteer) in tables.gazetteers {
            tensors.merge(gazetteer.tensors(prefix: "gazetteer.\(type.rawValue).")) { _, new in new
            }
        }
        return TaskParameters(settings: try JSONEncoder.sorted().encode(settings), tensors: tensors)
    }
}
