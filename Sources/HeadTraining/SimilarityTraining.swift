// SPDX-License-Identifier: Apache-2.0
package import ClinicalTasks
import ClinicalTypes
package import Corpora
package import JapaneseText

/// Fits the similarity judge to the pairs of JCSTS.
package enum SimilarityTraining {
    /// Learns from all pairs outside `fold`.
    ///
    /// Throws `HeadTrainingError`.
    package static func fit(
        rows: [BenchmarkRow], analyze: (String) -> AnalyzedText, excludingFold fold: Int? = nil,
        settings: SimilarityJudge.Settings = .init(), inversePenalty: Double = 0.04
    ) throws -> SimilarityJudge {
        let rows = rows.excluding(fold: fold)
        guard !rows.isEmpty else { throw HeadTrainingError.noRows(task: "jcsts") }
        var texts: [(SentenceProfile, SentenceProfile)] = []
        var levels: [Int] = []
        for row in rows {
            guard let first = row.firstSentence, let second = row.secondSentence,
                let answer = row.answerClass, answer < SimilarityJudge.levelCount
            else { throw HeadTrainingError.unusableRow(task: "jcsts", row: row.id) }
            texts.append((SentenceProfile(analyze(first)), SentenceProfile(analyze(second))))
            levels.append(SimilarityJudge.levelCount - 1 - answer)
        }
        let rarity = RarityTable(
            documents: texts.flatMap {
                [PairFeatures.rarityFeatures(of: $0.0), PairFeatures.rarityFeatures(of: $0.1)]
            }, buckets: settings.rarityBuckets)
        let examples = texts.map { a, b in
            PairFeatures(a, b, rarity: rarity, settings: settings).vector
        }
        var settings = settings
        settings.prior = shares(of: levels)
        var scaling = ColumnScaling(featureCount: settings.featureCount)
        let end = settings.buckets + PairFeatures.measureRoom
        scaling.standardise(settings.buckets..<end, over: examples, strength: 1)
        // The bends of a measure are trusted less than its straight line.
        for index in settings.buckets..<end
        where (index - settings.buckets) % PairFeatures.entriesPerMeasure != 0 {
            scaling.multiply(index..<(index + 1), by: 0.3)
        }
        let head = LogisticRegression(inversePenalty: inversePenalty).fit(
            examples, labels: levels, classCount: SimilarityJudge.levelCount,
            featureCount: settings.featureCount, scaling: scaling)
        return SimilarityJudge(settings: settings, rarity: rarity, head: head.roundedToHalf())
    }

    private static func shares(of levels: [Int]) -> [Double] {
        (0..<SimilarityJudge.levelCount).map { level in
            Double(levels.count { $0 == level }) / Double(levels.count)
        }
    }
}
