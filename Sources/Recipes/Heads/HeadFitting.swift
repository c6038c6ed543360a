// SPDX-License-Identifier: Apache-2.0
package import ClinicalTasks
import ClinicalTypes
import Corpora
package import Foundation
import HeadTraining
package import JapaneseText
package import ModelBundle
package import Tensors

/// The fitting of the heads that a recipe asks for, from labelled rows, on a trained trunk.
package struct HeadFitting {
    /// Rows or terms that heads learn from, in the layout of the data directory.
    struct LabelledSource: Hashable {
        let file: String
        let licence: String
        let tasks: [String]
    }

    /// The rows and dictionaries of each task, with the licences that their authors state.
    static let labelledSources = [
        LabelledSource(
            file: "jmed-llm/train/nrner.jsonl", licence: "CC BY-NC-SA 4.0",
            tasks: [EntityRecognizer.taskName]),
        LabelledSource(
            file: "jmed-llm/train/mrner_disease.jsonl", licence: "CC BY 4.0",
            tasks: [EntityRecognizer.taskName]),
        LabelledSource(
            file: "jmed-llm/train/mrner_medicine.jsonl", licence: "CC BY 4.0",
            tasks: [EntityRecognizer.taskName]),
        LabelledSource(
            file: "dictionaries/disease.tsv", licence: "CC BY 4.0",
            tasks: [EntityRecognizer.taskName]),
        LabelledSource(
            file: "dictionaries/MedDic-CANCER-DRUG-JA_202306.csv", licence: "MIT",
            tasks: [EntityRecognizer.taskName]),
        LabelledSource(
            file: "dictionaries/drugs-nhi-2025-07.csv",
            licence: "public data (Japan's price list of drugs), compatible with CC BY 4.0",
            tasks: [MentionLexicon.taskName]),
        LabelledSource(
            file: "jmed-llm/train/rrtnm.jsonl", licence: "CC BY 4.0",
            tasks: [TNMClassifier.taskName]),
        LabelledSource(
            file: "jmed-llm/train/crade.jsonl", licence: "CC BY 4.0",
            tasks: [AdverseEventGrader.taskName]),
        LabelledSource(
            file: "jmed-llm/train/jcsts.jsonl", licence: "CC BY-NC-SA 4.0",
            tasks: [SimilarityJudge.taskName]),
        LabelledSource(
            file: "jmed-llm/train/smdis.jsonl", licence: "CC BY 4.0",
            tasks: [SymptomDetector.taskName]),
    ]

    private let recipe: HeadRecipe
    private let data: URL
    private let analyzer: TextAnalyzer
    private let states: (AnalyzedText) throws -> [Tensor]
    private let stateWidth: Int

    /// A fitting; `analyzer` cleans with the profile that the bundle will read documents with, and
    /// `states` gives the trunk's word states of a text, (words, C) a sentence.
    package init(
        _ recipe: HeadRecipe, data: URL, analyzer: TextAnalyzer, stateWidth: Int,
        states: @escaping (AnalyzedText) throws -> [Tensor]
    ) {
        self.recipe = recipe
        self.data = data
        self.analyzer = analyzer
        self.states = states
        self.stateWidth = stateWidth
    }

    /// The names of the tasks that the recipe asks for, in the order in which they are fitted.
    package var taskNames: [String] {
        Self.knownTasks.filter { recipe.heads[$0] == true }
    }

    /// What the heads are made from, for the manifest.
    package func sources() throws -> [BundleManifest.Source] {
        let rows = try HeadRows(recipe, data: data)
        let published = try labelled().map { source in
            BundleManifest.Source(
                name: source.file, licence: source.licence, usedFor: source.tasks,
                rows: try rows.count(ofFile: source.file)
                    ?? String(
                        contentsOf: data.appending(path: source.file), encoding: .utf8
                    ).split(separator: "\n").count)
        }
        let own = rows.ownFiles(for: Set(taskNames)).map { file, tasks, count in
            BundleManifest.Source(
                name: file.file, licence: file.licence, usedFor: tasks, rows: count)
        }
        return published + own
    }

    /// Fits all heads; `begin` is told of each task before it starts.
    ///
    /// All rows are read before the first fit. A task whose rows the licences exclude is left out. Throws the
    /// errors of the tasks' fittings, `CorpusError` and ``OwnRowsError``.
    package func fit(begin: (String) throws -> Void) throws -> TaskSet {
        var cache: [String: AnalyzedText] = [:]
        func analyze(_ text: String) -> AnalyzedText {
            if let known = cache[text] { return known }
            let new = analyzer.analyze(text)
            cache[text] = new
            return new
        }
        let known = try HeadRows(recipe, data: data)
        var tasks = TaskSet()
        for name in taskNames {
            if name == MentionLexicon.taskName {
                try begin(name)
                tasks.mentions = try mentionLexicon()
                continue
            }
            let rows = known.rows(of: name)
            let documents =
                name == EntityRecognizer.taskName ? known.documents(analyze: analyze) : []
            guard !rows.isEmpty || !documents.isEmpty else {
                if licencesExclude(name) { continue }
                throw OwnRowsError.noRows(task: name)
            }
            try begin(name)
            let stateReader = recipe.trunkStates[name] == true ? states : nil
            switch name {
            case EntityRecognizer.taskName:
                tasks.entities = try EntityTraining().fit(
                    EntityDocument.documents(rows, analyze: analyze) + documents,
                    dictionaries: dictionaries(), states: stateReader)
            case TNMClassifier.taskName:
                tasks.tnm = try TNMTraining.fit(rows: rows, analyze: analyze)
            case AdverseEventGrader.taskName:
                var settings = AdverseEventGrader.Settings()
                settings.stateWidth = stateReader == nil ? 0 : stateWidth
                tasks.adverseEvents = try AdverseEventTraining.fit(
                    rows: rows, analyze: analyze, settings: settings, states: stateReader)
            case SimilarityJudge.taskName:
                tasks.similarity = try SimilarityTraining.fit(rows: rows, analyze: analyze)
            default:
                tasks.symptoms = try SymptomTraining.fit(rows: rows, analyze: analyze)
            }
        }
        return tasks
    }

    /// The files that a bundle gets besides: the rows that are held out as its golden set, where the recipe wants one.
    ///
    /// Throws ``OwnRowsError`` where no row can stand in it.
    package func files() throws -> [String: Data] {
        guard recipe.sources.makesGoldenSet, let fold = recipe.sources.holdOut else { return [:] }
        let rows = try HeadRows(recipe, data: data).heldOut
        return [HeldOutGoldenSet.fileName: try HeldOutGoldenSet(rows, fold: fold).content]
    }

    private func labelled() -> [LabelledSource] { Self.labelled(recipe) }

    /// What a recipe's heads learn from.
    static func labelled(_ recipe: HeadRecipe) -> [LabelledSource] {
        let names = Set(recipe.heads.filter(\.value).keys)
        return labelledSources.filter {
            recipe.sources.takes($0) && !names.isDisjoint(with: $0.tasks)
        }
    }

    /// Whether nothing but licences leaves a task without rows.
    private func licencesExclude(_ task: String) -> Bool {
        recipe.sources.published == .all && !recipe.sources.excludedLicences.isEmpty
            && !labelled().contains { $0.tasks.contains(task) && $0.file.hasSuffix(".jsonl") }
    }

    /// The names of the tasks that have heads.
    static let knownTasks = [
        EntityRecognizer.taskName, TNMClassifier.taskName, AdverseEventGrader.taskName,
        SimilarityJudge.taskName, SymptomDetector.taskName, MentionLexicon.taskName,
    ]

    /// The names of the tasks whose heads can see the trunk's states, in training and in serving.
    static let tasksWithStates = [EntityRecognizer.taskName, AdverseEventGrader.taskName]

    /// The names of drugs; nil where the licences leave their list out.
    private func mentionLexicon() throws -> MentionLexicon? {
        guard let source = labelled().first(where: { $0.tasks.contains(MentionLexicon.taskName) })
        else {
            guard recipe.sources.published == .none else { return nil }
            throw OwnRowsError.noRows(task: MentionLexicon.taskName)
        }
        return try MentionLexicon(
            drugs: DrugPriceList.terms(
                data.appending(path: source.file), cleaner: analyzer.cleaner),
            edition: Self.edition(ofFile: source.file))
    }

    /// The year and month that a list's name ends in: `drugs-nhi-2025-07.csv`.
    static func edition(ofFile name: String) -> String? {
        name.firstMatch(of: /([0-9]{4}-[0-9]{2})\.[a-z]+$/).map { String($0.1) }
    }

    private func dictionaries() throws -> [EntityType: TermTable] {
        let cleaner = analyzer.cleaner
        var tables: [EntityType: TermTable] = [:]
        for source in labelled() where source.tasks.contains(EntityRecognizer.taskName) {
            let file = data.appending(path: source.file)
            if source.file.hasSuffix(".tsv") {
                tables[.disease] = try EntityTraining.diseaseTerms(file, cleaner: cleaner)
            } else if source.file.hasSuffix(".csv") {
                tables[.drug] = try EntityTraining.drugTerms(file, cleaner: cleaner)
            }
        }
        return tables
    }
}
