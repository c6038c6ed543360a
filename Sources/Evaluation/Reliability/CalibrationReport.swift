// SPDX-License-Identifier: Apache-2.0
package import ClinicalTasks
package import ClinicalTypes
package import HeadTraining
package import LinearHeads

/// Maps of scores fitted to held-out answers, and what they are worth on folds that they had not seen.
package struct CalibrationReport: Sendable, Encodable {
    /// One map.
    package struct Row: Sendable, Encodable {
        /// The task that was asked.
        package let task: String
        /// Type of the mentions, or a level; `all` for all levels together, each under its map.
        package let type: String
        /// How the map was fitted; nil for several.
        package let kind: ScoreMapFit.Kind?
        /// The map that all answers give; nil for several.
        package let map: ScoreMap?
        /// The scores as the model gives them.
        package let before: Reliability
        /// The probabilities of maps that had not seen the answer's fold.
        package let after: Reliability
        /// Below which probability mentions are for review; nil where no part of them has the precision.
        package let review: ReviewThreshold?
    }

    /// The maps in the order of tasks and types.
    package let rows: [Row]

    /// Maps for the tasks whose scores are written, and thresholds for mentions of which a part is to be right.
    ///
    /// Levels have a map each, since a score of one says another thing than the same score of another. Throws
    /// `CalibrationError`.
    package init(
        _ answers: [HeldOutAnswer], precision: [EntityType: Double],
        bins: Int = Reliability.usualBins
    ) throws(CalibrationError) {
        var rows: [Row] = []
        var pooled: [String: (before: [HeldOutAnswer], after: [HeldOutAnswer])] = [:]
        var groups: [Name: [HeldOutAnswer]] = [:]
        for answer in answers {
            if let name = Self.name(of: answer) { groups[name, default: []].append(answer) }
        }
        for (name, own) in groups.sorted(by: { $0.key < $1.key }) {
            guard let fitting = CrossFitting(own) else {
                throw .noMap(task: name.task, type: name.type)
            }
            let mapped = fitting.mapped.flatMap { $0 }
            if name.task != Self.entities {
                pooled[name.task, default: ([], [])].before += own
                pooled[name.task, default: ([], [])].after += mapped
            }
            let wanted = EntityType(rawValue: name.type).flatMap { precision[$0] }
            rows.append(
                Row(
                    task: name.task, type: name.type, kind: fitting.kind, map: fitting.map,
                    before: Reliability(own, bins: bins),
                    after: Reliability(mapped, bins: bins),
                    review: wanted.flatMap { ReviewThreshold(fitting.mapped, precision: $0) }))
        }
        guard !rows.isEmpty else { throw .nothingToCalibrate }
        for (task, levels) in [
            (Self.adverseEvents, AdverseEventLevel.allCases.count),
            (Self.similarity, SimilarityJudge.levelCount),
        ] {
            guard let pooled = pooled[task] else { continue }
            for level in 0..<levels
            where !rows.contains(where: { $0.task == task && $0.type == "\(level)" }) {
                throw .noMap(task: task, type: "\(level)")
            }
            rows.append(
                Row(
                    task: task, type: "all", kind: nil, map: nil,
                    before: Reliability(pooled.before, bins: bins),
                    after: Reliability(pooled.after, bins: bins), review: nil))
        }
        self.rows = rows
    }

    private struct Name: Hashable, Comparable {
        let task: String
        let type: String

        static func < (left: Name, right: Name) -> Bool {
            (left.task, left.type) < (right.task, right.type)
        }
    }

    private static let (entities, adverseEvents, similarity) = ("entities", "crade", "jcsts")

    /// The map that an answer is for; nil for tasks whose scores are written nowhere.
    private static func name(of answer: HeldOutAnswer) -> Name? {
        switch answer.task {
        case entities:
            EntityType(rawValue: answer.type).map { Name(task: entities, type: $0.rawValue) }
        case adverseEvents, similarity: Name(task: answer.task, type: answer.type)
        default: nil
        }
    }

    /// What a bundle stores of it.
    package var calibration: ScoreCalibration {
        // In the order of levels, which have one digit.
        func maps(_ task: String) -> [ScoreMap]? {
            let maps = rows.filter { $0.task == task }.compactMap(\.map)
            return maps.isEmpty ? nil : maps
        }
        var mentions: [EntityType: ScoreCalibration.Mentions] = [:]
        for row in rows where row.task == Self.entities {
            guard let type = EntityType(rawValue: row.type), let map = row.map else { continue }
            mentions[type] = .init(
                map: map, reviewBelow: row.review?.below, precision: row.review?.precision)
        }
        return ScoreCalibration(
            mentions: mentions, adverseEvents: maps(Self.adverseEvents),
            similarity: maps(Self.similarity))
    }
}

/// Why scores cannot be calibrated.
package enum CalibrationError: Error, Equatable {
    /// The answers are about too few documents, or right answers have no higher scores.
    case noMap(task: String, type: String)
    /// No answer is of a task whose scores are written.
    case nothingToCalibrate
}
