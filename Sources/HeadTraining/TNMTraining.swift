// SPDX-License-Identifier: Apache-2.0
package import ClinicalTasks
import ClinicalTypes
package import Corpora
package import JapaneseText
import LinearHeads

/// Fits the learned second opinion on TNM.
package enum TNMTraining {
    /// Weight of a generated report beside a real one's 1.
    static let generatedWeight = 0.1
    /// Number of generated reports.
    static let generatedCount = 2500
    /// Penalty of the logistic regression (C).
    static let inversePenalty = 1.0

    /// Fits on the `rrtnm` rows (all but those of `excludingFold`) and on generated reports.
    ///
    /// Rows of other tasks are passed over. Throws `TNMTrainingError` for a row whose tag or answer
    /// is no category.
    package static func fit(
        rows: [BenchmarkRow], analyze: (String) -> AnalyzedText, excludingFold: Int? = nil,
        seed: UInt64 = 20
    ) throws(TNMTrainingError) -> TNMClassifier {
        var examples: [TNMAxis: Examples] = [:]
        for row in rows where row.task == "rrtnm" && row.fold != excludingFold {
            guard let axis = TNMAxis(rawValue: row.tag) else { throw .unknownTag(row: row.id) }
            guard let label = label(of: row, axis: axis) else { throw .unknownAnswer(row: row.id) }
            let vector = TNMClassifier.features(of: analyze(row.document).cleaned)
            examples[axis, default: Examples()].add(vector, label, weight: 1)
        }
        var generator = TNMReportGenerator(seed: seed)
        for _ in 0..<generatedCount {
            let report = generator.next()
            let vector = TNMClassifier.features(of: analyze(report.text).cleaned)
            for (axis, label) in [(TNMAxis.t, report.t), (.n, report.n), (.m, report.m)] {
                examples[axis, default: Examples()].add(vector, label, weight: generatedWeight)
            }
        }
        return TNMClassifier(
            t: head(.t, examples), n: head(.n, examples), m: head(.m, examples))
    }

    private struct Examples {
        var vectors: [SparseVector] = []
        var labels: [Int] = []
        var weights: [Double] = []

        mutating func add(_ vector: SparseVector, _ label: Int, weight: Double) {
            vectors.append(vector)
            labels.append(label)
            weights.append(weight)
        }
    }

    private static func head(_ axis: TNMAxis, _ examples: [TNMAxis: Examples]) -> LinearHead {
        let own = examples[axis] ?? Examples()
        let regression = LogisticRegression(
            inversePenalty: inversePenalty, balancesClasses: true)
        return regression.fit(
            own.vectors, labels: own.labels, classCount: TNMClassifier.classCount(of: axis),
            featureCount: TNMFeatures.bucketCount, weights: own.weights)
    }

    private static func label(of row: BenchmarkRow, axis: TNMAxis) -> Int? {
        guard case .letter(let letter) = row.answer, let value = letter.unicodeScalars.first?.value
        else { return nil }
        let label = Int(value) - 0x41
        return (0..<TNMClassifier.classCount(of: axis)).contains(label) ? label : nil
    }
}

/// A row that is not a TNM question.
package enum TNMTrainingError: Error, Equatable {
    case unknownTag(row: String)
    case unknownAnswer(row: String)
}
