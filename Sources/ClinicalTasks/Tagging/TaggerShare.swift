// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import JapaneseText
package import LanguageModel
package import LinearHeads
import Tensors

/// A tagger that counts together with a recognizer's chains: for each run of words the probability that
/// exactly these are an entity is the weighted mean of what both say.
package struct TaggerShare: Sendable {
    /// What the tagger's probabilities count, above 0 and at most 1; the chains' count the rest.
    package let weight: Double
    /// What its labels mean; those of entities are in pairs of begin and inside (IOB2).
    package let labels: LabelMap
    private let names: TokenLabels
    /// Of each type, the labels that begin one, with the label that goes on with it.
    private let pairs: [EntityType: [(begin: Int, inside: Int)]]
    private var transitions: LabelTransitions

    /// A share of a tagger; `transitions` say how well its labels follow each other, all alike where the
    /// model does not say.
    ///
    /// Of its labels those for entities that the patient has count, as the chains know only these. Throws
    /// `TaskParameterError` naming the field that does not fit.
    package init(
        weight: Double, labels: LabelMap, transitions: LabelTransitions? = nil
    ) throws(TaskParameterError) {
        func wrong(_ field: String) -> TaskParameterError {
            .settings(task: EntityRecognizer.taskName, field: "tagger." + field)
        }
        guard weight > 0, weight <= 1 else { throw wrong("weight") }
        (self.weight, self.labels) = (weight, labels)
        let names = TokenLabels(labels.names)
        var pairs: [EntityType: [(begin: Int, inside: Int)]] = [:]
        for (index, name) in names.classes.enumerated() {
            guard let meaning = labels.meanings[name].flatMap({ LabelMeaning($0) }) else {
                throw wrong("labels.meanings.\(name)")
            }
            guard case .entity(let type, .positive) = meaning else { continue }
            func label(_ place: TokenLabels.Place) -> Int? {
                names.names.indices.first {
                    names.classOfLabel[$0] == index && names.places[$0] == place
                }
            }
            guard let begin = label(.begin), let inside = label(.inside), label(.end) == nil,
                label(.single) == nil
            else { throw wrong("labels.names") }
            pairs[type, default: []].append((begin, inside))
        }
        guard !pairs.isEmpty else { throw wrong("labels.meanings") }
        (self.names, self.pairs) = (names, pairs)
        self.transitions = transitions ?? LabelTransitions(even: labels.names.count)
    }

    /// The same share with how well the labels follow each other.
    package func following(_ transitions: LabelTransitions?) -> TaggerShare {
        var share = self
        if let transitions { share.transitions = transitions }
        return share
    }

    /// The runs of words of each sentence of a text whose tokens the tagger has labelled.
    func runs(in text: AnalyzedText, _ labelled: LabelledTokens) -> [TaggerRuns] {
        let units = TokenUnit.sentences(of: labelled.tokens, in: text, pieces: labels.pieces)
        var bySentence = [[TokenUnit]](repeating: [], count: text.sentences.count)
        for sentence in units {
            guard let first = sentence.first else { continue }
            bySentence[first.sentence] = sentence
        }
        var chain = LabelChain(transitions, of: names)
        return zip(text.sentences, bySentence).map { sentence, units in
            chain.run(
                emissions: units.flatMap { labelled.logits.logProbabilities(ofRow: $0.row) }
                    .map { Float($0) })
            return TaggerRuns(
                chain: chain, pairs: pairs,
                units: TaggerRuns.units(units, of: sentence.morphemes.map(\.range)))
        }
    }
}

/// The runs of words of one sentence by a tagger, which sees tokens.
struct TaggerRuns: RunProbabilities {
    fileprivate let chain: LabelChain
    fileprivate let pairs: [EntityType: [(begin: Int, inside: Int)]]
    /// The units that begin in each word; a word may have none.
    fileprivate let units: [Range<Int>]

    var wordCount: Int { units.count }

    func reaching(_ words: Range<Int>, as type: EntityType) -> Double {
        let tokens = units[words.lowerBound].lowerBound..<units[words.upperBound - 1].upperBound
        // A run begins with a word that the tagger sees.
        guard !units[words.lowerBound].isEmpty, let pairs = pairs[type] else { return 0 }
        return pairs.reduce(0) { sum, pair in
            var path = [Int](repeating: pair.inside, count: tokens.count)
            path[0] = pair.begin
            return sum + chain.probability(of: path, from: tokens.lowerBound)
        }
    }

    /// The units that begin in each of some words, in order.
    fileprivate static func units(_ units: [TokenUnit], of words: [CleanedRange]) -> [Range<Int>] {
        var next = 0
        return words.map { word in
            let first = next
            while next < units.count, units[next].range.start < word.end { next += 1 }
            return first..<next
        }
    }
}
