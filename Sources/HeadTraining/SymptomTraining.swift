// SPDX-License-Identifier: Apache-2.0
package import ClinicalTasks
package import Corpora
package import JapaneseText
package import Tensors

/// Fits the symptom detector to the rows of SMDIS.
package enum SymptomTraining {
    /// Learns from all rows outside `fold`.
    ///
    /// `states` gives the trunk's word states of a text, (words, C) a sentence, where they shall be
    /// features. Throws `HeadTrainingError`, and what `states` throws.
    package static func fit(
        rows: [BenchmarkRow], analyze: (String) -> AnalyzedText, excludingFold fold: Int? = nil,
        settings: SymptomDetector.Settings = .init(), inversePenalty: Double = 30,
        states: ((AnalyzedText) throws -> [Tensor])? = nil
    ) throws -> SymptomDetector {
        let rows = rows.excluding(fold: fold)
        guard !rows.isEmpty else { throw HeadTrainingError.noRows(task: "smdis") }
        // Each message stands in up to eight rows, one a symptom.
        var messages: [String] = []
        var number: [String: Int] = [:]
        for row in rows where number[row.document] == nil {
            number[row.document] = messages.count
            messages.append(row.document)
        }
        var labels = settings.symptoms.map { _ in [Bool?](repeating: nil, count: messages.count) }
        for row in rows {
            guard let message = number[row.document], let answer = row.answerClass,
                let k = settings.symptoms.firstIndex(where: { $0.rawValue == row.tag })
            else { throw HeadTrainingError.unusableRow(task: "smdis", row: row.id) }
            labels[k][message] = answer == 0
        }
        let examples = try messages.map { message in
            let text = analyze(message)
            return SymptomDetector.features(
                of: text, states: try states?(text) ?? [], settings: settings)
        }
        var scaling = ColumnScaling(featureCount: settings.featureCount)
        scaling.weightByRarity(0..<settings.buckets, over: examples)
        if settings.stateWidth > 0 {
            scaling.standardise(
                settings.buckets..<settings.featureCount, over: examples, strength: 0.1)
        }
        let head = LogisticRegression(inversePenalty: inversePenalty, balancesClasses: true)
            .fitIndependent(
                examples, labels: labels, featureCount: settings.featureCount, scaling: scaling)
        return SymptomDetector(settings: settings, head: head.roundedToHalf())
    }
}
