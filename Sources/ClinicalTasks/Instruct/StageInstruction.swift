// SPDX-License-Identifier: Apache-2.0
package import ClinicalTypes
import Foundation
import JSONFiles
package import JapaneseText
package import LinearHeads

/// TNM of lung cancer by a model that follows instructions: what it is asked, and what its answer means.
///
/// The answer is JSON by `schema`: a category or null for each axis, and the words of the text that say so, which
/// can be nothing but words of the text. Stage groups follow by the written table.
package struct StageInstruction: Sendable {
    /// What a bundle stores.
    package struct Settings: Codable, Hashable, Sendable {
        /// The system's message; nil for none.
        package var system: String?
        /// The question, with `{text}` where the text belongs.
        package var prompt: String
        /// The most tokens of question and answer together; a longer document gets no answer and is for review.
        package var documentTokens: Int
        /// The most tokens of the answer, which are part of these.
        package var answerTokens: Int

        /// Settings.
        package init(
            system: String? = nil, prompt: String = StageInstruction.prompt,
            documentTokens: Int = 4096, answerTokens: Int = 256
        ) {
            (self.system, self.prompt) = (system, prompt)
            (self.documentTokens, self.answerTokens) = (documentTokens, answerTokens)
        }

        /// The field that does not fit; nil if all do.
        package var firstFault: String? {
            if prompt.ranges(of: StageInstruction.placeholder).count != 1 { return "prompt" }
            if !(1...1 << 20).contains(documentTokens) { return "documentTokens" }
            return (16..<max(17, documentTokens)).contains(answerTokens) ? nil : "answerTokens"
        }
    }

    /// Where the text belongs in a prompt.
    package static let placeholder = "{text}"

    /// The usual question.
    package static let prompt = """
        次の文書に書かれた肺癌の病期（TNM分類）を、T・N・Mとその根拠となる本文の語句で答えてください。\
        肺癌の病期に関わる記載がなければnullとしてください。

        {text}
        """

    /// The rule that stands beside evidence which such a model gives.
    package static let rule = "instructed"

    private static let categories: [TNMAxis: [String]] = [
        .t: [
            "TX", "T0", "Tis", "T1mi", "T1", "T1a", "T1b", "T1c", "T2", "T2a", "T2b", "T3", "T4",
        ],
        .n: ["NX", "N0", "N1", "N2", "N2a", "N2b", "N3"],
        .m: ["MX", "M0", "M1", "M1a", "M1b", "M1c", "M1c1", "M1c2"],
    ]

    /// The JSON Schema of an answer.
    package static var schema: String {
        let parts = TNMAxis.allCases.map { axis in
            let words = (categories[axis] ?? []).map { "\"\($0)\"" }.joined(separator: ",")
            return """
                "\(name(axis))":{"enum":[null,\(words)]},\
                "\(name(axis))_evidence":{"type":["null","string"],"withinDocument":true}
                """
        }
        return "{\"type\":\"object\",\"properties\":{\(parts.joined(separator: ","))}}"
    }

    private static func name(_ axis: TNMAxis) -> String { axis.rawValue.lowercased() }

    /// What is asked.
    package let settings: Settings
    /// The edition of the stage groups.
    package var edition = StageGroups.Edition.eighth

    /// Reads what a bundle stores; throws `TaskParameterError`.
    package init(parameters: TaskParameters) throws(TaskParameterError) {
        settings = try TaskSettings.decode(
            Settings.self, from: parameters.settings, task: TNMClassifier.taskName)
        if let fault = settings.firstFault {
            throw .settings(task: TNMClassifier.taskName, field: fault)
        }
    }

    /// An instruction.
    package init(settings: Settings) { self.settings = settings }

    /// The stage that an answer tells.
    ///
    /// What was not answered is for a person to look at on all axes, and a category without words of the text that say
    /// so on its own. The model gives no confidence, so scores are 0.
    package func stage(_ answer: InstructedAnswer, of text: AnalyzedText) -> TNMStage {
        guard case .answered(let json) = answer,
            let value = try? JSONValue(parsing: Array(json.utf8))
        else { return unstaged(.notAnswered, needsReview: TNMAxis.allCases) }
        var told: [TNMAxis: String] = [:]
        var evidence: [TNMEvidence] = []
        var doubts: [TNMAxis] = []
        for axis in TNMAxis.allCases {
            guard case .string(let category)? = value[Self.name(axis)] else { continue }
            told[axis] = category
            var words = ""
            if case .string(let found)? = value[Self.name(axis) + "_evidence"] { words = found }
            let span = Self.place(of: words, in: text)
            evidence.append(
                TNMEvidence(axis: axis, category: category, rule: Self.rule, span: span))
            if span == nil { doubts.append(axis) }
        }
        guard !told.isEmpty else { return unstaged(.noLungCancer, needsReview: []) }
        let (t, n, m) = (told[.t] ?? "TX", told[.n] ?? "NX", told[.m] ?? "MX")
        let outcome = StageGroups.group(t: t, n: n, m: m, edition: edition)
        return TNMStage(
            t: t, n: n, m: m, stage: outcome.name, reason: outcome.reason,
            edition: edition.rawValue, tScore: 0, nScore: 0, mScore: 0, evidence: evidence,
            needsReview: doubts)
    }

    private func unstaged(_ reason: NoStageReason, needsReview: [TNMAxis]) -> TNMStage {
        TNMStage(
            t: nil, n: nil, m: nil, stage: nil, reason: reason, edition: edition.rawValue,
            tScore: 0, nScore: 0, mScore: 0, evidence: [], needsReview: needsReview)
    }

    /// Where words of the cleaned text first stand, in the source; nil for none.
    private static func place(of words: String, in text: AnalyzedText) -> TextSpan? {
        let words = Array(words.unicodeScalars)
        let scalars = text.cleaned.scalars
        guard !words.isEmpty,
            words.contains(where: { !$0.properties.isWhitespace }),
            let start = scalars.indices.first(where: { start in
                start + words.count <= scalars.count
                    && scalars[start..<start + words.count].elementsEqual(words)
            })
        else { return nil }
        return text.textSpan(of: CleanedRange(start: start, end: start + words.count))
    }
}
