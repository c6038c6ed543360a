// SPDX-License-Identifier: Apache-2.0
package import ClinicalTypes
package import JapaneseText
package import LinearHeads
import Tensors

/// Grades how likely each disease or drug of a case report takes part in an adverse drug event.
///
/// One linear classifier for both roles over character n-grams of the name, its surroundings and
/// its sentences, and over measures of place, cues and distance to drugs. All occurrences of a name
/// count together, as the annotators of CRADE graded them.
package struct AdverseEventGrader: TaskModel {
    /// The name under which a bundle holds the task.
    package static let taskName = "adverse-events"

    /// Everything but the weights.
    package struct Settings: Codable, Hashable, Sendable {
        /// Number of hash buckets, a power of two.
        package var buckets = 1 << 16
        /// Share of each level in the training rows.
        package var prior = [Double](repeating: 0.25, count: 4)
        /// How far the uneven shares are undone before the decision, 0 ... 1.
        package var priorCorrection = 0.85
        /// Width of the trunk's states; 0 without them.
        package var stateWidth = 0

        /// The usual settings.
        package init() {}

        /// Number of features: n-grams, measures, states of the entity and of the report.
        package var featureCount: Int {
            buckets + AdverseEventFeatures.measureRoom + 2 * stateWidth
        }
    }

    /// Everything but the weights.
    package let settings: Settings
    private let head: LinearHead

    /// A grader; the head has a class for each level.
    package init(settings: Settings, head: LinearHead) {
        precondition(head.classCount == AdverseEventLevel.allCases.count, "a class for each level")
        precondition(head.featureCount == settings.featureCount, "n-grams, measures, states")
        self.settings = settings
        self.head = head
    }

    /// The grade of every disease and drug among `entities` that the patient has or had; doses, and what
    /// is denied, somebody else's or not given, get none.
    ///
    /// What the text names as cause and effect (`pairs`) is at least `probable`, and `certain` where it is stated
    /// without a hedge; its score stays what the classifier makes of the level that is given. A disease that stands
    /// nowhere but in `histories` is `unrelated`, as are the drugs that the text clears (`cleared`). `maps`, one a level,
    /// make probabilities of the scores of levels that are the classifier's own; of what rules set they say nothing.
    package func grades(
        in reading: DocumentReading, entities: [Entity], pairs: [AdverseEventPair] = [],
        cleared: Set<Int> = [], histories: DocumentHistories = DocumentHistories(),
        maps: [ScoreMap]? = nil
    ) -> [AdverseEvent] {
        let report = AdverseEventFeatures.Report(
            reading.text, states: reading.wordStates ?? [])
        var known: [Key: (level: AdverseEventLevel, probabilities: [Double])] = [:]
        let told = Set(pairs.filter(Self.isTold).flatMap { [$0.drug, $0.disease] })
        var named: [Key: AdverseEventLevel] = [:]
        var hedged: [Key: AdverseEventLevel] = [:]
        var denied: [Key: AdverseEventLevel] = [:]
        for pair in pairs where pair.rule == .excluded {
            for key in [pair.drug, pair.disease].compactMap({ Self.key(of: entities[$0]) }) {
                // Where no culprit is stated, what a drug did not do came from none.
                let isOpen = pairs.contains { Self.isStatement($0) && $0.level >= .probable }
                let level =
                    key.role == .drug
                    ? pair.level : isOpen ? max(pair.level, .unlikely) : .unrelated
                denied[key] = max(denied[key] ?? .unrelated, level)
            }
        }
        for pair in pairs where Self.isTold(pair) {
            // What stands near is probable at most; what is stated is as sure as it is stated.
            let level = Self.isStated(pair) ? pair.level : .probable
            for key in [pair.drug, pair.disease].compactMap({ Self.key(of: entities[$0]) }) {
                named[key] = max(named[key] ?? .unrelated, level)
                if Self.isStated(pair) {
                    hedged[key] = max(hedged[key] ?? .unrelated, pair.level)
                }
            }
        }
        let stated = pairs.filter { Self.isStatement($0) && $0.level >= .probable }
        let isCleared =
            pairs.contains { $0.rule == .excluded && $0.level == .unrelated }
            && !pairs.contains { $0.rule != .excluded && $0.level >= .probable }
        let reactions = stated.map { entities[$0.disease].span.range.start }
        let sequels = pairs.filter {
            $0.rule == .afterStart && !$0.needsReview && $0.level >= .probable
        }.map { entities[$0.disease].span.range.start }
        let hasTold = pairs.contains(where: Self.isTold)
        let former = histories.numbers(of: entities, in: reading.text.cleaned)
        let present = Set(
            entities.indices.filter { !former.contains($0) }.compactMap {
                Self.key(of: entities[$0])
            })
        return entities.enumerated().compactMap { number, entity in
            guard let key = Self.key(of: entity), Self.concerns(entity) || told.contains(number)
            else { return nil }
            let role = key.role
            let grade =
                known[key]
                ?? grade(
                    surface: key.surface,
                    occurrences: SurfaceSearch.occurrences(
                        of: key.surface, in: reading.text.cleaned), report: report, role: role)
            known[key] = grade
            var level = grade.level
            // 疑われた: what is stated with a hedge is not surer than that, whatever stands around it.
            if let hedged = hedged[key] { level = min(level, hedged) }
            if named[key] == nil, let denied = denied[key] { level = min(level, denied) }
            if let named = named[key] { level = max(level, named) }
            // Where the text names a culprit, a drug that no pair names is none; least one that came later.
            if role == .drug, !stated.isEmpty,
                !pairs.contains(where: { Self.key(of: entities[$0.drug]) == key })
            {
                // All places of a name count together.
                let first =
                    entities.filter { Self.key(of: $0) == key }
                    .map(\.span.range.start).min() ?? entity.span.range.start
                let isLater = reactions.allSatisfy { $0 < first }
                let isSettled = isLater || stated.contains { $0.level == .certain }
                level = min(level, isSettled ? .unrelated : .unlikely)
            }
            // Where no culprit is stated, but a reaction came after a drug: what is named only behind it came later.
            if role == .drug, stated.isEmpty, !sequels.isEmpty,
                !pairs.contains(where: { Self.key(of: entities[$0.drug]) == key }),
                entities.allSatisfy({ other in
                    Self.key(of: other) != key
                        || sequels.allSatisfy { $0 < other.span.range.start }
                })
            {
                level = .unrelated
            }
            // 関節リウマチ, 胃癌: where a pair is told, a disease of long standing that no pair names was there before.
            if role == .disease, hasTold, Self.isOfLongStanding(key.surface),
                !pairs.contains(where: {
                    $0.level > .unrelated && Self.key(of: entities[$0.disease]) == key
                })
            {
                level = .unrelated
            }
            if role == .disease, Self.isDrugInduced(key.surface) {
                level = max(level, entity.certainty == .positive ? .probable : .unlikely)
            }
            // Where the text only denies, nothing came of a drug.
            if isCleared { level = .unrelated }
            if role == .disease, !present.contains(key) { level = .unrelated }
            if cleared.contains(number) { level = .unrelated }
            let score = grade.probabilities[level.rawValue]
            let map = level == grade.level ? maps?[level.rawValue] : nil
            return AdverseEvent(
                entityIndex: number, role: role, level: level,
                score: map?.probability(of: score) ?? score)
        }
    }

    /// Whether a name is that of a disease that goes on for years, or of a tumour.
    private static func isOfLongStanding(_ surface: String) -> Bool {
        let name = Array(surface.unicodeScalars)
        return lastings.suffix(of: name, name.indices) != nil
    }

    private static let lastings: WordList = [
        "癌", "がん", "癌骨転移", "癌術後", "肉腫", "白血病", "リンパ腫", "骨髄腫", "骨髄異形成症候群", "膠芽腫", "神経膠腫", "悪性黒色腫",
        "メラノーマ",
        "認知症", "糖尿病", "高血圧", "高血圧症", "脂質異常症", "高脂血症", "関節リウマチ", "クローン病", "潰瘍性大腸炎", "統合失調症",
        "双極性障害", "躁うつ病", "てんかん", "パーキンソン病", "レビー小体型認知症", "乾癬", "多発性硬化症", "痛風", "骨粗鬆症",
        "全身性エリテマトーデス",
        "SLE", "強皮症", "ベーチェット病", "シェーグレン症候群", "前立腺肥大症", "過活動膀胱", "緑内障", "白癬", "糸状菌症", "アトピー性皮膚炎",
        "強直性脊椎炎", "サルコイドーシス", "重症筋無力症", "三叉神経痛", "片頭痛", "帯状疱疹後神経痛", "慢性腎臓病", "バセドウ病", "橋本病",
        "子宮内膜症", "不妊症", "肥満症", "HIV感染症", "B型肝炎", "C型肝炎", "C型慢性肝炎", "B型慢性肝炎", "肺MAC症", "肺非結核性抗酸菌症",
    ]

    /// 薬剤性パーキンソニズム: a diagnosis that names its cause.
    private static func isDrugInduced(_ surface: String) -> Bool {
        ["薬剤性", "薬物性", "薬剤誘発性", "薬剤起因性"].contains { surface.hasPrefix($0) }
    }

    /// Whether an entity can take part in an event of the patient's.
    private static func concerns(_ entity: Entity) -> Bool {
        guard entity.status.subject == .patient else { return false }
        return switch entity.status.state {
        case .given, .stopped: true
        case .planned, .notGiven, .allergy: false
        case nil: [.positive, .suspicious].contains(entity.certainty)
        }
    }

    /// The grade of one name with the places where it stands, and the probability of each level.
    package func grade(
        surface: String, occurrences: [CleanedRange], report: AdverseEventFeatures.Report,
        role: AdverseEventRole
    ) -> (level: AdverseEventLevel, probabilities: [Double]) {
        let features = AdverseEventFeatures(
            surface: surface, occurrences: occurrences, report: report, role: role,
            settings: settings)
        let probabilities = Probability.correctingPrior(
            head.probabilities(features.vector), prior: settings.prior,
            strength: settings.priorCorrection)
        let median = Probability.median(probabilities)
        return (AdverseEventLevel(rawValue: median) ?? .unrelated, probabilities)
    }

    private struct Key: Hashable {
        let role: AdverseEventRole
        let surface: String
    }

    private static func key(of entity: Entity) -> Key? {
        role(of: entity.type).map { Key(role: $0, surface: entity.span.surface) }
    }

    /// Whether the text says in so many words that the drug did it.
    private static func isStated(_ pair: AdverseEventPair) -> Bool {
        isStatement(pair) && !pair.needsReview
    }

    private static func isStatement(_ pair: AdverseEventPair) -> Bool {
        [.statedCause, .namedCulprit, .rechallenge].contains(pair.rule)
    }

    /// Whether the text tells of a pair as cause and effect, not only by what stands near.
    private static func isTold(_ pair: AdverseEventPair) -> Bool {
        guard pair.level >= .probable else { return false }
        return switch pair.rule {
        case .statedCause, .namedCulprit, .rechallenge, .withdrawal: true
        // 使用し、胃潰瘍を生じた: one clause after another. What only a later sentence tells (その後) is mostly the
        // course of the disease.
        case .afterStart: !pair.needsReview || isClauseAfterClause(pair)
        case .positiveTest: !pair.needsReview
        case .excluded: false
        }
    }

    private static func isClauseAfterClause(_ pair: AdverseEventPair) -> Bool {
        let cue = pair.cue.surface.prefix { !"、，,".contains($0) }
        return ["し", "され", "された", "受けた", "していた", "受けていた", "している", "中の"].contains(cue)
    }

    private static func role(of type: EntityType) -> AdverseEventRole? {
        switch type {
        case .disease: .disease
        case .drug: .drug
        case .dose: nil
        }
    }

    // MARK: Storage

    /// Reads stored parameters; throws `TaskParameterError` naming what does not fit.
    package init(parameters: TaskParameters) throws {
        let settings = try TaskSettings.decode(
            Settings.self, from: parameters.settings, task: Self.taskName)
        try settings.check()
        self.init(
            settings: settings,
            head: try LinearHead(
                tensors: parameters.tensors, prefix: "levels", task: Self.taskName,
                classCount: AdverseEventLevel.allCases.count,
                featureCount: settings.featureCount, link: .exclusive))
    }

    /// The parameters to store.
    package func parameters() throws -> TaskParameters {
        TaskParameters(
            settings: try TaskSettings.encode(settings), tensors: head.tensors(prefix: "levels"))
    }
}

extension AdverseEventGrader.Settings {
    fileprivate func check() throws(TaskParameterError) {
        func refuse(_ field: String) -> TaskParameterError {
            .settings(task: AdverseEventGrader.taskName, field: field)
        }
        guard TaskSettings.isBucketCount(buckets) else { throw refuse("buckets") }
        guard prior.count == AdverseEventLevel.allCases.count,
            prior.allSatisfy({ (0...1).contains($0) })
        else { throw refuse("prior") }
        guard (0...2).contains(priorCorrection) else { throw refuse("priorCorrection") }
        guard (0...65536).contains(stateWidth) else { throw refuse("stateWidth") }
    }
}
