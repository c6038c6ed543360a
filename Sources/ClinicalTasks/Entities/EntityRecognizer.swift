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
/// not returned.
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
    /// The reading must bring word states where `stateWidth` is not zero.
    package func entities(in reading: DocumentReading) -> [Entity] {
        var result: [Entity] = []
        for index in reading.text.sentences.indices {
            let sentence = TaggedSentence(reading, index, recognizer: self)
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
        for index in reading.text.sentences.indices {
            let sentence = TaggedSentence(reading, index, recognizer: self)
            guard let candidate = sentence.likeliest(type, head, labels) else { continue }
            if candidate.score > (best?.score ?? -1) { best = candidate }
        }
        return best.map { [$0] } ?? []
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

        init(_ reading: DocumentReading, _ index: Int, recognizer: EntityRecognizer) {
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
            let chain = head.chain(head.emissions(words: hashes, states: states))
            return labels.runs(in: chain, thresholds: thresholds).compactMap { run in
                run.words.contains(where: placeholders.contains)
                    ? nil : entity(run.type, run.words, score: run.score)
            }
        }

        func likeliest(
            _ type: EntityType, _ head: LinearChainHead, _ labels: EntityLabels
        ) -> Entity? {
            guard words.count > 0 else { return nil }
            let chain = head.chain(head.emissions(words: hashes, states: states))
            var best: (words: Range<Int>, score: Double)?
            for start in 0..<words.count {
                for end in start + 1...min(words.count, start + longestForced) {
                    if placeholders.contains(end - 1) { break }
                    let score = labels.probability(of: start..<end, as: type, in: chain)
                    if score > (best?.score ?? -1) { best = (start..<end, score) }
                }
            }
            return best.flatMap { entity(type, $0.words, score: $0.score) }
        }

        private func entity(_ type: EntityType, _ run: Range<Int>, score: Double) -> Entity? {
            guard let span = text.textSpan(of: words.range(of: run)).trimmed else { return nil }
            return Entity(
                type: type, span: span,
                icd10: type == .disease ? terms?.icd10(of: run, in: words) : nil,
                score: min(max(score, 0), 1))
        }
    }
}

extension EntityLabels {
    /// The runs of words whose probability reaches the threshold of their type, from left to right;
    /// of overlapping ones the likeliest.
    ///
    /// Runs above one half cannot overlap, and the likeliest path need not hold them all.
    func runs(
        in chain: LabelChain, thresholds: [EntityType: Double]
    ) -> [(type: EntityType, words: Range<Int>, score: Double)] {
        var candidates: [(type: EntityType, words: Range<Int>, score: Double)] = []
        for type in types {
            guard let begin = begin(type), let threshold = thresholds[type] else { continue }
            for start in 0..<chain.wordCount
            where chain.marginal(word: start, label: begin) >= threshold {
                candidates += runs(of: type, from: start, in: chain, threshold: threshold)
            }
        }
        candidates.sort { ($1.score, $0.words.lowerBound) < ($0.score, $1.words.lowerBound) }
        var kept: [(type: EntityType, words: Range<Int>, score: Double)] = []
        for candidate in candidates
        where !kept.contains(where: { $0.words.overlaps(candidate.words) }) {
            kept.append(candidate)
        }
        return kept.sorted { $0.words.lowerBound < $1.words.lowerBound }
    }

    private func runs(
        of type: EntityType, from start: Int, in chain: LabelChain, threshold: Double
    ) -> [(type: EntityType, words: Range<Int>, score: Double)] {
        guard let begin = begin(type) else { return [] }
        var runs: [(type: EntityType, words: Range<Int>, score: Double)] = []
        var labels = [begin]
        var reaching = chain.probability(of: labels, from: start)
        while reaching >= threshold {
            let words = start..<start + labels.count
            labels.append(begin + 1)
            let further =
                words.upperBound < chain.wordCount
                ? chain.probability(of: labels, from: start) : 0
            if reaching - further >= threshold { runs.append((type, words, reaching - further)) }
            reaching = further
        }
        return runs
    }

    /// Probability that exactly these words, not one more, are an entity of a type.
    func probability(of words: Range<Int>, as type: EntityType, in chain: LabelChain) -> Double {
        guard let begin = begin(type) else { return 0 }
        var labels = [Int](repeating: begin + 1, count: words.count)
        labels[0] = begin
        let reaching = chain.probability(of: labels, from: words.lowerBound)
        guard words.upperBound < chain.wordCount else { return reaching }
        return reaching - chain.probability(of: labels + [begin + 1], from: words.lowerBound)
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
    }

    package func parameters() throws -> TaskParameters {
        let tables = features.tables
        let settings = Settings(
            featureVersion: EntityFeatures.version, diseaseLabels: disease.labels,
            medicationLabels: medication.labels, stateScale: stateScale,
            thresholds: Dictionary(
                uniqueKeysWithValues: thresholds.map { ($0.key.rawValue, $0.value) }),
            dictionaries: EntityType.allCases.filter { tables.terms[$0] != nil },
            gazetteers: EntityType.allCases.filter { tables.gazetteers[$0] != nil })
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
