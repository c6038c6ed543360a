// SPDX-License-Identifier: Apache-2.0
package import ClinicalTypes
package import LinearHeads
package import Terminology

/// The tasks that a model can do, each read from the parameters of a bundle.
package struct TaskSet: Sendable {
    /// Diseases, drugs and doses with their places.
    package var entities: EntityRecognizer?
    /// The same by a published model's own head, for a model without an `EntityRecognizer`.
    package var tagger: EntityTagger?
    /// TNM of lung cancer.
    package var tnm: TNMClassifier?
    /// The same by a model that follows instructions, which then answers instead.
    package var instructedStage: StageInstruction?
    /// Levels of adverse drug events.
    package var adverseEvents: AdverseEventGrader?
    /// How far two texts mean the same.
    package var similarity: SimilarityJudge?
    /// Symptoms in messages.
    package var symptoms: SymptomDetector?
    /// Names by which mentions are found that the entity head overlooks.
    package var mentions: MentionLexicon?
    /// What makes probabilities of scores; nil for scores as the heads give them.
    package var calibration: ScoreCalibration?
    /// From which score on mentions need no look, where it is not for the calibration to say.
    package var reviewBelow: ReviewThresholds = [:]

    /// A set of the given tasks.
    package init(
        entities: EntityRecognizer? = nil, tnm: TNMClassifier? = nil,
        adverseEvents: AdverseEventGrader? = nil, similarity: SimilarityJudge? = nil,
        symptoms: SymptomDetector? = nil, mentions: MentionLexicon? = nil
    ) {
        self.entities = entities
        self.tnm = tnm
        self.adverseEvents = adverseEvents
        self.similarity = similarity
        self.symptoms = symptoms
        self.mentions = mentions
    }

    /// The tasks for which there are parameters under their names; other names are passed over.
    ///
    /// Throws `TaskParameterError` for parameters that do not fit.
    package init(parameters: [String: TaskParameters]) throws {
        func task<Model: TaskModel>(_ type: Model.Type) throws -> Model? {
            try parameters[type.taskName].map { try type.init(parameters: $0) }
        }
        self.init(
            entities: try task(EntityRecognizer.self), tnm: try task(TNMClassifier.self),
            adverseEvents: try task(AdverseEventGrader.self),
            similarity: try task(SimilarityJudge.self), symptoms: try task(SymptomDetector.self),
            mentions: try task(MentionLexicon.self))
    }

    /// Whether any task was fitted with the trunk's states of words.
    package var usesWordStates: Bool { stateWidths.contains { ($0.width ?? 0) > 0 } }

    /// The entities that the model's recognizer, or else its tagger, finds.
    package func foundEntities(in reading: DocumentReading) -> [Entity] {
        entities?.entities(in: reading) ?? tagger?.entities(in: reading) ?? []
    }

    /// What makes mentions of the entities, with all dictionaries of the model.
    private var mentionReader: MentionReader {
        var terms = (entities?.features.tables.terms ?? [:]).mapValues { [$0] }
        if let drugs = mentions?.drugs { terms[.drug, default: []].append(drugs) }
        return MentionReader(terms: terms)
    }

    /// The codes of the model's dictionaries.
    private var codes: CarriedCodes {
        CarriedCodes(diseases: entities?.features.tables.terms[.disease], drugs: mentions)
    }

    /// What the tasks that are asked find in a document; likeness to others needs the others.
    ///
    /// `normalizer` gives entities their standard names.
    package func findings(
        in reading: DocumentReading, asked: Set<ClinicalTask>, normalizer: TermNormalizer? = nil
    ) -> Findings {
        var findings = Findings()
        let headings = SectionHeadings(
            reading.text, declared: DeclaredSections.marked(by: reading.document.source))
        if asked.contains(.entities) {
            let mentions = mentionReader.mentions(
                in: reading.text, found: foundEntities(in: reading), headings: headings
            ).map { scored(codes.coded($0, in: reading.text)) }
            findings.entities = normalizer.map { mentions.map($0.normalized) } ?? mentions
        }
        if asked.contains(.tnm) {
            let stage =
                instructedStage.map { instruction in
                    reading.instructed.map { instruction.stage($0, of: reading.text) }
                } ?? tnm?.stage(of: reading.text, histories: headings.histories)
            // Most records have nothing to do with a lung cancer: that one was not staged is said of reports only.
            // Others tell of a course, so that what they do not state in so many words is for a person to look at.
            findings.tnm =
                reading.document.kind == .radiology
                    || stage?.reason == .notAnswered
                ? stage : stage.flatMap { $0.tellsCategory ? $0.reviewingInferred : nil }
        }
        if asked.contains(.adverseEvents), let adverseEvents {
            let pairs = DrugReactions.pairs(
                of: findings.entities, in: reading.text, histories: headings.histories)
            findings.adverseEventPairs = pairs
            findings.adverseEvents = adverseEvents.grades(
                in: reading, entities: findings.entities, pairs: pairs,
                cleared: DrugReactions.cleared(
                    of: findings.entities, in: reading.text, pairs: pairs),
                histories: headings.histories, maps: calibration?.adverseEvents)
        }
        if asked.contains(.similarity), similarity != nil {
            let profile = SentenceProfile(reading.text)
            findings.similarityBands = SimilaritySignature(of: profile).bands()
            findings.profile = profile
        }
        return findings
    }

    /// A mention with its score as a probability, and up for review where that is low.
    private func scored(_ mention: Entity) -> Entity {
        guard mention.foundBy == .model else { return mention }
        var mention = mention
        let scores = calibration?[mention.type]
        if let scores { mention.score = scores.map.probability(of: mention.score) }
        if mention.claimsWhatModelScores,
            let threshold = reviewBelow[mention.type] ?? scores?.reviewBelow,
            mention.score < threshold
        {
            mention.needsReview = true
        }
        return mention
    }

    /// How alike two texts are, the score of the level as a probability.
    package func verdict(on a: SentenceProfile, _ b: SentenceProfile) -> SimilarityJudge.Verdict? {
        guard var verdict = similarity?.judge(a, b) else { return nil }
        if let maps = calibration?.similarity {
            verdict.score = maps[verdict.level].probability(of: verdict.score)
        }
        return verdict
    }

    private var stateWidths: [(task: String, width: Int?)] {
        [
            (EntityRecognizer.taskName, entities?.stateWidth),
            (AdverseEventGrader.taskName, adverseEvents?.settings.stateWidth),
            (SymptomDetector.taskName, symptoms?.settings.stateWidth),
        ]
    }

    /// Makes sure that a trunk whose states have `width` numbers is the one that the tasks need.
    ///
    /// Throws `TaskParameterError.settings` naming the first task that was fitted to other states;
    /// tasks that do without states fit any trunk. Without a trunk `width` is 0.
    package func check(stateWidth width: Int) throws(TaskParameterError) {
        for task in stateWidths where ![nil, 0, width].contains(task.width) {
            throw .settings(task: task.task, field: "stateWidth")
        }
    }

    /// The parameters of every task that is there, by name.
    package func parameters() throws -> [String: TaskParameters] {
        var parameters: [String: TaskParameters] = [:]
        func add<Model: TaskModel>(_ task: Model?) throws {
            if let task { parameters[Model.taskName] = try task.parameters() }
        }
        try add(entities)
        try add(tnm)
        try add(adverseEvents)
        try add(similarity)
        try add(symptoms)
        try add(mentions)
        return parameters
    }
}
