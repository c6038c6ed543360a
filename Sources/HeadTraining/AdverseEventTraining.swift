// SPDX-License-Identifier: Apache-2.0
package import ClinicalTasks
package import ClinicalTypes
package import Corpora
package import JapaneseText
import LinearHeads
package import Tensors

/// Fits the adverse-event grader to the rows of CRADE.
package enum AdverseEventTraining {
    /// Learns from all rows outside `fold`.
    ///
    /// `states` gives the trunk's word states of a text, (words, C) a sentence, where they shall be
    /// features. Throws `HeadTrainingError`, and what `states` throws.
    package static func fit(
        rows: [BenchmarkRow], analyze: (String) -> AnalyzedText, excludingFold fold: Int? = nil,
        settings: AdverseEventGrader.Settings = .init(), inversePenalty: Double = 0.06,
        states: ((AnalyzedText) throws -> [Tensor])? = nil
    ) throws -> AdverseEventGrader {
        let rows = rows.excluding(fold: fold)
        guard !rows.isEmpty else { throw HeadTrainingError.noRows(task: "crade") }
        var reports: [String: AdverseEventFeatures.Report] = [:]
        var examples: [SparseVector] = []
        var levels: [Int] = []
        for row in rows {
            guard let entity = row.entity, let role = row.adverseEventRole,
                let level = row.answerClass, AdverseEventLevel(rawValue: level) != nil
            else { throw HeadTrainingError.unusableRow(task: "crade", row: row.id) }
            let report: AdverseEventFeatures.Report
            if let known = reports[row.document] {
                report = known
            } else {
                let text = analyze(row.document)
                report = AdverseEventFeatures.Report(text, states: try states?(text) ?? [])
            }
            reports[row.document] = report
            examples.append(
                AdverseEventFeatures(
                    surface: entity, occurrences: report.occurrences(of: entity), report: report,
                    role: role, settings: settings
                ).vector)
            levels.append(level)
        }
        var settings = settings
        let classCount = AdverseEventLevel.allCases.count
        settings.prior = (0..<classCount).map { level in
            Double(levels.count { $0 == level }) / Double(levels.count)
        }
        var scaling = ColumnScaling(featureCount: settings.featureCount)
        scaling.weightByRarity(0..<settings.buckets, over: examples)
        let end = settings.buckets + AdverseEventFeatures.measureRoom
        scaling.standardise(
            settings.buckets..<end, over: examples, strength: 0.3)
        if settings.stateWidth > 0 {
            scaling.standardise(end..<settings.featureCount, over: examples, strength: 0.05)
        }
        let head = LogisticRegression(inversePenalty: inversePenalty).fit(
            examples, labels: levels, classCount: classCount, featureCount: settings.featureCount,
            scaling: scaling)
        return AdverseEventGrader(settings: settings, head: head.roundedToHalf())
    }
}

extension BenchmarkRow {
    /// CRADE: which part the entity plays; nil for other tags.
    package var adverseEventRole: AdverseEventRole? {
        switch tag {
        case "disease": .disease
        case "medicine": .drug
        default: nil
        }
    }
}
