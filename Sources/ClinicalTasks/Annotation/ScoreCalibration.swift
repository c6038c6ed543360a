// SPDX-License-Identifier: Apache-2.0
package import ClinicalTypes
package import Foundation
package import LinearHeads

/// What makes probabilities of a model's scores, and from which score on nobody needs to look.
///
/// It was fitted to answers about documents that models of the same kind had not seen. Which answers are given,
/// and their order by score, do not depend on it.
package struct ScoreCalibration: Codable, Hashable, Sendable {
    /// Name of the field of a bundle's manifest that holds it.
    package static let fieldName = "calibration"
    /// Version that this program reads.
    package static let currentVersion = 1

    /// A type of mention.
    package struct Mentions: Codable, Hashable, Sendable {
        /// From the model's score to a probability.
        package var map: ScoreMap
        /// A mention below this probability is for a person to look at; nil for none.
        package var reviewBelow: Double?
        /// The part of mentions not below it that was right on unseen documents.
        package var precision: Double?

        /// Scores of a type.
        package init(map: ScoreMap, reviewBelow: Double? = nil, precision: Double? = nil) {
            (self.map, self.reviewBelow, self.precision) = (map, reviewBelow, precision)
        }
    }

    /// Version of its form.
    package var version = currentVersion
    /// By the raw value of the type.
    private var mentions: [String: Mentions]
    /// A map for each level of adverse events; nil for scores as the head gives them.
    package var adverseEvents: [ScoreMap]?
    /// A map for each level of similarity; nil for scores as the head gives them.
    package var similarity: [ScoreMap]?

    /// A calibration.
    package init(
        mentions: [EntityType: Mentions] = [:], adverseEvents: [ScoreMap]? = nil,
        similarity: [ScoreMap]? = nil
    ) {
        self.mentions = Dictionary(
            uniqueKeysWithValues: mentions.map { ($0.key.rawValue, $0.value) })
        (self.adverseEvents, self.similarity) = (adverseEvents, similarity)
    }

    /// Mentions of a type; nil where their scores stay.
    package subscript(type: EntityType) -> Mentions? { mentions[type.rawValue] }

    /// Reads what a bundle stores; throws `TaskParameterError` naming the field that does not fit.
    package init(stored: Data) throws(TaskParameterError) {
        func wrong(_ field: String) -> TaskParameterError {
            .settings(task: Self.fieldName, field: field)
        }
        struct Form: Decodable { let version: Int }
        guard let form = try? JSONDecoder().decode(Form.self, from: stored),
            form.version == Self.currentVersion
        else { throw wrong("version") }
        do {
            self = try JSONDecoder().decode(Self.self, from: stored)
        } catch let error as DecodingError {
            throw wrong(Self.field(of: error))
        } catch {
            throw wrong("")
        }
        for (task, maps, levels) in [
            ("adverseEvents", adverseEvents, AdverseEventLevel.allCases.count),
            ("similarity", similarity, SimilarityJudge.levelCount),
        ] where maps != nil && maps?.count != levels { throw wrong(task) }
        for (type, scores) in mentions {
            guard EntityType(rawValue: type) != nil else { throw wrong("mentions.\(type)") }
            for value in [scores.reviewBelow, scores.precision].compactMap(\.self) {
                guard (0...1).contains(value) else { throw wrong("mentions.\(type)") }
            }
        }
    }

    private static func field(of error: DecodingError) -> String {
        let path =
            switch error {
            case .keyNotFound(let key, let context): context.codingPath + [key]
            case .typeMismatch(_, let context), .valueNotFound(_, let context),
                .dataCorrupted(let context):
                context.codingPath
            @unknown default: [any CodingKey]()
            }
        return path.map(\.stringValue).joined(separator: ".")
    }
}

/// From which score on mentions of a type need no look: what a site says, else what the bundle says.
package typealias ReviewThresholds = [EntityType: Double]

extension Entity {
    /// Whether it says what a model's score is about: that the patient has this, or was given it.
    ///
    /// What rules take for denied, suspected, planned or somebody else's is theirs to be sure of, as is what lists
    /// and the form of doses find.
    package var claimsWhatModelScores: Bool {
        foundBy == .model && status.certainty == .positive && status.subject == .patient
    }
}
